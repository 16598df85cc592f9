package bootstraptoken

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const vectors = "../../tests/vectors"

// A vector has the name of its case and the code of the answer.
type vector struct {
	Name, Code string
}

// Each file of vectors, and who runs it.
var runners = map[string]func(*testing.T, []byte){
	"token.json":        run(tokenVector),
	"group.json":        run(groupVector),
	"usage.json":        run(usageVector),
	"identity.json":     run(identityVector),
	"expiration.json":   run(expirationVector),
	"secret_name.json":  run(secretNameVector),
	"secret_in.json":    run(secretInVector),
	"secret_out.json":   run(secretOutVector),
	"secret_list.json":  run(secretListVector),
	"jws.json":          run(jwsVector),
	"jws_key.json":      run(jwsKeyVector),
	"pin.json":          run(pinVector),
	"pin_match.json":    run(pinMatchVector),
	"cluster_info.json": run(clusterInfoVector),
}

func TestVectors(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectors, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range runners {
		if !slices.Contains(files, filepath.Join(vectors, name)) {
			t.Errorf("there is no %s", name)
		}
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			runner := runners[filepath.Base(file)]
			if runner == nil {
				t.Fatal("nobody runs these vectors")
			}
			runner(t, text)
		})
	}
}

// run decodes a file of vectors, of which no field may be left over, and runs each.
func run[V interface{ title() string }](check func(*testing.T, V)) func(*testing.T, []byte) {
	return func(t *testing.T, text []byte) {
		var cases []V
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&cases); err != nil {
			t.Fatal(err)
		}
		if len(cases) == 0 {
			t.Fatal("no vectors")
		}
		for _, vector := range cases {
			t.Run(vector.title(), func(t *testing.T) { check(t, vector) })
		}
	}
}

func (v vector) title() string {
	return v.Name
}

// answers tells whether the code of an error is the one that is wanted, and whether an answer is to be looked at.
func (v vector) answers(t *testing.T, err error) bool {
	t.Helper()
	if have := codeName(err); have != v.Code {
		t.Errorf("%s (%v), not %s", have, err, v.Code)
		return false
	}
	return err == nil
}

func codeName(err error) string {
	var failure *Error
	if errors.As(err, &failure) {
		return strings.TrimPrefix(failure.Code.Name(), "BOOTSTRAP_TOKEN_RESULT_")
	}
	if err != nil {
		return err.Error()
	}
	return "OK"
}

func equal(t *testing.T, what string, have, want any) {
	t.Helper()
	if !reflect.DeepEqual(have, want) {
		t.Errorf("%s is %#v, not %#v", what, have, want)
	}
}

func tokenVector(t *testing.T, v struct {
	vector
	Text, ID, Weakness string
	SecretName         string `json:"secret_name"`
	JWSKeyName         string `json:"jws_key_name"`
}) {
	equal(t, "IsValid", IsValid(v.Text), v.Code == "OK")
	token, err := Parse(v.Text)
	if !v.answers(t, err) {
		return
	}
	defer token.Close()
	equal(t, "the ID", token.ID(), v.ID)
	equal(t, "IsValidID", IsValidID(v.ID), true)
	equal(t, "the Secret's name", token.SecretName(), v.SecretName)
	equal(t, "the signature's key", token.JWSKeyName(), v.JWSKeyName)
	weakness := strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(token.Weakness().String(), "a "), " ", "_"))
	equal(t, "the weakness", weakness, v.Weakness)
	text, err := token.Expose()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the token", string(text), v.Text)
	secret, err := token.ExposeSecret()
	if err != nil {
		t.Fatal(err)
	}
	again, err := FromParts(v.ID, secret)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	equal(t, "equality", again.Equal(token), true)
}

func groupVector(t *testing.T, v struct {
	vector
	Text string
}) {
	equal(t, "IsValidGroup", IsValidGroup(v.Text), v.Code == "OK")
	record := record(t)
	if v.answers(t, record.AddGroup(v.Text)) {
		equal(t, "the groups", record.Groups(), []string{v.Text})
	}
}

