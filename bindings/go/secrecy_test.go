package bootstraptoken

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// What is passed where it does not belong; none of it may come back.
const canary = "qx7canary9z9z9z9z9z9z9z9z"

// failing has each function that takes a text, by its name, with one that it refuses; twice where it takes two.
func failing(t *testing.T, text string) map[string]func() error {
	token, record := parse(t, sample), record(t)
	info, other, pins := ClusterInfo(text), ClusterInfo("{}"), []Pin{Pin("sha256:" + strings.Repeat("ab", 32))}
	return map[string]func() error{
		"Parse":                                func() error { return second(Parse(text)) },
		"ParseBytes":                           func() error { return second(ParseBytes([]byte(text))) },
		"FromParts, id":                        func() error { return second(FromParts(text, []byte(sampleSecret))) },
		"FromParts, secret":                    func() error { return second(FromParts("07401b", []byte(text))) },
		"Token.UnmarshalText":                  func() error { return new(Token).UnmarshalText([]byte(text)) },
		"Record.UnmarshalText":                 func() error { return new(Record).UnmarshalText([]byte(text)) },
		"Record.AddGroup":                      func() error { return record.AddGroup(text) },
		"Record.SetDescription":                func() error { return record.SetDescription(text + "\xff") },
		"ParseUsage":                           func() error { return second(ParseUsage(text)) },
		"Identity":                             func() error { return second(Identity(text)) },
		"IDInSecretName":                       func() error { return second(IDInSecretName(text)) },
		"Remaining":                            func() error { return second(Remaining(text, moment)) },
		"ParseSecretJSON":                      func() error { return second(ParseSecretJSON([]byte(text))) },
		"ParseSecretListJSON":                  func() error { return second(ParseSecretListJSON([]byte(text))) },
		"Token.Verify":                         func() error { return token.Verify("", text) },
		"SignWithKey":                          func() error { return second(SignWithKey(text, []byte("key"), "")) },
		"VerifyWithKey, id":                    func() error { return VerifyWithKey(text, []byte("key"), "", "") },
		"VerifyWithKey, jws":                   func() error { return VerifyWithKey("07401b", []byte("key"), "", text) },
		"CAPins":                               func() error { return second(CAPins([]byte(text))) },
		"CheckPins, pins":                      func() error { return CheckPins([]Pin{Pin(text)}, nil) },
		"CheckPins, certificates":              func() error { return CheckPins(pins, []byte(text)) },
		"ClusterInfo.Verify":                   func() error { return second(info.Verify(token, pins, moment)) },
		"ClusterInfo.Verify, pins":             func() error { return second(other.Verify(token, []Pin{Pin(text)}, moment)) },
		"ClusterInfo.VerifyByCA, certificates": func() error { return second(other.VerifyByCA(token, []byte(text), moment)) },
		"ClusterInfo.DangerVerifyWithoutPin":   func() error { return second(info.DangerVerifyWithoutPin(token, moment)) },
	}
}

func TestNoErrorHoldsTheInput(t *testing.T) {
	for _, text := range []string{
		canary, canary + "\xff", "\x00" + canary, "07401b." + canary, "sha256:" + canary, "system:bootstrappers:" + canary + "!",
		`{"kind":"` + canary + `","` + canary + `":1}`, `{"metadata":{"name":"` + canary + `"},"data":{"token-id":"` + canary + `"}}`,
		"-----BEGIN CERTIFICATE-----\n" + canary + "!\n-----END CERTIFICATE-----\n", canary + ".." + canary,
		"07401b.F395ACCD246AE52D", "07401bf395accd246ae52dx", "f395accd246ae52", "07401b.f395accd246ae52d\n", "07401b.f395accd246ae5!d",
	} {
		for what, call := range failing(t, text) {
			err := call()
			if err == nil {
				t.Fatalf("%s takes %q", what, text)
			}
			told := strings.ToLower(fmt.Sprintf("%v %+v %#v %#v", err, err, err, errors.Unwrap(err)))
			if strings.Contains(told, canary[:9]) || strings.Contains(told, sampleSecret[:4]) {
				t.Errorf("%s: %s holds what was passed: %q", what, told, text)
			}
		}
	}
}

// Whatever takes a text and can fail is among them.
func TestEveryTextIsTried(t *testing.T) {
	tried := map[string]bool{"Token.Sign": true} // which takes any
	for what := range failing(t, canary) {
		name, _, _ := strings.Cut(what, ",")
		tried[name] = true
	}
	named := regexp.MustCompile(`(?m)^func (?:\(\w+ (\*?)(\w+)\) )?([A-Z]\w*)\(([^)]*)\) .*error\)? \{$`)
	found := named.FindAllStringSubmatch(sources(t), -1)
	if len(found) < 30 {
		t.Fatalf("there are %d functions", len(found))
	}
	for _, function := range found {
		name := strings.TrimPrefix(function[2]+"."+function[3], ".")
		text := regexp.MustCompile(`string|\[\]byte|Pin`).MatchString(function[4]) || function[2] == "ClusterInfo"
		if text && !tried[name] {
			t.Errorf("%s is not tried", name)
		}
	}
}
