package beside

import (
	"testing"

	"bootstraptoken"

	"k8s.io/cluster-bootstrap/token/api"
	"k8s.io/cluster-bootstrap/token/util"
	"k8s.io/cluster-bootstrap/util/secrets"
	"k8s.io/cluster-bootstrap/util/tokens"
)

func TestTokens(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		text := g.damaged(g.token())
		differ(t, text, bootstraptoken.IsValid(text), util.IsValidBootstrapToken(text))

		id, secret, theirs := tokens.ParseToken(text)
		seen.count(theirs == nil)
		token, ours := bootstraptoken.Parse(text)
		differ(t, text, ours == nil, theirs == nil)
		if ours != nil {
			continue
		}
		differ(t, text, token.ID(), id)
		exposed, err := token.ExposeSecret()
		if err != nil {
			t.Fatal(err)
		}
		differ(t, text, string(exposed), secret)
		differ(t, text, token.SecretName(), util.BootstrapTokenSecretName(id))
		differ(t, text, token.JWSKeyName(), api.JWSSignatureKeyPrefix+id)
		whole, err := token.Expose()
		if err != nil {
			t.Fatal(err)
		}
		differ(t, text, string(whole), util.TokenFromIDAndSecret(id, secret))
		token.Close()
	}
	seen.enough(t)
}

func TestParts(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		id, secret := g.damaged(g.text(6)), g.damaged(g.text(16))
		theirs := util.IsValidBootstrapToken(util.TokenFromIDAndSecret(id, secret))
		seen.count(theirs)
		token, err := bootstraptoken.FromParts(id, []byte(secret))
		differ(t, id+" "+secret, err == nil, theirs)
		token.Close()
	}
	seen.enough(t)
}

func TestGenerated(t *testing.T) {
	for range inputs {
		token, err := bootstraptoken.Generate()
		if err != nil {
			t.Fatal(err)
		}
		text, err := token.Expose()
		if err != nil {
			t.Fatal(err)
		}
		if !util.IsValidBootstrapToken(string(text)) {
			t.Fatal("upstream refuses what we generate")
		}
		token.Close()

		theirs, err := util.GenerateBootstrapToken()
		if err != nil {
			t.Fatal(err)
		}
		if !bootstraptoken.IsValid(theirs) {
			t.Fatal("we refuse what upstream generates")
		}
	}
}

func TestIDs(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		id := g.damaged(g.text(6))
		theirs := util.IsValidBootstrapTokenID(id)
		seen.count(theirs)
		differ(t, id, bootstraptoken.IsValidID(id), theirs)
	}
	seen.enough(t)
}

func TestSecretNames(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		name := g.damaged(api.BootstrapTokenSecretPrefix + g.text(6))
		theirs, ok := secrets.ParseName(name)
		seen.count(ok)
		ours, err := bootstraptoken.IDInSecretName(name)
		differ(t, name, err == nil, ok)
		differ(t, name, ours, theirs)
	}
	seen.enough(t)
}
