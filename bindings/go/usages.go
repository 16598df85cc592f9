package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import (
	"strconv"
	"strings"
)

// Usages is what a token may be used for.
type Usages uint32

const (
	// UsageAuthentication lets the token be a bearer token at the API server.
	UsageAuthentication Usages = C.BOOTSTRAP_TOKEN_USAGE_AUTHENTICATION
	// UsageSigning lets the token be the key that signs cluster-info.
	UsageSigning Usages = C.BOOTSTRAP_TOKEN_USAGE_SIGNING
)

// ParseUsage gives a usage by its name, authentication or signing.
//
// It fails with [ErrUnknownUsage].
func ParseUsage(name string) (Usages, error) {
	var usage C.uint32_t
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_usage_parse(chars(name), size(name), &usage, &reason)
	if err := failure(code, reason); err != nil {
		return 0, err
	}
	return Usages(usage), nil
}

// String is the names as kubeadm writes them, such as signing,authentication.
func (u Usages) String() string {
	var names []string
	for _, named := range []struct {
		usage Usages
		name  string
	}{{UsageSigning, "signing"}, {UsageAuthentication, "authentication"}} {
		if u&named.usage != 0 {
			names = append(names, named.name)
			u &^= named.usage
		}
	}
	if u != 0 {
		names = append(names, strconv.FormatUint(uint64(u), 10))
	}
	return strings.Join(names, ",")
}
