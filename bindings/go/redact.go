//go:build cgo

package bootstraptoken

import "fmt"

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
