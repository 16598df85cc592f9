package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import (
	"sync"
	"time"
	"unsafe"
)

const (
	// DefaultGroup is the group that kubeadm gives by default.
	DefaultGroup = C.BOOTSTRAP_TOKEN_DEFAULT_GROUP
	// DefaultTTL is how long kubeadm lets a token live by default.
	DefaultTTL = C.BOOTSTRAP_TOKEN_DEFAULT_TTL * time.Second
)

// A Record is a token with its expiration, usages, extra groups and description: what stands in its Secret. Every part
// of it is well formed. A record of a [SecretList] belongs to the list: it cannot be changed, and is closed with it.
type Record struct {
	handle handle
	change sync.RWMutex // C must be alone with a record that it changes

	// Of a list, instead of the handle.
	list *SecretList
	lent *C.bootstrap_token_record
}

// NewRecord makes a record of a token, which is copied. What no option sets is as kubeadm token create has it: both
// usages, [DefaultGroup], [DefaultTTL] from now on, and no description.
//
// It fails with [ErrInvalidArgument] for a now before 1970, such as the zero time, with [ErrExpirationOutOfRange], and as
// the options do.
func NewRecord(token *Token, now time.Time, options ...RecordOption) (*Record, error) {
	of := token.hold()
	if of == nil {
		return nil, ErrClosed
	}
	defer token.release()
	var object *C.bootstrap_token_record
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_new(of, C.int64_t(now.Unix()), &object, &reason)
	record, err := newRecord(object, code, reason)
	return record.with(options, now, err)
}

// Mint draws a token, as [Generate] does, and makes its record, as [NewRecord] does.
func Mint(now time.Time, options ...RecordOption) (*Record, error) {
	token, err := Generate()
	if err != nil {
		return nil, err
	}
	defer token.Close()
	return NewRecord(token, now, options...)
}

// NewBareRecord makes a record of a token, which is copied. What no option sets is nothing: it has no usages, no groups
// and no description, and never expires.
//
// It fails as the options do.
func NewBareRecord(token *Token, options ...RecordOption) (*Record, error) {
	of := token.hold()
	if of == nil {
		return nil, ErrClosed
	}
	defer token.release()
	var object *C.bootstrap_token_record
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_new_bare(of, &object, &reason)
	record, err := newRecord(object, code, reason)
	return record.with(options, time.Time{}, err)
}

// with sets what a new record is to have, if there is one.
func (r *Record) with(options []RecordOption, now time.Time, err error) (*Record, error) {
	if err != nil {
		return nil, err
	}
	for _, option := range options {
		if err := option(r, now); err != nil {
			r.Close()
			return nil, err
		}
	}
	return r, nil
}

func newRecord(object *C.bootstrap_token_record, code C.bootstrap_token_result, reason *C.bootstrap_token_error) (*Record, error) {
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	record := &Record{}
	record.handle.open(unsafe.Pointer(object), freeRecord)
	return record, nil
}

func freeRecord(object unsafe.Pointer) {
	C.bootstrap_token_record_free((*C.bootstrap_token_record)(object))
}

// Close wipes and frees the record, once the calls that use it have returned. Further calls do nothing, nor does Close
// of a record that belongs to a list.
func (r *Record) Close() error {
	if r != nil {
		r.handle.close()
	}
	return nil
}

// hold gives the object to whoever calls release afterwards, to be read; nil once the record is closed.
func (r *Record) hold() *C.bootstrap_token_record {
	if r == nil {
		return nil
	}
	if r.list != nil {
		if r.list.hold() == nil {
			return nil
		}
		return r.lent
	}
	if !r.handle.hold() {
		return nil
	}
	r.change.RLock()
	return (*C.bootstrap_token_record)(r.handle.object)
}

func (r *Record) release() {
	if r.list != nil {
		r.list.release()
		return
	}
	r.change.RUnlock()
	r.handle.release()
}

// Token is a copy of the record's token: Close it too.
func (r *Record) Token() (*Token, error) {
	object := r.hold()
	if object == nil {
		return nil, ErrClosed
	}
	defer r.release()
	return cloned(C.bootstrap_token_record_token(object))
}

// ID is the token ID, which is public; empty after Close.
func (r *Record) ID() string {
	object := r.hold()
	if object == nil {
		return ""
	}
	defer r.release()
	return tokenID(C.bootstrap_token_record_token(object))
}

// SecretName is the name of the record's Secret, bootstrap-token-<id>; empty after Close.
func (r *Record) SecretName() string {
	object := r.hold()
	if object == nil {
		return ""
	}
	defer r.release()
	return secretName(C.bootstrap_token_record_token(object))
}

// Expiration is the moment from which the token is refused, a fraction of a second cut off; false if it never expires,
// and after Close.
func (r *Record) Expiration() (time.Time, bool) {
	object := r.hold()
	if object == nil {
		return time.Time{}, false
	}
	defer r.release()
	seconds := C.bootstrap_token_record_expiration(object)
	if seconds == C.BOOTSTRAP_TOKEN_NEVER {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// IsExpired tells whether the token is refused at now because it has expired; at the very moment it is. True after
// Close, and for a now before 1970, such as the zero time.
func (r *Record) IsExpired(now time.Time) bool {
	object := r.hold()
	if object == nil {
		return true
	}
	defer r.release()
	return bool(C.bootstrap_token_record_is_expired(object, C.int64_t(now.Unix()), C.uint32_t(now.Nanosecond())))
}

// Usages is what the token may be used for.
func (r *Record) Usages() Usages {
	object := r.hold()
	if object == nil {
		return 0
	}
	defer r.release()
	return Usages(C.bootstrap_token_record_usages(object))
}

// OtherUsages are the usages that the cluster's own components do not know, such as controller-join of k0s.
func (r *Record) OtherUsages() []string {
	object := r.hold()
	if object == nil {
		return nil
	}
	defer r.release()
	var usages []string
	for index := range C.bootstrap_token_record_other_usage_count(object) {
		var size C.size_t
		text := C.bootstrap_token_record_other_usage(object, index, &size)
		usages = append(usages, borrowed(text, size))
	}
	return usages
}

// Groups are the extra groups that the token's bearer is in, in stored order.
func (r *Record) Groups() []string {
	object := r.hold()
	if object == nil {
		return nil
	}
	defer r.release()
	var groups []string
	for index := range C.bootstrap_token_record_group_count(object) {
		var size C.size_t
		text := C.bootstrap_token_record_group(object, index, &size)
		groups = append(groups, borrowed(text, size))
	}
	return groups
}

// Description says what the token is for, in words; empty for none.
func (r *Record) Description() string {
	object := r.hold()
	if object == nil {
		return ""
	}
	defer r.release()
	var size C.size_t
	text := C.bootstrap_token_record_description(object, &size)
	return borrowed(text, size)
}
