package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import "errors"

// ErrClosed is the error of every use of a value after its Close, of a nil or zero value, and of a copy of what a pointer
// leads to.
var ErrClosed = errors.New("bootstraptoken: the value is closed, nil, or a copy of another")

// ErrBorrowed is the error of changing a [Record] that belongs to a [SecretList].
var ErrBorrowed = errors.New("bootstraptoken: the record belongs to a list and cannot be changed")

// ErrZeroTime is the error of [Record.SetExpiration] to the zero time, which is a forgotten one rather than a moment.
var ErrZeroTime = errors.New("bootstraptoken: the expiration is the zero time; ClearExpiration is for a token that never expires")

// An Error tells why the library refused a call: what was found, where, and what is wanted instead. It holds no secret,
// nor a text that was not understood. [ErrClosed], [ErrBorrowed] and [ErrZeroTime], of a call that did not get so far, are
// none.
type Error struct {
	// Code is the reason; errors.Is compares with it.
	Code Code

	message string
}

// Error is the message, or what the code means in general if there is none, as in an Error that a test has made.
func (e *Error) Error() string {
	if e.message == "" {
		return e.Code.Error()
	}
	return e.message
}

// Unwrap is the code.
func (e *Error) Unwrap() error {
	return e.Code
}

// checked makes the error of a check, or nil if the answer is yes; object is freed.
func checked(yes bool, object *C.bootstrap_token_error) error {
	if yes {
		return nil
	}
	return failure(C.bootstrap_token_error_code(object), object)
}

// failure makes the error of a call, or nil; object is freed.
func failure(code C.bootstrap_token_result, object *C.bootstrap_token_error) error {
	if code == C.BOOTSTRAP_TOKEN_RESULT_OK {
		return nil
	}
	defer C.bootstrap_token_error_free(object)
	return &Error{Code(code), C.GoString(C.bootstrap_token_error_message(object))}
}
