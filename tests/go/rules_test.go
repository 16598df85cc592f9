package beside

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bootstraptoken"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/cluster-bootstrap/token/api"
	"k8s.io/cluster-bootstrap/token/util"
	"k8s.io/cluster-bootstrap/util/secrets"
)

func secretWith(key, value string) *corev1.Secret {
	return &corev1.Secret{Data: map[string][]byte{key: []byte(value)}}
}

func TestGroups(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		group := g.damaged(g.group())
		theirs := util.ValidateBootstrapGroupName(group) == nil
		seen.count(theirs)
		differ(t, group, bootstraptoken.IsValidGroup(group), theirs)
	}
	seen.enough(t)
}

func TestIdentity(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		var groups []string
		for range g.IntN(4) {
			groups = append(groups, g.group())
		}
		if len(groups) > 1 && g.IntN(4) == 0 {
			groups = append(groups, groups[0])
		}
		value := strings.Join(groups, ",")
		if g.IntN(2) == 0 {
			value = g.damaged(value)
		}
		theirs, refusal := secrets.GetGroups(secretWith(api.BootstrapTokenExtraGroupsKey, value))
		seen.count(refusal == nil)
		ours, err := bootstraptoken.Identity(value)
		differ(t, value, err == nil, refusal == nil)
		differ(t, value, ours, theirs)
	}
	seen.enough(t)
}

func TestUsages(t *testing.T) {
	g, seen := generate(t), both{}
	names := append([]string{"controller-join", "worker", ""}, api.KnownTokenUsages...)
	for range inputs {
		name := names[g.IntN(len(names))]
		if g.IntN(2) == 0 {
			name = g.damaged(name)
		}
		theirs := util.ValidateUsages([]string{name}) == nil
		seen.count(theirs)
		_, err := bootstraptoken.ParseUsage(name)
		differ(t, name, err == nil, theirs)
	}
	seen.enough(t)
}

func TestExpirations(t *testing.T) {
	g, seen := generate(t), both{}
	begin := time.Date(2030, 5, 1, 10, 0, 0, 0, time.UTC)
	for range inputs {
		zone := time.FixedZone("", 60*(g.IntN(2*14*60)-14*60))
		expiration := begin.Add(time.Duration(g.Int64N(int64(48 * time.Hour)))).In(zone)
		form := time.RFC3339
		if g.IntN(3) == 0 {
			form = time.RFC3339Nano
		}
		value := expiration.Format(form)
		if g.IntN(3) == 0 {
			value = g.damaged(value)
		}
		if value == "" {
			continue // no expiration at all, which is the caller's to see
		}
		now := begin.Add(time.Duration(g.Int64N(int64(24 * time.Hour))))
		if g.IntN(4) == 0 {
			now = expiration.Truncate(time.Second).Add(time.Duration(g.IntN(3) - 1))
		}
		theirs, expired := secrets.GetExpiration(secretWith(api.BootstrapTokenExpirationKey, value), now)
		seen.count(!expired)
		ours, err := bootstraptoken.Remaining(value, now)
		differ(t, value, err != nil, expired)
		differ(t, value, ours, theirs)
	}
	seen.enough(t)
}

// Before 1970 we answer otherwise on purpose: to upstream a token has time left then.
func TestNoExpirationsBefore1970(t *testing.T) {
	g := generate(t)
	begin := time.Date(2030, 5, 1, 10, 0, 0, 0, time.UTC)
	for range inputs {
		value := begin.Add(time.Duration(g.Int64N(int64(48 * time.Hour)))).Format(time.RFC3339Nano)
		now := time.Unix(-1-g.Int64N(62_135_596_800), g.Int64N(1_000_000_000)) // since the zero time
		_, expired := secrets.GetExpiration(secretWith(api.BootstrapTokenExpirationKey, value), now)
		differ(t, value, expired, false)
		_, err := bootstraptoken.Remaining(value, now)
		differ(t, value, errors.Is(err, bootstraptoken.ErrInvalidArgument), true)
	}
}
