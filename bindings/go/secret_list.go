package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import (
	"fmt"
	"iter"
	"unsafe"
)

// A SecretList is what a list of Secrets holds: for each Secret of a bootstrap token's type a record, or why there is
// none. It never changes.
type SecretList struct {
	handle handle
}

// ParseSecretListJSON reads a SecretList (or a List) as the API server sends it, in JSON, in one call of the C library.
// Secrets of other types are left out; a broken Secret is an entry of the list.
//
// It fails with [ErrSecretNotJSON] or [ErrSecretOtherKind].
func ParseSecretListJSON(json []byte) (*SecretList, error) {
	var object *C.bootstrap_token_record_list
	var reason *C.bootstrap_token_error
	text := view(json)
	code := C.bootstrap_token_record_list_from_json(chars(text), size(text), &object, &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	list := &SecretList{}
	list.handle.open(unsafe.Pointer(object), freeSecretList)
	return list, nil
}

func freeSecretList(object unsafe.Pointer) {
	C.bootstrap_token_record_list_free((*C.bootstrap_token_record_list)(object))
}

// Close wipes and frees the list with its records, once the calls that use them have returned. Further calls do
// nothing.
func (l *SecretList) Close() error {
	if l != nil {
		l.handle.close()
	}
	return nil
}

func (l *SecretList) hold() *C.bootstrap_token_record_list {
	if l == nil || !l.handle.hold() {
		return nil
	}
	return (*C.bootstrap_token_record_list)(l.handle.object)
}

func (l *SecretList) release() {
	l.handle.release()
}

// Len is how many Secrets there are, broken ones counted.
func (l *SecretList) Len() int {
	object := l.hold()
	if object == nil {
		return 0
	}
	defer l.release()
	return int(C.bootstrap_token_record_list_len(object))
}

// Name is the name of a Secret, by its index; empty if there is no such Secret.
func (l *SecretList) Name(index int) string {
	object := l.hold()
	if object == nil {
		return ""
	}
	defer l.release()
	var size C.size_t
	text := C.bootstrap_token_record_list_name(object, C.size_t(index), &size)
	return borrowed(text, size)
}

// Record is the record of a Secret, by its index. It belongs to the list.
//
// It fails with [ErrInvalidArgument] if there is no such Secret, and as [ParseSecretJSON] if it is broken.
func (l *SecretList) Record(index int) (*Record, error) {
	object := l.hold()
	if object == nil {
		return nil, ErrClosed
	}
	defer l.release()
	if index < 0 { // C would take it for a great one
		return nil, &Error{ErrInvalidArgument, fmt.Sprintf("index %d: no Secret has one below 0", index)}
	}
	var lent *C.bootstrap_token_record
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_list_get(object, C.size_t(index), &lent, &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	return &Record{list: l, lent: lent}, nil
}

// All gives the record of each Secret, or why there is none: an error that names the Secret, or tells its index if it has
// no name, and wraps that of [SecretList.Record].
func (l *SecretList) All() iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for index := range l.Len() {
			record, err := l.Record(index)
			if err != nil {
				err = fmt.Errorf("%s: %w", l.described(index), err)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

func (l *SecretList) described(index int) string {
	if name := l.Name(index); name != "" {
		return fmt.Sprintf("Secret %q", name)
	}
	return fmt.Sprintf("Secret %d of the list", index)
}
