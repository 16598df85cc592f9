package bootstraptoken

// #include <bootstrap_token.h>
import "C"

// A Weakness tells why a token is easy to guess.
type Weakness uint32

const (
	// NoWeakness: none was found, which is no proof of strength.
	NoWeakness Weakness = C.BOOTSTRAP_TOKEN_WEAKNESS_NONE
	// PublicExample: its secret stands in public documentation.
	PublicExample Weakness = C.BOOTSTRAP_TOKEN_WEAKNESS_PUBLIC_EXAMPLE
	// Repetition: its secret is one block, repeated.
	Repetition Weakness = C.BOOTSTRAP_TOKEN_WEAKNESS_REPETITION
	// Sequence: a long part of its secret counts up, counts down or stays the same.
	Sequence Weakness = C.BOOTSTRAP_TOKEN_WEAKNESS_SEQUENCE
	// FewCharacters: its secret has few different characters.
	FewCharacters Weakness = C.BOOTSTRAP_TOKEN_WEAKNESS_FEW_CHARACTERS
	// OtherWeakness: a reason that has no constant of its own.
	OtherWeakness Weakness = C.BOOTSTRAP_TOKEN_WEAKNESS_OTHER
)

// String says it in words.
func (w Weakness) String() string {
	switch w {
	case NoWeakness:
		return "none"
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

// Weakness tells why the token is easy to guess, if it is; OtherWeakness after Close.
func (t *Token) Weakness() Weakness {
	object := t.hold()
	if object == nil {
		return OtherWeakness
	}
	defer t.release()
	return Weakness(C.bootstrap_token_find_weakness(object))
}
