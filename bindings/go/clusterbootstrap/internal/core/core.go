// Package core asks libbootstrap_token. It is all that the packages of this module know of C.
//
// It is not the package bootstraptoken, so that go.mod of a program that stands this module in for upstream's names no other
// module: what a replaced module requires has to be replaced there, too.
package core

/*
#cgo !static_build pkg-config: bootstrap_token
#cgo static_build pkg-config: bootstrap_token-static
#include <bootstrap_token.h>

// No function keeps a pointer to Go memory, and none calls back. The buffer for a token escapes all the same: of what lies
// on a stack, a growing stack leaves a copy behind.
#cgo noescape bootstrap_token_abi_version
#cgo nocallback bootstrap_token_abi_version
#cgo noescape bootstrap_token_bytes_data
#cgo nocallback bootstrap_token_bytes_data
#cgo noescape bootstrap_token_bytes_free
#cgo nocallback bootstrap_token_bytes_free
#cgo noescape bootstrap_token_bytes_len
#cgo nocallback bootstrap_token_bytes_len
#cgo noescape bootstrap_token_copy_id_in_secret_name
#cgo nocallback bootstrap_token_copy_id_in_secret_name
#cgo noescape bootstrap_token_error_free
#cgo nocallback bootstrap_token_error_free
#cgo noescape bootstrap_token_error_message
#cgo nocallback bootstrap_token_error_message
#cgo noescape bootstrap_token_expiration_check
#cgo nocallback bootstrap_token_expiration_check
#cgo nocallback bootstrap_token_expose_text
#cgo noescape bootstrap_token_free
#cgo nocallback bootstrap_token_free
#cgo noescape bootstrap_token_generate
#cgo nocallback bootstrap_token_generate
#cgo noescape bootstrap_token_group_is_valid
#cgo nocallback bootstrap_token_group_is_valid
#cgo noescape bootstrap_token_groups_identity
#cgo nocallback bootstrap_token_groups_identity
#cgo noescape bootstrap_token_id_is_valid
#cgo nocallback bootstrap_token_id_is_valid
#cgo noescape bootstrap_token_is_valid
#cgo nocallback bootstrap_token_is_valid
#cgo noescape bootstrap_token_jws_check_with_key
#cgo nocallback bootstrap_token_jws_check_with_key
#cgo noescape bootstrap_token_jws_sign_with_key
#cgo nocallback bootstrap_token_jws_sign_with_key
#cgo noescape bootstrap_token_usage_parse
#cgo nocallback bootstrap_token_usage_parse
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unsafe"
)

func init() {
	if found := C.bootstrap_token_abi_version(); found != C.BOOTSTRAP_TOKEN_ABI_VERSION {
		panic(fmt.Sprintf("k8s.io/cluster-bootstrap: libbootstrap_token has ABI %d, this program was built for ABI %d: "+
			"install the library it was built with, or build it anew", found, C.BOOTSTRAP_TOKEN_ABI_VERSION))
	}
}

// text is a Go string as C takes one.
func text(s string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
}

// IsToken tells whether a text is a token.
func IsToken(s string) bool {
	at, size := text(s)
	valid := bool(C.bootstrap_token_is_valid(at, size))
	runtime.KeepAlive(s)
	return valid
}

// IsID tells whether a text is a token ID.
func IsID(s string) bool {
	at, size := text(s)
	valid := bool(C.bootstrap_token_id_is_valid(at, size))
	runtime.KeepAlive(s)
	return valid
}

// IsGroup tells whether a text is an extra group.
func IsGroup(s string) bool {
	at, size := text(s)
	valid := bool(C.bootstrap_token_group_is_valid(at, size))
	runtime.KeepAlive(s)
	return valid
}

// IsUsage tells whether a text is a usage.
func IsUsage(s string) bool {
	at, size := text(s)
	var bit C.uint32_t
	result := C.bootstrap_token_usage_parse(at, size, &bit, nil)
	runtime.KeepAlive(s)
	return result == C.BOOTSTRAP_TOKEN_RESULT_OK
}

// Generate draws a token.
func Generate() (string, error) {
	var token *C.bootstrap_token
	var failure *C.bootstrap_token_error
	if C.bootstrap_token_generate(&token, &failure) != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return "", taken(failure)
	}
	defer C.bootstrap_token_free(token)
	var buffer [C.BOOTSTRAP_TOKEN_TEXT_SIZE]C.char
	if C.bootstrap_token_expose_text(token, &buffer[0], C.size_t(len(buffer)), &failure) != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return "", taken(failure)
	}
	exposed := C.GoString(&buffer[0])
	clear(buffer[:])
	return exposed, nil
}

// Sign signs a content under a token ID with a key.
func Sign(content, id, key string) (string, error) {
	contentAt, contentSize := text(content)
	idAt, idSize := text(id)
	keyAt, keySize := text(key)
	var jws *C.bootstrap_token_bytes
	var failure *C.bootstrap_token_error
	result := C.bootstrap_token_jws_sign_with_key(idAt, idSize, keyAt, keySize, contentAt, contentSize, &jws, &failure)
	runtime.KeepAlive([3]string{content, id, key})
	if result != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return "", taken(failure)
	}
	return freed(jws), nil
}

// Verify tells whether a detached JWS is what Sign makes.
func Verify(jws, content, id, key string) bool {
	jwsAt, jwsSize := text(jws)
	contentAt, contentSize := text(content)
	idAt, idSize := text(id)
	keyAt, keySize := text(key)
	var isValid C.bool
	C.bootstrap_token_jws_check_with_key(idAt, idSize, keyAt, keySize, contentAt, contentSize, jwsAt, jwsSize, &isValid, nil)
	runtime.KeepAlive([4]string{jws, content, id, key})
	return bool(isValid)
}

// IDInSecretName is the token ID in the name of a Secret.
func IDInSecretName(name string) (string, bool) {
	at, size := text(name)
	var buffer [C.BOOTSTRAP_TOKEN_ID_SIZE]C.char
	result := C.bootstrap_token_copy_id_in_secret_name(at, size, &buffer[0], C.size_t(len(buffer)), nil)
	runtime.KeepAlive(name)
	if result != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return "", false
	}
	return C.GoString(&buffer[0]), true
}

// Remaining is the time left until an expiration; false if there is none left, the text is no time, or now is before 1970.
func Remaining(expiration string, now time.Time) (time.Duration, bool) {
	at, size := text(expiration)
	var left C.int64_t
	C.bootstrap_token_expiration_check(at, size, C.int64_t(now.Unix()), C.uint32_t(now.Nanosecond()), &left, nil)
	runtime.KeepAlive(expiration)
	return time.Duration(left), left > 0
}

// Groups are those that a token's bearer is in, by the value of auth-extra-groups.
func Groups(extraGroups string) ([]string, error) {
	at, size := text(extraGroups)
	var groups *C.bootstrap_token_bytes
	var failure *C.bootstrap_token_error
	result := C.bootstrap_token_groups_identity(at, size, &groups, &failure)
	runtime.KeepAlive(extraGroups)
	if result != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return nil, taken(failure)
	}
	return strings.Split(freed(groups), ","), nil
}

func freed(bytes *C.bootstrap_token_bytes) string {
	defer C.bootstrap_token_bytes_free(bytes)
	return C.GoStringN(C.bootstrap_token_bytes_data(bytes), C.int(C.bootstrap_token_bytes_len(bytes)))
}

func taken(failure *C.bootstrap_token_error) error {
	defer C.bootstrap_token_error_free(failure)
	return errors.New(C.GoString(C.bootstrap_token_error_message(failure)))
}
