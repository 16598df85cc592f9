package jws

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What upstream's TestComputeDetachedSignature asks, but for its last question: an empty secret is refused here.
func TestWhatIsRefusedOnPurpose(t *testing.T) {
	const text, id, key = "Hello from the other side. I must have called a thousand times.", "joshua", "my voice is my passcode"

	signature, err := ComputeDetachedSignature(text, id, key)
	assert.NoError(t, err)
	assert.Equal(t, "eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..VShe2taLd-YTrmWuRkcL_8QTNDHYxQIEBsAYYiIj1_8", signature)
	signature, err = ComputeDetachedSignature("", id, key)
	assert.NoError(t, err)
	assert.Equal(t, "eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..7Ui1ALizW4jXphVUB7xUqC9vLYLL9RZeOFfVLoB7Tgk", signature)

	// Whoever reads the ConfigMap could sign with a key that everybody knows.
	_, err = ComputeDetachedSignature(text, id, "")
	assert.ErrorContains(t, err, "a key of no bytes is no secret")
	assert.False(t, DetachedTokenIsValid("eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..UfkqvDGiIFxrMnFseDj9LYJOLNrvjW8aHhF71mvvAs8", text, id, ""))
	// An ID that is none has no Secret and no place in cluster-info.
	_, err = ComputeDetachedSignature(text, "Joshua", key)
	assert.ErrorContains(t, err, "character 1 of the token ID is an upper-case letter")
}
