package bootstraptoken

// #include <bootstrap_token.h>
import "C"

const (
	// Namespace is the namespace of the Secrets.
	Namespace = C.BOOTSTRAP_TOKEN_NAMESPACE
	// SecretType is the type of the Secrets.
	SecretType = C.BOOTSTRAP_TOKEN_SECRET_TYPE
)

// ParseSecretJSON reads a Secret as the API server sends it, in JSON, by kubeadm's rules. An extra group that is not
// valid, for which the API server would refuse the token, is an error.
//
// It fails with [ErrSecretNotJSON] to [ErrSecretMalformedExpiration], or [ErrBadGroup].
func ParseSecretJSON(json []byte) (*Record, error) {
	var object *C.bootstrap_token_record
	var reason *C.bootstrap_token_error
	text := view(json)
	code := C.bootstrap_token_record_from_secret_json(chars(text), size(text), &object, &reason)
	return newRecord(object, code, reason)
}

// ExposeSecretJSON writes the record as the JSON of its Secret, ready to be sent to the API server. It holds the token
// secret: clear it after use.
func (r *Record) ExposeSecretJSON() ([]byte, error) {
	object := r.hold()
	if object == nil {
		return nil, ErrClosed
	}
	defer r.release()
	var json *C.bootstrap_token_bytes
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_expose_secret_json(object, &json, &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	return taken(json), nil
}
