package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import "time"

// holdAlone gives the object to whoever calls releaseAlone afterwards, to be changed.
func (r *Record) holdAlone() (*C.bootstrap_token_record, error) {
	if r == nil {
		return nil, ErrClosed
	}
	if r.list != nil {
		return nil, ErrBorrowed
	}
	if !r.handle.hold() {
		return nil, ErrClosed
	}
	r.change.Lock()
	return (*C.bootstrap_token_record)(r.handle.object), nil
}

func (r *Record) releaseAlone() {
	r.change.Unlock()
	r.handle.release()
}

// SetExpiration sets the moment from which the token is refused, a fraction of a second cut off.
//
// It fails with [ErrExpirationOutOfRange], and with [ErrZeroTime].
func (r *Record) SetExpiration(expiration time.Time) error {
	if expiration.IsZero() {
		return ErrZeroTime
	}
	// C's number for never is no moment of Go's.
	return r.setExpiration(min(C.int64_t(expiration.Unix()), C.BOOTSTRAP_TOKEN_NEVER-1))
}

// ClearExpiration lets the token never expire.
func (r *Record) ClearExpiration() error {
	return r.setExpiration(C.BOOTSTRAP_TOKEN_NEVER)
}

func (r *Record) setExpiration(seconds C.int64_t) error {
	object, err := r.holdAlone()
	if err != nil {
		return err
	}
	defer r.releaseAlone()
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_set_expiration(object, seconds, &reason)
	return failure(code, reason)
}

// SetTTL sets the moment from which the token is refused to ttl after now, fractions of a second cut off from both.
//
// It fails with [ErrInvalidArgument] for less than a second (ClearExpiration is for a token that never expires) and for a
// now before 1970, such as the zero time, and with [ErrExpirationOutOfRange].
func (r *Record) SetTTL(ttl time.Duration, now time.Time) error {
	object, err := r.holdAlone()
	if err != nil {
		return err
	}
	defer r.releaseAlone()
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_set_ttl(object, C.int64_t(ttl/time.Second), C.int64_t(now.Unix()), &reason)
	return failure(code, reason)
}

// SetUsages sets what the token may be used for. Usages that the cluster does not know, read from a Secret, stay.
//
// It fails with [ErrInvalidArgument] for a bit that is no usage.
func (r *Record) SetUsages(usages Usages) error {
	object, err := r.holdAlone()
	if err != nil {
		return err
	}
	defer r.releaseAlone()
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_set_usages(object, C.uint32_t(usages), &reason)
	return failure(code, reason)
}

// AddGroup adds a group that the token's bearer is in: system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9].
//
// It fails with [ErrBadGroup].
func (r *Record) AddGroup(group string) error {
	object, err := r.holdAlone()
	if err != nil {
		return err
	}
	defer r.releaseAlone()
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_add_group(object, chars(group), size(group), &reason)
	return failure(code, reason)
}

// ClearGroups takes all groups away.
func (r *Record) ClearGroups() error {
	object, err := r.holdAlone()
	if err != nil {
		return err
	}
	defer r.releaseAlone()
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_clear_groups(object, &reason)
	return failure(code, reason)
}

// SetDescription says what the token is for, in words; an empty description is none.
//
// It fails with [ErrInvalidUTF8].
func (r *Record) SetDescription(description string) error {
	object, err := r.holdAlone()
	if err != nil {
		return err
	}
	defer r.releaseAlone()
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_record_set_description(object, chars(description), size(description), &reason)
	return failure(code, reason)
}
