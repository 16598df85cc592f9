package bootstraptoken

// #include <bootstrap_token.h>
import "C"

// Sign signs a content as the controller manager signs the kubeconfig in cluster-info: a detached JWS, HS256, which is
// not secret.
func (t *Token) Sign(content string) (jws string, err error) {
	object := t.hold()
	if object == nil {
		return "", ErrClosed
	}
	defer t.release()
	var signature *C.bootstrap_token_bytes
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_jws_sign(object, chars(content), size(content), &signature, &reason)
	if err := failure(code, reason); err != nil {
		return "", err
	}
	return view(taken(signature)), nil
}

// Verify returns nil if a detached JWS is the token's signature over a content, compared in constant time.
//
// It fails with [ErrJWSNotDetached] to [ErrJWSSignature].
func (t *Token) Verify(content, jws string) error {
	object := t.hold()
	if object == nil {
		return ErrClosed
	}
	defer t.release()
	var isValid C.bool
	var reason *C.bootstrap_token_error
	C.bootstrap_token_jws_check(object, chars(content), size(content), chars(jws), size(jws), &isValid, &reason)
	return checked(bool(isValid), reason)
}

// JWSKeyName is the key under which the token's signature stands in cluster-info, jws-kubeconfig-<id>; empty after
// Close.
func (t *Token) JWSKeyName() string {
	object := t.hold()
	if object == nil {
		return ""
	}
	defer t.release()
	var buffer [C.BOOTSTRAP_TOKEN_JWS_KEY_NAME_SIZE]C.char
	if C.bootstrap_token_copy_jws_key_name(object, &buffer[0], C.size_t(len(buffer)), nil) != C.BOOTSTRAP_TOKEN_RESULT_OK {
		return ""
	}
	return borrowed(&buffer[0], C.size_t(len(buffer)-1))
}

// SignWithKey signs a content under a token ID with any key, for a token secret that is not well formed: the controller
// manager's signer does not look at its form.
//
// It fails with [ErrTokenEmpty] to [ErrTokenCharacter] for the ID, and with [ErrJWSEmptyKey].
func SignWithKey(id string, key []byte, content string) (jws string, err error) {
	var signature *C.bootstrap_token_bytes
	var reason *C.bootstrap_token_error
	secret := view(key)
	code := C.bootstrap_token_jws_sign_with_key(chars(id), size(id), chars(secret), size(secret),
		chars(content), size(content), &signature, &reason)
	if err := failure(code, reason); err != nil {
		return "", err
	}
	return view(taken(signature)), nil
}

// VerifyWithKey returns nil if a detached JWS is what [SignWithKey] makes, compared in constant time.
//
// It fails as that does, and with [ErrJWSSignature].
func VerifyWithKey(id string, key []byte, content, jws string) error {
	var isValid C.bool
	var reason *C.bootstrap_token_error
	secret := view(key)
	C.bootstrap_token_jws_check_with_key(chars(id), size(id), chars(secret), size(secret),
		chars(content), size(content), chars(jws), size(jws), &isValid, &reason)
	return checked(bool(isValid), reason)
}
