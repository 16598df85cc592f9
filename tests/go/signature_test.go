package beside

import (
	"errors"
	"testing"

	"bootstraptoken"

	"k8s.io/cluster-bootstrap/token/jws"
)

func TestSignatures(t *testing.T) {
	g, seen := generate(t), both{}
	for range inputs {
		id, secret, content := g.text(6), g.text(16), g.damaged(g.text(g.IntN(300)))
		theirs, err := jws.ComputeDetachedSignature(content, id, secret)
		if err != nil {
			t.Fatal(err)
		}
		token, err := bootstraptoken.FromParts(id, []byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		ours, err := token.Sign(content)
		if err != nil {
			t.Fatal(err)
		}
		differ(t, content, ours, theirs)

		changed, signature := content, theirs
		switch g.IntN(3) {
		case 0:
			changed = g.damaged(content)
		case 1:
			signature = g.damaged(theirs)
		}
		valid := jws.DetachedTokenIsValid(signature, changed, id, secret)
		seen.count(valid)
		differ(t, signature, token.Verify(changed, signature) == nil, valid)
		token.Close()
	}
	seen.enough(t)
}

// Keys that are no token secrets, which the controller manager's signer takes too.
func TestSignaturesWithKeys(t *testing.T) {
	g := generate(t)
	for range inputs {
		id, key, content := g.text(6), g.damaged(g.text(1+g.IntN(100))), g.text(g.IntN(100))
		if key == "" {
			continue
		}
		theirs, err := jws.ComputeDetachedSignature(content, id, key)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := bootstraptoken.SignWithKey(id, []byte(key), content)
		if err != nil {
			t.Fatal(err)
		}
		differ(t, key, ours, theirs)
		signature := g.damaged(theirs)
		differ(t, signature, bootstraptoken.VerifyWithKey(id, []byte(key), content, signature) == nil,
			jws.DetachedTokenIsValid(signature, content, id, key))
	}
}

// What upstream does and we refuse on purpose.
func TestRefusedOnPurpose(t *testing.T) {
	// A signature by no key at all is one that anybody can make.
	if _, err := jws.ComputeDetachedSignature("content", "07401b", ""); err != nil {
		t.Errorf("upstream refuses an empty key too: %v", err)
	}
	if _, err := bootstraptoken.SignWithKey("07401b", nil, "content"); !errors.Is(err, bootstraptoken.ErrJWSEmptyKey) {
		t.Errorf("an empty key: %v", err)
	}
	// A token ID that is none never comes from a Secret that the cluster takes.
	if _, err := jws.ComputeDetachedSignature("content", `07"01b`, "key"); err != nil {
		t.Errorf("upstream refuses a malformed ID too: %v", err)
	}
	if _, err := bootstraptoken.SignWithKey(`07"01b`, []byte("key"), "content"); !errors.Is(err, bootstraptoken.ErrTokenCharacter) {
		t.Errorf("a malformed ID: %v", err)
	}
}
