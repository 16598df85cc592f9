package bootstraptoken

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

const (
	sample       = "07401b.f395accd246ae52d"
	sampleSecret = "f395accd246ae52d"
)

func parse(t testing.TB, text string) *Token {
	t.Helper()
	token, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { token.Close() })
	return token
}

func record(t testing.TB, options ...RecordOption) *Record {
	t.Helper()
	record, err := NewBareRecord(parse(t, sample), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { record.Close() })
	return record
}

func noSecret(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{
		sampleSecret, hex.EncodeToString([]byte(sampleSecret)), base64.StdEncoding.EncodeToString([]byte(sampleSecret))[:20],
		strings.Trim(fmt.Sprint([]byte(sampleSecret)), "[]"),
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
			t.Errorf("%s shows the token secret: %s", how, text)
		}
	}
}

// Whatever holds a token, and a pointer to it in other values.
func holders(t *testing.T) []any {
	t.Helper()
	token, record := parse(t, sample), record(t, WithDescription("rack 7"))
	text, err := record.ExposeSecretJSON()
	if err != nil {
		t.Fatal(err)
	}
	list, err := ParseSecretListJSON(fmt.Appendf(nil, `{"kind":"SecretList","apiVersion":"v1","items":[%s]}`, text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { list.Close() })
	entry, err := list.Record(0)
	if err != nil {
		t.Fatal(err)
	}
	return []any{
		token, record, list, entry,
		[]*Token{token}, map[string]*Token{"token": token}, struct{ Token *Token }{token}, &struct{ Record *Record }{record},
		fmt.Errorf("no room for %v", token),
		reflect.ValueOf(token).Elem().Interface(), reflect.ValueOf(record).Elem().Interface(),
	}
}

func TestNoVerbShowsTheSecret(t *testing.T) {
	for _, holder := range holders(t) {
		for verb := 'A'; verb <= 'z'; verb++ {
			for _, flags := range []string{"", "+", "#", " ", "0", "-40", ".3", "+#"} {
				format := "%" + flags + string(verb)
				noSecret(t, format, fmt.Sprintf(format, holder))
			}
		}
		noSecret(t, "Sprint", fmt.Sprint(holder))
		noSecret(t, "Sprintln", fmt.Sprintln(holder))
	}
}

func TestNoEncoderShowsTheSecret(t *testing.T) {
	for _, holder := range holders(t) {
		text, _ := json.Marshal(holder)
		noSecret(t, "encoding/json", string(text))
		text, _ = xml.Marshal(holder)
		noSecret(t, "encoding/xml", string(text))
		var buffer bytes.Buffer
		_ = gob.NewEncoder(&buffer).Encode(holder)
		slog.New(slog.NewJSONHandler(&buffer, nil)).Info("minted", "token", holder)
		slog.New(slog.NewTextHandler(&buffer, nil)).Info("minted", "token", holder)
		noSecret(t, "log/slog or encoding/gob", buffer.String())
	}
}

func TestWhatIsShown(t *testing.T) {
	token, record := parse(t, sample), record(t)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if have, want := fmt.Sprintf(format, token), "07401b.****************"; have != want {
			t.Errorf("%s is %s, not %s", format, have, want)
		}
		if have, want := fmt.Sprintf(format, record), "bootstrap-token-07401b"; have != want {
			t.Errorf("%s is %s, not %s", format, have, want)
		}
	}
	if have := token.GoString() + record.GoString(); have != token.String()+record.String() {
		t.Errorf("GoString is %s", have)
	}
	token.Close()
	record.Close()
	if have, want := fmt.Sprint(token, record), "(closed token) (closed record)"; have != want {
		t.Errorf("closed they are %s, not %s", have, want)
	}
}

// What no encoder can write, nobody reads back as something else.
func TestEncodersAreRefused(t *testing.T) {
	type form struct{ Value any }
	token, record := parse(t, sample), record(t)
	for want, holder := range map[string]any{
		"Expose gives its text":             form{token},
		"ExposeSecretJSON gives its Secret": form{record},
	} {
		if text, err := json.Marshal(holder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("encoding/json: %s, %v", text, err)
		}
		if text, err := xml.Marshal(holder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("encoding/xml: %s, %v", text, err)
		}
	}
	for _, text := range []string{`{}`, `"07401b.f395accd246ae52d"`} {
		var token struct{ Token *Token }
		var record struct{ Record *Record }
		if json.Unmarshal([]byte(`{"Token":`+text+`}`), &token) == nil || json.Unmarshal([]byte(`{"Record":`+text+`}`), &record) == nil {
			t.Errorf("%s is read", text)
		}
	}
}

func TestLogs(t *testing.T) {
	var buffer bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&buffer, nil), slog.NewJSONHandler(&buffer, nil)} {
		buffer.Reset()
		slog.New(handler).Info("minted", "token", parse(t, sample), "record", record(t))
		if text := buffer.String(); !strings.Contains(text, "07401b.****************") || !strings.Contains(text, "bootstrap-token-07401b") {
			t.Errorf("%T: %s", handler, text)
		}
	}
}

// What could be another way out of Go's own encoders is not there.
func TestNoOtherMarshaler(t *testing.T) {
	for _, holder := range []any{&Token{}, &Record{}, &SecretList{}, &Cluster{}} {
		for _, method := range []string{"MarshalJSON", "MarshalBinary", "GobEncode", "AppendText"} {
			if _, ok := reflect.TypeOf(holder).MethodByName(method); ok {
				t.Errorf("%T has %s", holder, method)
			}
		}
	}
}
