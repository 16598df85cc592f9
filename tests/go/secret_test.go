package beside

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"bootstraptoken"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cluster-bootstrap/token/api"
	upstream "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
)

// A token as both sides describe it.
func (g generator) record(t *testing.T) (*bootstraptoken.Record, *upstream.BootstrapToken) {
	t.Helper()
	theirs := &upstream.BootstrapToken{Token: &upstream.BootstrapTokenString{ID: g.text(6), Secret: g.text(16)}}
	token, err := bootstraptoken.FromParts(theirs.Token.ID, []byte(theirs.Token.Secret))
	if err != nil {
		t.Fatal(err)
	}
	defer token.Close()
	var options []bootstraptoken.RecordOption
	if g.IntN(2) == 0 {
		theirs.Description = "rack " + g.text(5) + ", \"north\" é 🔒 <&>\n"
		options = append(options, bootstraptoken.WithDescription(theirs.Description))
	}
	if g.IntN(2) == 0 {
		moment := time.Unix(g.Int64N(4_000_000_000), g.Int64N(1_000_000_000))
		theirs.Expires = &metav1.Time{Time: moment}
		options = append(options, bootstraptoken.WithExpiration(moment))
	}
	var usages bootstraptoken.Usages
	for _, name := range api.KnownTokenUsages {
		if g.IntN(2) == 0 {
			usage, err := bootstraptoken.ParseUsage(name)
			if err != nil {
				t.Fatal(err)
			}
			usages |= usage
			theirs.Usages = append(theirs.Usages, name)
		}
	}
	options = append(options, bootstraptoken.WithUsages(usages))
	for range g.IntN(3) {
		theirs.Groups = append(theirs.Groups, "system:bootstrappers:"+g.text(8))
	}
	options = append(options, bootstraptoken.WithGroups(theirs.Groups...))
	ours, err := bootstraptoken.NewBareRecord(token, options...)
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

func TestSecretsOut(t *testing.T) {
	g := generate(t)
	for range inputs {
		ours, theirs := g.record(t)
		text, err := ours.ExposeSecretJSON()
		if err != nil {
			t.Fatal(err)
		}
		var secret corev1.Secret
		if err := json.Unmarshal(text, &secret); err != nil {
			t.Fatal(err)
		}
		differ(t, "kind", secret.APIVersion+" "+secret.Kind, "v1 Secret")
		secret.TypeMeta = metav1.TypeMeta{}
		differ(t, theirs.Token.ID, secret, *upstream.BootstrapTokenToSecret(theirs))
		ours.Close()
	}
}

func TestSecretsIn(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		record, whole := g.record(t)
		record.Close()
		secret := upstream.BootstrapTokenToSecret(whole)
		// One value is damaged, or missing, or a stranger's.
		switch keys := []string{
			api.BootstrapTokenIDKey, api.BootstrapTokenSecretKey, api.BootstrapTokenExpirationKey,
			api.BootstrapTokenUsageSigningKey, api.BootstrapTokenDescriptionKey,
		}; g.IntN(5) {
		case 0:
			key := keys[g.IntN(len(keys))]
			secret.Data[key] = []byte(g.damaged(string(secret.Data[key])))
		case 1:
			delete(secret.Data, keys[g.IntN(len(keys))])
		case 2:
			secret.Name = g.damaged(secret.Name)
		case 3:
			secret.Data["usage-bootstrap-controller-join"] = []byte("true")
		}
		secret.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
		text, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		var again corev1.Secret // with a name as it comes out of JSON
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		theirs, refusal := upstream.BootstrapTokenFromSecret(&again)
		seen.count(refusal == nil)
		ours, err := bootstraptoken.ParseSecretJSON(text)
		if (err == nil) != (refusal == nil) {
			t.Fatalf("%s: we say %v, upstream %v", text, err, refusal)
		}
		if err != nil {
			continue
		}
		same(t, string(text), ours, theirs)
		ours.Close()
	}
	seen.enough(t)
}

func same(t *testing.T, input string, ours *bootstraptoken.Record, theirs *upstream.BootstrapToken) {
	t.Helper()
	token, err := ours.Token()
	if err != nil {
		t.Fatal(err)
	}
	defer token.Close()
	text, err := token.Expose()
	if err != nil {
		t.Fatal(err)
	}
	differ(t, input, string(text), theirs.Token.String())
	if utf8.ValidString(theirs.Description) {
		differ(t, input, ours.Description(), theirs.Description)
	} else {
		// Upstream hands out the bytes; ours is a text, with a sign for what is none.
		differ(t, input, strings.ContainsRune(ours.Description(), utf8.RuneError) && utf8.ValidString(ours.Description()), true)
	}
	differ(t, input, ours.Groups(), theirs.Groups)
	var usages bootstraptoken.Usages
	var others []string
	for _, name := range theirs.Usages {
		if usage, err := bootstraptoken.ParseUsage(name); err == nil {
			usages |= usage
		} else {
			others = append(others, name)
		}
	}
	differ(t, input, ours.Usages(), usages)
	differ(t, input, ours.OtherUsages(), others)
	expiration, expires := ours.Expiration()
	differ(t, input, expires, theirs.Expires != nil)
	if expires {
		differ(t, input, expiration.Unix(), theirs.Expires.Unix())
	}
}
