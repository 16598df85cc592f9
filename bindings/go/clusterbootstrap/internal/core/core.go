// Package core asks libbootstrap_token. It is all that the packages of this module know of C.
package core

/*
#cgo !static_build pkg-config: bootstrap_token
#cgo static_build pkg-config: bootstrap_token-static
#include <bootstrap_token.h>

#cgo noescape bootstrap_token_is_valid
#cgo nocallback bootstrap_token_is_valid
#cgo noescape bootstrap_token_id_is_valid
#cgo nocallback bootstrap_token_id_is_valid
#cgo noescape bootstrap_token_group_is_valid
#cgo nocallback bootstrap_token_group_is_valid
#cgo noescape bootstrap_token_usage_parse
#cgo nocallback bootstrap_token_usage_parse
#cgo noescape bootstrap_token_id_in_secret_name
#cgo nocallback bootstrap_token_id_in_secret_name
#cgo noescape bootstrap_token_expiration_remaining
#cgo nocallback bootstrap_token_expiration_remaining
#cgo noescape bootstrap_token_jws_verify_with_key
#cgo nocallback bootstrap_token_jws_verify_with_key
*/
import "C"

import (
	"errors"
	"runtime"
	"strings"
	"time"
	"unsafe"
)

func init() {
	if found := C.bootstrap_token_abi_version(); found != C.BOOTSTRAP_TOKEN_ABI_VERSION {
		panic("k8s.io/cluster-bootstrap: libbootstrap_token has another ABI than the header this program was built with")
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
	result := C.bootstrap_token_jws_verify_with_key(idAt, idSize, keyAt, keySize, contentAt, contentSize, jwsAt, jwsSize, nil)
	runtime.KeepAlive([4]string{jws, content, id, key})
	return result == C.BOOTSTRAP_TOKEN_RESULT_OK
}

// IDInSecretName is the token ID in the name of a Secret.
func IDInSecretName(name string) (string, bool) {
	at, size := text(name)
	var buffer [C.BOOTSTRAP_TOKEN_ID_SIZE]C.char
	result := C.bootstrap_token_id_in_secret_name(at, size, &buffer[0], C.size_t(len(buffer)), nil)
	runtime.KeepAlive(name)
	if result != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return "", false
	}
	return C.GoString(&buffer[0]), true
}

// Remaining is the time left until an expiration; false if there is none left, or the text is no time.
func Remaining(expiration string, now time.Time) (time.Duration, bool) {
	at, size := text(expiration)
	var left C.int64_t
	result := C.bootstrap_token_expiration_remaining(at, size, C.int64_t(now.Unix()), C.uint32_t(now.Nanosecond()), &left, nil)
	runtime.KeepAlive(expiration)
	if result != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return 0, false
	}
	return time.Duration(left), true
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
