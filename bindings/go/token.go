package bootstraptoken

/*
#include <bootstrap_token.h>

// What a call that makes a token gives: by value, since pointers to Go's variables are looked at before each call.
// The token is where storage is.
typedef struct {
	bootstrap_token_error *error;
	bootstrap_token_result code;
} made;

static made parse(const char *text, size_t text_len, char *storage)
{
	made made = {0};
	bootstrap_token *token;
	made.code = bootstrap_token_parse_into(text, text_len, storage, BOOTSTRAP_TOKEN_STORAGE_SIZE, &token, &made.error);
	return made;
}

static made generate(char *storage)
{
	made made = {0};
	bootstrap_token *token;
	made.code = bootstrap_token_generate_into(storage, BOOTSTRAP_TOKEN_STORAGE_SIZE, &token, &made.error);
	return made;
}

static made from_parts(const char *id, size_t id_len, const char *secret, size_t secret_len, char *storage)
{
	made made = {0};
	bootstrap_token *token;
	made.code = bootstrap_token_from_parts_into(id, id_len, secret, secret_len, storage, BOOTSTRAP_TOKEN_STORAGE_SIZE,
						    &token, &made.error);
	return made;
}

static made clone_of(const bootstrap_token *token, char *storage)
{
	made made = {0};
	bootstrap_token *copy;
	made.code = bootstrap_token_clone_into(token, storage, BOOTSTRAP_TOKEN_STORAGE_SIZE, &copy, &made.error);
	return made;
}

#cgo noescape parse
#cgo nocallback parse
#cgo noescape generate
#cgo nocallback generate
#cgo noescape from_parts
#cgo nocallback from_parts
#cgo noescape clone_of
#cgo nocallback clone_of
*/
import "C"

import "unsafe"

// A Token is a bootstrap token: its ID, which is public, and its secret, which only the methods called Expose show.
// It never changes, and goroutines may share it. Close wipes the secret.
type Token struct {
	handle handle
}

// IsValid tells whether a text is a token: [a-z0-9]{6}\.[a-z0-9]{16}. It allocates nothing.
func IsValid(text string) bool {
	return bool(C.bootstrap_token_is_valid(chars(text), size(text)))
}

// Parse reads a token. Nothing is trimmed, and a line break behind it is refused.
//
// It fails with [ErrTokenEmpty] to [ErrTokenCharacter].
func Parse(text string) (*Token, error) {
	keeper, storage := room()
	return newToken(keeper, C.parse(chars(text), size(text), storage))
}

// ParseBytes is Parse for a text that the caller can wipe afterwards.
func ParseBytes(text []byte) (*Token, error) {
	return Parse(view(text))
}

// Generate draws a token from the operating system's randomness.
//
// It fails with [ErrNoRandomness].
func Generate() (*Token, error) {
	keeper, storage := room()
	return newToken(keeper, C.generate(storage))
}

// FromParts makes a token of an ID and a secret, as they stand in the data of a Secret.
//
// It fails with [ErrTokenEmpty] to [ErrTokenCharacter].
func FromParts(id string, secret []byte) (*Token, error) {
	text := view(secret)
	keeper, storage := room()
	return newToken(keeper, C.from_parts(chars(id), size(id), chars(text), size(text), storage))
}

// cloned copies a token that C lends.
func cloned(object *C.bootstrap_token) (*Token, error) {
	keeper, storage := room()
	return newToken(keeper, C.clone_of(object, storage))
}

// room is where a token will lie.
func room() (*keeper, *C.char) {
	keeper := keepers.Get().(*keeper)
	return keeper, (*C.char)(unsafe.Pointer(&keeper.kept.storage))
}

func newToken(keeper *keeper, made C.made) (*Token, error) {
	if err := failure(made.code, made.error); err != nil {
		keepers.Put(keeper)
		return nil, err
	}
	token := &Token{}
	token.handle.openAt(keeper, unsafe.Pointer(&keeper.kept.storage), nil)
	return token, nil
}

// Close wipes the token, once the calls that use it have returned. Further calls do nothing.
func (t *Token) Close() error {
	if t != nil {
		t.handle.close()
	}
	return nil
}

// hold gives the object to whoever calls release afterwards; nil once the token is closed.
func (t *Token) hold() *C.bootstrap_token {
	if t == nil || !t.handle.hold() {
		return nil
	}
	return (*C.bootstrap_token)(t.handle.object)
}

func (t *Token) release() {
	t.handle.release()
}

// ID is the token ID, which is public; empty after Close.
func (t *Token) ID() string {
	object := t.hold()
	if object == nil {
		return ""
	}
	defer t.release()
	return tokenID(object)
}

// SecretName is the name of the token's Secret, bootstrap-token-<id>; empty after Close.
func (t *Token) SecretName() string {
	object := t.hold()
	if object == nil {
		return ""
	}
	defer t.release()
	return secretName(object)
}

// ExposeSecret is the token secret, without the ID. Whoever reads it can join the cluster: clear it after use.
func (t *Token) ExposeSecret() ([]byte, error) {
	object := t.hold()
	if object == nil {
		return nil, ErrClosed
	}
	defer t.release()
	buffer := make([]byte, C.BOOTSTRAP_TOKEN_SECRET_SIZE)
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_expose_secret(object, chars(view(buffer)), C.size_t(len(buffer)), &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	return buffer[:len(buffer)-1], nil
}

// Expose is the whole token, <id>.<secret>. Whoever reads it can join the cluster: clear it after use.
func (t *Token) Expose() ([]byte, error) {
	object := t.hold()
	if object == nil {
		return nil, ErrClosed
	}
	defer t.release()
	buffer := make([]byte, C.BOOTSTRAP_TOKEN_TEXT_SIZE)
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_expose_text(object, chars(view(buffer)), C.size_t(len(buffer)), &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	return buffer[:len(buffer)-1], nil
}

// Equal tells whether two tokens are the same, secrets compared in constant time. A closed token equals none.
func (t *Token) Equal(other *Token) bool {
	object := t.hold()
	if object == nil {
		return false
	}
	defer t.release()
	another := other.hold()
	if another == nil {
		return false
	}
	defer other.release()
	return bool(C.bootstrap_token_equal(object, another))
}

func tokenID(object *C.bootstrap_token) string {
	var buffer [C.BOOTSTRAP_TOKEN_ID_SIZE]C.char
	if C.bootstrap_token_copy_id(object, &buffer[0], C.size_t(len(buffer)), nil) != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return ""
	}
	return borrowed(&buffer[0], C.size_t(len(buffer)-1))
}

func secretName(object *C.bootstrap_token) string {
	var buffer [C.BOOTSTRAP_TOKEN_SECRET_NAME_SIZE]C.char
	if C.bootstrap_token_copy_secret_name(object, &buffer[0], C.size_t(len(buffer)), nil) != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return ""
	}
	return borrowed(&buffer[0], C.size_t(len(buffer)-1))
}
