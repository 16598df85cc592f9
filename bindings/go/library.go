// Package bootstraptoken makes, reads and checks Kubernetes bootstrap tokens: the short secrets by which a cluster lets
// a new machine in. It parses and generates tokens, writes and reads their Secrets, signs and verifies cluster-info, and
// checks a cluster before a machine joins it. It needs no cluster and no network: bytes in, bytes out.
//
// Every rule stands in the C library libbootstrap_token; this package asks it, mostly by one call a method. A method
// that returns a list makes one for each entry.
//
// Token, Record, SecretList and Cluster hold memory of that library: Close them. One that is forgotten is freed when
// the garbage collector finds it. All of them may be used by several goroutines at once, Close included. After Close a
// method that returns an error returns [ErrClosed], any other the zero value, but for two that speak against the token:
// Weakness says OtherWeakness, and IsExpired true.
//
// No error and nothing that package fmt or encoding/json prints of them holds a token secret. What does is returned by
// methods with Expose in their name.
package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import "fmt"

// A program that runs with a library of another ABI must not get further than this, as with none at all.
func init() {
	if err := checkABI(uint32(C.bootstrap_token_abi_version())); err != nil {
		panic(err)
	}
}

func checkABI(library uint32) error {
	if library != C.BOOTSTRAP_TOKEN_ABI_VERSION {
		return fmt.Errorf("bootstraptoken: libbootstrap_token %s has ABI %d, this program was built for ABI %d: "+
			"install the library it was built with, or build it anew", Version(), library, C.BOOTSTRAP_TOKEN_ABI_VERSION)
	}
	return nil
}

// Version is the version of the C library, such as 0.1.0.
func Version() string {
	return C.GoString(C.bootstrap_token_version())
}
