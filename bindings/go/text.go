package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import "unsafe"

// chars and size pass a text to C without a copy; C does not keep it.
func chars(text string) *C.char {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
}

func size(text string) C.size_t {
	return C.size_t(len(text))
}

// view looks at bytes as a text, without a copy, for as long as nobody changes them.
func view(bytes []byte) string {
	return unsafe.String(unsafe.SliceData(bytes), len(bytes))
}

// borrowed copies a text that C lends; empty for NULL.
func borrowed(text *C.char, len C.size_t) string {
	if text == nil || len == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(text)), len))
}

// taken copies bytes that C gave away, which are wiped and freed.
func taken(bytes *C.bootstrap_token_bytes) []byte {
	defer C.bootstrap_token_bytes_free(bytes)
	data, len := C.bootstrap_token_bytes_data(bytes), C.bootstrap_token_bytes_len(bytes)
	return append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(data)), len)...)
}
