//go:build cgo

package bootstraptoken

import (
	"errors"
	"fmt"
	"log/slog"
)

var (
	errTokenText = errors.New("bootstraptoken: a Token does not encode itself, nor is it decoded: " +
		"Expose gives its text, Parse reads it, and String has no secret in it")
	errRecordText = errors.New("bootstraptoken: a Record does not encode itself, nor is it decoded: " +
		"ExposeSecretJSON gives its Secret, ParseSecretJSON reads it, and String has no secret in it")
)

const hidden = ".****************"

// String is the token without its secret, such as 07401b.****************.
func (t *Token) String() string {
	id := t.ID()
	if id == "" {
		return "(closed token)"
	}
	return id + hidden
}

// GoString is as String.
func (t *Token) GoString() string {
	return t.String()
}

// Format prints the token as String has it, whatever the verb.
func (t *Token) Format(state fmt.State, _ rune) {
	fmt.Fprint(state, t.String())
}

// String is the name of the record's Secret, such as bootstrap-token-07401b.
func (r *Record) String() string {
	name := r.SecretName()
	if name == "" {
		return "(closed record)"
	}
	return name
}

// GoString is as String.
func (r *Record) GoString() string {
	return r.String()
}

// Format prints the record as String has it, whatever the verb.
func (r *Record) Format(state fmt.State, _ rune) {
	fmt.Fprint(state, r.String())
}

// LogValue is String, for log/slog.
func (t *Token) LogValue() slog.Value {
	return slog.StringValue(t.String())
}

// MarshalText refuses: a token that encodes itself ends up where nobody looks for a secret.
func (t *Token) MarshalText() ([]byte, error) {
	return nil, errTokenText
}

// UnmarshalText refuses, too.
func (t *Token) UnmarshalText([]byte) error {
	return errTokenText
}

// LogValue is String, for log/slog.
func (r *Record) LogValue() slog.Value {
	return slog.StringValue(r.String())
}

// MarshalText refuses: a record that encodes itself ends up where nobody looks for a secret.
func (r *Record) MarshalText() ([]byte, error) {
	return nil, errRecordText
}

// UnmarshalText refuses, too.
func (r *Record) UnmarshalText([]byte) error {
	return errRecordText
}
