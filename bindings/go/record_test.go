package bootstraptoken

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"
)

var moment = time.Date(2030, 5, 1, 10, 0, 0, 999, time.UTC)

func fails(t *testing.T, what string, err error, code Code) {
	t.Helper()
	if !errors.Is(err, code) {
		t.Errorf("%s: %v, not %v", what, err, code)
	}
}

func TestExpiration(t *testing.T) {
	record := record(t)
	expiration := func() time.Time {
		expiration, expires := record.Expiration()
		if !expires {
			t.Fatal("it never expires")
		}
		return expiration
	}
	if _, expires := record.Expiration(); expires || record.IsExpired(moment) {
		t.Error("a new record expires")
	}
	for ttl, want := range map[time.Duration]time.Duration{
		time.Hour: time.Hour, time.Second: time.Second, 1900 * time.Millisecond: time.Second, 292 * 365 * 24 * time.Hour: 292 * 365 * 24 * time.Hour,
	} {
		if err := record.SetTTL(ttl, moment); err != nil {
			t.Fatal(err)
		}
		if have := expiration().Sub(moment.Truncate(time.Second)); have != want {
			t.Errorf("%v gives %v", ttl, have)
		}
	}
	before := expiration()
	for _, ttl := range []time.Duration{math.MinInt64, -time.Hour, -time.Second, -1, 0, 1, 999 * time.Millisecond} {
		fails(t, ttl.String(), record.SetTTL(ttl, moment), ErrInvalidArgument)
	}
	fails(t, "the year 10000", record.SetExpiration(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), ErrExpirationOutOfRange)
	for _, wrong := range []time.Time{time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0)} {
		fails(t, "no moment", record.SetExpiration(wrong), ErrExpirationOutOfRange)
	}
	for _, forgotten := range []time.Time{{}, time.Time{}.In(time.FixedZone("", 3600))} {
		if err := record.SetExpiration(forgotten); err != ErrZeroTime {
			t.Errorf("the zero time: %v", err)
		}
	}
	if !expiration().Equal(before) {
		t.Error("a failure changed the record")
	}
	if err := record.SetExpiration(moment); err != nil {
		t.Fatal(err)
	}
	if !expiration().Equal(moment.Truncate(time.Second)) || !record.IsExpired(moment) || record.IsExpired(moment.Add(-time.Second)) {
		t.Errorf("it expires at %v", expiration())
	}
	if err := record.ClearExpiration(); err != nil {
		t.Fatal(err)
	}
	if at, expires := record.Expiration(); expires {
		t.Errorf("it expires at %v", at)
	}
}

// A clock that was forgotten lets no token live.
func TestNoMomentBefore1970(t *testing.T) {
	token, record := parse(t, sample), record(t, WithExpiration(moment))
	for _, now := range []time.Time{{}, time.Unix(-1, 0), time.Unix(-1, 999_999_999)} {
		if !record.IsExpired(now) {
			t.Errorf("valid at %v", now)
		}
		_, err := Remaining("2030-05-01T10:00:00Z", now)
		fails(t, "Remaining", err, ErrInvalidArgument)
		fails(t, "SetTTL", record.SetTTL(time.Hour, now), ErrInvalidArgument)
		_, err = NewRecord(token, now)
		fails(t, "NewRecord", err, ErrInvalidArgument)
		_, err = Mint(now)
		fails(t, "Mint", err, ErrInvalidArgument)
		if want := "'now' is before 1970, which no clock shows: it was not set, or the clock could not be read"; err.Error() != want {
			t.Errorf("it says %q", err)
		}
	}
	if record.IsExpired(time.Unix(0, 0)) {
		t.Error("expired in 1970")
	}
}

