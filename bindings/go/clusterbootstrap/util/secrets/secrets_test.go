package secrets

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	v1 "k8s.io/api/core/v1"
)

// Upstream takes the token as valid.
func TestWhatIsRefusedOnPurpose(t *testing.T) {
	secret := &v1.Secret{Data: map[string][]byte{"expiration": []byte("2030-05-01T10:00:00Z")}}
	assert.False(t, HasExpired(secret, time.Unix(0, 0)))
	for _, now := range []time.Time{{}, time.Unix(-1, 999_999_999)} {
		remaining, expired := GetExpiration(secret, now)
		assert.Zero(t, remaining)
		assert.True(t, expired)
		assert.True(t, HasExpired(secret, now))
	}
}
