package jws

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Upstream signs both.
func TestWhatIsRefusedOnPurpose(t *testing.T) {
	const text, id = "Hello from the other side. I must have called a thousand times.", "joshua"

	// Whoever reads the ConfigMap could sign with a key that everybody knows.
	_, err := ComputeDetachedSignature(text, id, "")
	assert.ErrorContains(t, err, "a key of no bytes is no secret")
	assert.False(t, DetachedTokenIsValid("eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..UfkqvDGiIFxrMnFseDj9LYJOLNrvjW8aHhF71mvvAs8", text, id, ""))
	// An ID that is none has no Secret and no place in cluster-info.
	_, err = ComputeDetachedSignature(text, "Joshua", "my voice is my passcode")
	assert.ErrorContains(t, err, "character 1 of the token ID is an upper-case letter")
}