func usageVector(t *testing.T, v struct {
	vector
	Text string
}) {
	usage, err := ParseUsage(v.Text)
	if v.answers(t, err) {
		equal(t, "the usage", usageNames(usage), []string{v.Text})
	}
}

func usageNames(usages Usages) []string {
	names := []string{}
	if usages&UsageAuthentication != 0 {
		names = append(names, "authentication")
	}
	if usages&UsageSigning != 0 {
		names = append(names, "signing")
	}
	return names
}

func identityVector(t *testing.T, v struct {
	vector
	ExtraGroups string `json:"extra_groups"`
	Groups      string
}) {
	groups, err := Identity(v.ExtraGroups)
	if v.answers(t, err) {
		equal(t, "the groups", groups, strings.Split(v.Groups, ","))
	}
}

func expirationVector(t *testing.T, v struct {
	vector
	Expiration string
	Now        int64
	Nanosecond int64         `json:"now_nanoseconds"`
	Remaining  time.Duration `json:"remaining_nanoseconds"`
}) {
	now := time.Unix(v.Now, v.Nanosecond)
	remaining, err := Remaining(v.Expiration, now)
	if v.answers(t, err) {
		equal(t, "what remains", remaining, v.Remaining)
	}
	if v.Code != "OK" && v.Code != "EXPIRED" {
		return
	}
	// And of a record, by its Secret.
	secret, err := json.Marshal(map[string]any{
		"metadata": map[string]string{"name": "bootstrap-token-07401b"},
		"data": map[string][]byte{
			"token-id": []byte("07401b"), "token-secret": []byte("f395accd246ae52d"), "expiration": []byte(v.Expiration),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	record, err := ParseSecretJSON(secret)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	equal(t, "expired", record.IsExpired(now), v.Code == "EXPIRED")
}

func secretNameVector(t *testing.T, v struct {
	vector
	Text, ID string
}) {
	id, err := IDInSecretName(v.Text)
	if v.answers(t, err) {
		equal(t, "the ID", id, v.ID)
	}
}

// What a record has.
type parts struct {
	Token       string   `json:"token"`
	Expiration  *int64   `json:"expiration"`
	Usages      []string `json:"usages"`
	OtherUsages []string `json:"other_usages"`
	Groups      []string `json:"groups"`
	Description string   `json:"description"`
}

func partsOf(t *testing.T, record *Record) parts {
	t.Helper()
	token, err := record.Token()
	if err != nil {
		t.Fatal(err)
	}
	defer token.Close()
	text, err := token.Expose()
	if err != nil {
		t.Fatal(err)
	}
	found := parts{
		Token: string(text), Usages: usageNames(record.Usages()),
		OtherUsages: append([]string{}, record.OtherUsages()...),
		Groups:      append([]string{}, record.Groups()...),
		Description: record.Description(),
	}
	if expiration, expires := record.Expiration(); expires {
		seconds := expiration.Unix()
		found.Expiration = &seconds
	}
	return found
}

func secretInVector(t *testing.T, v struct {
	vector
	JSON   string
	Record parts
}) {
	record, err := ParseSecretJSON([]byte(v.JSON))
	if !v.answers(t, err) {
		return
	}
	defer record.Close()
	equal(t, "the record", partsOf(t, record), v.Record)
	if v.Record.Expiration != nil {
		expiration, _ := record.Expiration()
		before := expiration.Add(-time.Nanosecond)
		equal(t, "expired before", record.IsExpired(before), before.Unix() < 0)
	}
}

func secretOutVector(t *testing.T, v struct {
	vector
	Record parts
	Secret any
}) {
	token := parse(t, v.Record.Token)
	options := []RecordOption{WithGroups(v.Record.Groups...), WithDescription(v.Record.Description)}
	var usages Usages
	for _, name := range v.Record.Usages {
		usage, err := ParseUsage(name)
		if err != nil {
			t.Fatal(err)
		}
		usages |= usage
	}
	options = append(options, WithUsages(usages))
	if v.Record.Expiration != nil {
		options = append(options, WithExpiration(time.Unix(*v.Record.Expiration, 0)))
	}
	record, err := NewBareRecord(token, options...)
	if !v.answers(t, err) {
		return
	}
	defer record.Close()
	equal(t, "the record", partsOf(t, record), v.Record)
	text, err := record.ExposeSecretJSON()
	if err != nil {
		t.Fatal(err)
	}
	var secret any
	if err := json.Unmarshal(text, &secret); err != nil {
		t.Fatal(err)
	}
	equal(t, "the Secret", secret, v.Secret)
}

func secretListVector(t *testing.T, v struct {
	vector
	JSON    string
	Entries []struct{ Name, Code, ID string }
}) {
	list, err := ParseSecretListJSON([]byte(v.JSON))
	if !v.answers(t, err) {
		return
	}
	defer list.Close()
	equal(t, "the length", list.Len(), len(v.Entries))
	for index, want := range v.Entries {
		equal(t, "the name", list.Name(index), want.Name)
		record, err := list.Record(index)
		equal(t, "the code", codeName(err), want.Code)
		equal(t, "the ID", record.ID(), want.ID)
	}
	_, err = list.Record(len(v.Entries))
	equal(t, "the code behind the last", codeName(err), "INVALID_ARGUMENT")
}

func jwsVector(t *testing.T, v struct {
	vector
	Token, Content, JWS string
}) {
	token := parse(t, v.Token)
	signature, err := token.Sign(v.Content)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "verification of one's own", token.Verify(v.Content, signature), nil)
	if v.answers(t, token.Verify(v.Content, v.JWS)) {
		equal(t, "the signature", signature, v.JWS)
	}
}

func jwsKeyVector(t *testing.T, v struct {
	vector
	ID, Key, Content, JWS string
}) {
	if v.answers(t, VerifyWithKey(v.ID, []byte(v.Key), v.Content, v.JWS)) {
		signature, err := SignWithKey(v.ID, []byte(v.Key), v.Content)
		equal(t, "the error", err, nil)
		equal(t, "the signature", signature, v.JWS)
	}
}

func pinVector(t *testing.T, v struct {
	vector
	Certificates string
	Pins         []Pin
}) {
	pins, err := CAPins([]byte(v.Certificates))
	if v.answers(t, err) {
		equal(t, "the pins", pins, v.Pins)
		equal(t, "the match", CheckPins(v.Pins[len(v.Pins)-1:], []byte(v.Certificates)), nil)
	}
}

func pinMatchVector(t *testing.T, v struct {
	vector
	Pins, Certificates string
}) {
	v.answers(t, CheckPins(pinsOf(v.Pins), []byte(v.Certificates)))
}

func pinsOf(text string) []Pin {
	var pins []Pin
	for pin := range strings.SplitSeq(text, ",") {
		pins = append(pins, Pin(pin))
	}
	return pins
}

func clusterInfoVector(t *testing.T, v struct {
	vector
	Token      string
	ConfigMap  string `json:"config_map"`
	Now        int64
	Pins       *string
	Certs      *string `json:"certificates"`
	Server     string
	CAPEM      string `json:"ca_pem"`
	Kubeconfig string
}) {
	token, info, now := parse(t, v.Token), ClusterInfo(v.ConfigMap), time.Unix(v.Now, 0)
	var cluster *Cluster
	var err error
	switch {
	case v.Pins != nil:
		cluster, err = info.Verify(token, pinsOf(*v.Pins), now)
	case v.Certs != nil:
		cluster, err = info.VerifyByCA(token, []byte(*v.Certs), now)
	default:
		cluster, err = info.DangerVerifyWithoutPin(token, now)
	}
	if !v.answers(t, err) {
		return
	}
	defer cluster.Close()
	equal(t, "the server", cluster.Server(), v.Server)
	equal(t, "the CA certificates", string(cluster.CAPEM()), v.CAPEM)
	kubeconfig, err := cluster.ExposeKubeconfig(token)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the kubeconfig", string(kubeconfig), v.Kubeconfig)
}
