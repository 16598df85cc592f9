//go:build cgo

package bootstraptoken

import "time"

// A RecordOption is a part of a new [Record].
type RecordOption func(*Record) error

// WithExpiration is [Record.SetExpiration].
func WithExpiration(expiration time.Time) RecordOption {
	return func(r *Record) error { return r.SetExpiration(expiration) }
}

// WithoutExpiration is [Record.ClearExpiration].
func WithoutExpiration() RecordOption {
	return (*Record).ClearExpiration
}

// WithTTL is [Record.SetTTL].
func WithTTL(ttl time.Duration, now time.Time) RecordOption {
	return func(r *Record) error { return r.SetTTL(ttl, now) }
}

// WithUsages is [Record.SetUsages].
func WithUsages(usages Usages) RecordOption {
	return func(r *Record) error { return r.SetUsages(usages) }
}

// WithGroups is [Record.ClearGroups], and [Record.AddGroup] for each group.
func WithGroups(groups ...string) RecordOption {
	return func(r *Record) error {
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
	return func(r *Record) error { return r.SetDescription(description) }
}
