package bootstraptoken

// #include <bootstrap_token.h>
import "C"

// A Code is what came of a call, by the numbers of the C library: 1 to 19 tell of the call itself, 100 to 199 of a
// token, 200 to 299 of a record or its Secret, 300 to 399 of signatures, pins and clusters. A newer library may return
// one that has no constant here.
//
// A Code is an error, so that errors.Is(err, ErrTokenLength) tells whether err is of that code.
type Code uint32

// The codes of failures.
const (
	// ErrNullPointer: a pointer is NULL that must not be.
	ErrNullPointer Code = 1
	// ErrInvalidUTF8: a text is not UTF-8.
	ErrInvalidUTF8 Code = 2
	// ErrInvalidArgument: a number is none that the function knows, or a length is more than memory can hold.
	ErrInvalidArgument Code = 3
	// ErrBufferTooSmall: the caller's buffer is too small.
	ErrBufferTooSmall Code = 4
	// ErrPanic: a defect in this library; nothing was done.
	ErrPanic Code = 5
	// ErrOther: a reason that has no code of its own: see the error's message.
	ErrOther Code = 6

	// ErrTokenEmpty: there is nothing where a token, a token ID or a token secret should be.
	ErrTokenEmpty Code = 100
	// ErrTokenLength: too short or too long.
	ErrTokenLength Code = 101
	// ErrTokenMissingDot: no dot between token ID and token secret.
	ErrTokenMissingDot Code = 102
	// ErrTokenUpperCase: an upper-case letter.
	ErrTokenUpperCase Code = 103
	// ErrTokenWhiteSpace: white space or a line break.
	ErrTokenWhiteSpace Code = 104
	// ErrTokenCharacter: another character than a-z and 0-9.
	ErrTokenCharacter Code = 105
	// ErrNoRandomness: the operating system has no randomness to give.
	ErrNoRandomness Code = 110

	// ErrSecretNotJSON: no JSON, or not of a Secret's form.
	ErrSecretNotJSON Code = 200
	// ErrSecretOtherKind: an object of another kind.
	ErrSecretOtherKind Code = 201
	// ErrSecretNotBase64: a value of the data is no base64.
	ErrSecretNotBase64 Code = 202
	// ErrSecretMissingKey: token-id or token-secret is missing or empty.
	ErrSecretMissingKey Code = 203
	// ErrSecretWrongName: the name is not bootstrap-token- and the token-id.
	ErrSecretWrongName Code = 204
	// ErrSecretMalformedID: the token-id is malformed.
	ErrSecretMalformedID Code = 205
	// ErrSecretMalformedSecret: the token-secret is malformed.
	ErrSecretMalformedSecret Code = 206
	// ErrSecretMalformedExpiration: the expiration cannot be read.
	ErrSecretMalformedExpiration Code = 207
	// ErrBadGroup: an extra group is not valid.
	ErrBadGroup Code = 210
	// ErrUnknownUsage: a usage that the cluster does not know.
	ErrUnknownUsage Code = 211
	// ErrExpirationOutOfRange: a moment outside the years 0 to 9999.
	ErrExpirationOutOfRange Code = 212
	// ErrExpired: the moment has come.
	ErrExpired Code = 213

	// ErrJWSNotDetached: not of the form <header>..<signature>.
	ErrJWSNotDetached Code = 300
	// ErrJWSOtherToken: a signature by another token.
	ErrJWSOtherToken Code = 301
	// ErrJWSHeader: another header than a signature over cluster-info has.
	ErrJWSHeader Code = 302
	// ErrJWSSignature: another content or another token secret was signed.
	ErrJWSSignature Code = 303
	// ErrJWSEmptyKey: a key of no bytes.
	ErrJWSEmptyKey Code = 304
	// ErrPinMalformed: not of the form sha256:<64 hexadecimal digits>.
	ErrPinMalformed Code = 310
	// ErrPinOfNothing: the hash of no bytes at all, which no certificate has.
	ErrPinOfNothing Code = 311
	// ErrNotPinned: no certificate has a pin that was given.
	ErrNotPinned Code = 312
	// ErrCertificateMissing: no certificate where one should be.
	ErrCertificateMissing Code = 320
	// ErrCertificateNotPEM: a PEM section that is cut off or no base64.
	ErrCertificateNotPEM Code = 321
	// ErrCertificateMalformed: not an X.509 certificate.
	ErrCertificateMalformed Code = 322
	// ErrClusterInfoNotJSON: cluster-info is no JSON of a ConfigMap.
	ErrClusterInfoNotJSON Code = 330
	// ErrClusterInfoNoKubeconfig: cluster-info has no kubeconfig.
	ErrClusterInfoNoKubeconfig Code = 331
	// ErrClusterInfoNotSigned: cluster-info has no signature by this token.
	ErrClusterInfoNotSigned Code = 332
	// ErrKubeconfigMalformed: the kubeconfig cannot be read.
	ErrKubeconfigMalformed Code = 340
	// ErrKubeconfigOtherKind: the kubeconfig is an object of another kind.
	ErrKubeconfigOtherKind Code = 341
	// ErrKubeconfigNoCluster: the kubeconfig names no cluster.
	ErrKubeconfigNoCluster Code = 342
	// ErrKubeconfigSeveralClusters: the kubeconfig names several clusters.
	ErrKubeconfigSeveralClusters Code = 343
	// ErrKubeconfigNotCurrent: the kubeconfig's cluster is not the current context's.
	ErrKubeconfigNotCurrent Code = 344
	// ErrKubeconfigServer: the cluster's server is no address.
	ErrKubeconfigServer Code = 345
	// ErrKubeconfigNoAuthority: the cluster has no CA certificates.
	ErrKubeconfigNoAuthority Code = 346
	// ErrKubeconfigAuthorityNotBase64: the cluster's CA certificates are no base64.
	ErrKubeconfigAuthorityNotBase64 Code = 347
	// ErrAuthorityExpired: the cluster's CA certificate has expired.
	ErrAuthorityExpired Code = 350
	// ErrAuthorityNotYetValid: the cluster's CA certificate is not valid yet.
	ErrAuthorityNotYetValid Code = 351
)

// Error is what the code means in general; an [*Error] tells more.
func (c Code) Error() string {
	return C.GoString(C.bootstrap_token_result_message(C.uint32_t(c)))
}

// Name is the constant of the code in the C header, such as BOOTSTRAP_TOKEN_RESULT_TOKEN_LENGTH.
func (c Code) Name() string {
	return C.GoString(C.bootstrap_token_result_name(C.uint32_t(c)))
}
