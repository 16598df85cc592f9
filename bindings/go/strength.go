package bootstraptoken

// #include <bootstrap_token.h>
import "C"

// A Strength tells why a token is easy to guess.
type Strength uint32

const (
	// NotWeak: nothing speaks against it, which is no proof of strength.
	NotWeak Strength = C.BOOTSTRAP_TOKEN_STRENGTH_NOT_WEAK
	// PublicExample: its secret stands in public documentation.
	PublicExample Strength = C.BOOTSTRAP_TOKEN_STRENGTH_PUBLIC_EXAMPLE
	// Repetition: its secret is one block, repeated.
	Repetition Strength = C.BOOTSTRAP_TOKEN_STRENGTH_REPETITION
	// Sequence: a long part of its secret counts up, counts down or stays the same.
	Sequence Strength = C.BOOTSTRAP_TOKEN_STRENGTH_SEQUENCE
	// FewCharacters: its secret has few different characters.
	FewCharacters Strength = C.BOOTSTRAP_TOKEN_STRENGTH_FEW_CHARACTERS
	// OtherWeakness: a reason that has no constant of its own.
	OtherWeakness Strength = C.BOOTSTRAP_TOKEN_STRENGTH_OTHER
)

// String says it in words.
func (s Strength) String() string {
	switch s {
	case NotWeak:
		return "not weak"
	case PublicExample:
		return "a public example"
	case Repetition:
		return "a repetition"
	case Sequence:
		return "a sequence"
	case FewCharacters:
		return "few characters"
	}
	return "weak" // OtherWeakness, and what a newer library may answer
}

// Strength tells why the token is easy to guess, if it is; OtherWeakness after Close, since nothing speaks for it then.
func (t *Token) Strength() Strength {
	object := t.hold()
	if object == nil {
		return OtherWeakness
	}
	defer t.release()
	return Strength(C.bootstrap_token_judge(object))
}
