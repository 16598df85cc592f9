package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import "strings"

// A Pin is the hash of a CA certificate's public key, sha256:<64 hexadecimal digits>, as in
// --discovery-token-ca-cert-hash of kubeadm.
type Pin string

// CAPins are the pins of the certificates in a file, which is PEM (a bundle) or DER (one certificate).
//
// It fails with [ErrCertificateMissing] to [ErrCertificateMalformed].
func CAPins(certificates []byte) ([]Pin, error) {
	text := view(certificates)
	var count C.size_t
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_ca_count(chars(text), size(text), &count, &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	var pins []Pin
	for index := range count {
		var buffer [C.BOOTSTRAP_TOKEN_CA_PIN_SIZE]C.char
		code := C.bootstrap_token_ca_pin_compute(chars(text), size(text), index, &buffer[0], C.size_t(len(buffer)), &reason)
		if err := failure(code, reason); err != nil {
			return nil, err
		}
		pins = append(pins, Pin(borrowed(&buffer[0], C.size_t(len(buffer)-1))))
	}
	return pins, nil
}

// CheckPins returns nil if a certificate in a file, PEM (a bundle) or DER (one certificate), has one of the pins. The other
// certificates of a bundle are not vouched for.
//
// It fails with [ErrPinMalformed], [ErrPinOfNothing], [ErrNotPinned], and as [CAPins].
func CheckPins(pins []Pin, certificates []byte) error {
	var isPinned C.bool
	var reason *C.bootstrap_token_error
	wanted, text := joined(pins), view(certificates)
	C.bootstrap_token_ca_pin_check(chars(wanted), size(wanted), chars(text), size(text), &isPinned, &reason)
	return checked(bool(isPinned), reason)
}

// joined is how C takes several pins.
func joined(pins []Pin) string {
	texts := make([]string, len(pins))
	for index, pin := range pins {
		texts[index] = string(pin)
	}
	return strings.Join(texts, ",")
}
