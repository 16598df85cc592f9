//go:build cgo

package bootstraptoken

import "time"

// A RecordOption is a part of a new [Record], which is made at now; the zero time where nobody said when.
type RecordOption func(record *Record, now time.Time) error

// WithExpiration is [Record.SetExpiration].
func WithExpiration(expiration time.Time) RecordOption {
	return func(r *Record, _ time.Time) error { return r.SetExpiration(expiration) }
}

// WithoutExpiration is [Record.ClearExpiration].
func WithoutExpiration() RecordOption {
	return func(r *Record, _ time.Time) error { return r.ClearExpiration() }
}

// WithTTL is [Record.SetTTL] at the moment that [NewRecord] or [Mint] was given. [NewBareRecord] was given none, and fails with
// [ErrInvalidArgument]: WithExpiration is for that.
func WithTTL(ttl time.Duration) RecordOption {
	return func(r *Record, now time.Time) error {
		if now.IsZero() {
			return &Error{ErrInvalidArgument, "WithTTL counts from a moment, and NewBareRecord is given none: WithExpiration is for it"}
		}
		return r.SetTTL(ttl, now)
	}
}

// WithUsages is [Record.SetUsages].
func WithUsages(usages Usages) RecordOption {
	return func(r *Record, _ time.Time) error { return r.SetUsages(usages) }
}

// WithGroups is [Record.ClearGroups], and [Record.AddGroup] for each group.
func WithGroups(groups ...string) RecordOption {
	return func(r *Record, _ time.Time) error {
		if err := r.ClearGroups(); err != nil {
			return err
		}
		for _, group := range groups {
			if err := r.AddGroup(group); err != nil {
				return err
			}
		}
		return nil
	}
}

// WithDescription is [Record.SetDescription].
func WithDescription(description string) RecordOption {
	return func(r *Record, _ time.Time) error { return r.SetDescription(description) }
}