func TestChanges(t *testing.T) {
	record := record(t)
	fails(t, "a bit that is no usage", record.SetUsages(UsageSigning|4), ErrInvalidArgument)
	fails(t, "no group", record.AddGroup("system:masters"), ErrBadGroup)
	fails(t, "no text", record.SetDescription("rack \xff"), ErrInvalidUTF8)
	if record.Usages() != 0 || record.Groups() != nil || record.Description() != "" {
		t.Error("a failure changed the record")
	}
	for _, group := range []string{DefaultGroup, "system:bootstrappers:a"} {
		if err := record.AddGroup(group); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(record.Groups(), []string{DefaultGroup, "system:bootstrappers:a"}) {
		t.Errorf("the groups are %q", record.Groups())
	}
	if err := record.ClearGroups(); err != nil || record.Groups() != nil {
		t.Errorf("%v: the groups are %q", err, record.Groups())
	}
}

func TestDefaultsAreKubeadms(t *testing.T) {
	token := parse(t, sample)
	record, err := NewRecord(token, moment)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	expiration, expires := record.Expiration()
	if !expires || !expiration.Equal(moment.Add(24*time.Hour).Truncate(time.Second)) {
		t.Errorf("it expires: %v, at %v", expires, expiration)
	}
	if record.Usages() != UsageAuthentication|UsageSigning || !slices.Equal(record.Groups(), []string{DefaultGroup}) || record.Description() != "" {
		t.Errorf("it is of %v with %v and %q", record.Usages(), record.Groups(), record.Description())
	}
	other, err := NewRecord(token, moment, WithoutExpiration(), WithUsages(0), WithGroups("system:bootstrappers:a"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, expires := other.Expiration(); expires || other.Usages() != 0 || !slices.Equal(other.Groups(), []string{"system:bootstrappers:a"}) {
		t.Errorf("it expires: %v, of %v with %v", expires, other.Usages(), other.Groups())
	}
	if none, err := NewRecord(token, time.Date(9999, 12, 31, 0, 0, 1, 0, time.UTC)); none != nil {
		t.Errorf("%v", none)
	} else {
		fails(t, "a day later", err, ErrExpirationOutOfRange)
	}
}

// A TTL is counted from the moment at which the record is made, and not from any if there is none.
func TestWithTTL(t *testing.T) {
	token := parse(t, sample)
	record, err := NewRecord(token, moment, WithTTL(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	if expiration, _ := record.Expiration(); !expiration.Equal(moment.Add(time.Hour).Truncate(time.Second)) {
		t.Errorf("it expires at %v", expiration)
	}
	_, err = NewBareRecord(token, WithTTL(time.Hour))
	fails(t, "NewBareRecord", err, ErrInvalidArgument)
}

func TestOptionsThatFail(t *testing.T) {
	token := parse(t, sample)
	for _, option := range []RecordOption{WithGroups("system:masters"), WithTTL(-1 * time.Second), WithUsages(8), WithDescription("\xff")} {
		if record, err := NewRecord(token, moment, WithUsages(UsageSigning), option); err == nil || record != nil {
			t.Errorf("%v: %v", record, err)
		}
	}
}

// The names that String has for usages are those that the library reads.
func TestUsagesInWords(t *testing.T) {
	for _, usage := range []Usages{UsageAuthentication, UsageSigning} {
		if read, err := ParseUsage(usage.String()); err != nil || read != usage {
			t.Errorf("%q is read as %v: %v", usage.String(), read, err)
		}
	}
	for usages, want := range map[Usages]string{0: "", UsageSigning | UsageAuthentication: "signing,authentication", UsageSigning | 12: "signing,12"} {
		if have := usages.String(); have != want {
			t.Errorf("%d is %q, not %q", usages, have, want)
		}
	}
}

// A token outlives the record it was copied from, and the record the token.
func TestTokenOfARecordIsACopy(t *testing.T) {
	record := record(t)
	token, err := record.Token()
	if err != nil {
		t.Fatal(err)
	}
	defer token.Close()
	record.Close()
	if token.ID() != "07401b" || !token.Equal(parse(t, sample)) {
		t.Errorf("the token is %v", token)
	}
}

// What the caller wipes is the caller's alone.
func TestWipingWhatWasExposed(t *testing.T) {
	token, record := parse(t, sample), record(t)
	for _, expose := range []func() ([]byte, error){token.Expose, token.ExposeSecret, record.ExposeSecretJSON} {
		text, err := expose()
		if err != nil {
			t.Fatal(err)
		}
		before := string(text)
		clear(text)
		again, err := expose()
		if err != nil || string(again) != before {
			t.Errorf("%q, %v", again, err)
		}
	}
	typed := []byte(sample)
	parsed, err := ParseBytes(typed)
	if err != nil {
		t.Fatal(err)
	}
	defer parsed.Close()
	clear(typed)
	if !parsed.Equal(token) {
		t.Error("the token went with the text it was parsed from")
	}
}

func TestNoSuchEntry(t *testing.T) {
	list, err := ParseSecretListJSON([]byte(`{"items":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for index, want := range map[int]string{
		0:           "'index' is 0, the list has 0 Secrets",
		-1:          "index -1: no Secret has one below 0",
		math.MinInt: "index -9223372036854775808: no Secret has one below 0",
	} {
		_, err := list.Record(index)
		fails(t, "Record", err, ErrInvalidArgument)
		if err.Error() != want || list.Name(index) != "" {
			t.Errorf("it says %q, not %q", err, want)
		}
	}
}

// Whoever reads the log has to find the Secret.
func TestAllNamesTheSecret(t *testing.T) {
	list, err := ParseSecretListJSON([]byte(`{"items":[
		{"type":"bootstrap.kubernetes.io/token","metadata":{"name":"bootstrap-token-aaaaaa"}},
		{"type":"bootstrap.kubernetes.io/token"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	var have []string
	for record, err := range list.All() {
		fails(t, "an empty Secret", err, ErrSecretMissingKey)
		var failure *Error
		if record != nil || !errors.As(err, &failure) {
			t.Errorf("%v, %v", record, err)
		}
		have = append(have, err.Error())
	}
	why := `: its data has no "token-id"`
	if want := []string{`Secret "bootstrap-token-aaaaaa"` + why, "Secret 1 of the list" + why}; !slices.Equal(have, want) {
		t.Errorf("it says %q", have)
	}
}
