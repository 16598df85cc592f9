package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import (
	"strings"
	"time"
)

// IsValidID tells whether a text is a token ID: [a-z0-9]{6}. It allocates nothing.
func IsValidID(id string) bool {
	return bool(C.bootstrap_token_id_is_valid(chars(id), size(id)))
}

// IsValidGroup tells whether a text is an extra group: system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]. It allocates
// nothing.
func IsValidGroup(group string) bool {
	return bool(C.bootstrap_token_group_is_valid(chars(group), size(group)))
}

// IDInSecretName is the token ID in the name of a Secret.
//
// It fails with [ErrSecretWrongName] if the name is not bootstrap-token- and a token ID.
func IDInSecretName(name string) (string, error) {
	var buffer [C.BOOTSTRAP_TOKEN_ID_SIZE]C.char
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_copy_id_in_secret_name(chars(name), size(name), &buffer[0], C.size_t(len(buffer)), &reason)
	if err := failure(code, reason); err != nil {
		return "", err
	}
	return borrowed(&buffer[0], C.size_t(len(buffer)-1)), nil
}

// Identity gives the groups that a token's bearer is in, by the value of auth-extra-groups in its Secret: sorted, none
// twice, system:bootstrappers among them.
//
// It fails with [ErrBadGroup], for which the API server refuses the token.
func Identity(extraGroups string) ([]string, error) {
	var groups *C.bootstrap_token_bytes
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_groups_identity(chars(extraGroups), size(extraGroups), &groups, &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	return strings.Split(view(taken(groups)), ","), nil
}

// Remaining is how much time is left to a token, by the value of expiration in its Secret: RFC 3339, or empty for a token
// that never expires. For ever, and more than 292 years, is the longest duration.
//
// It fails with [ErrSecretMalformedExpiration], for which the cluster takes a token as expired, with [ErrExpired] when
// nothing is left, and with [ErrInvalidArgument] for a now before 1970, such as the zero time.
func Remaining(expiration string, now time.Time) (time.Duration, error) {
	var nanoseconds C.int64_t
	var reason *C.bootstrap_token_error
	C.bootstrap_token_expiration_check(chars(expiration), size(expiration),
		C.int64_t(now.Unix()), C.uint32_t(now.Nanosecond()), &nanoseconds, &reason)
	return time.Duration(nanoseconds), checked(nanoseconds > 0, reason)
}
