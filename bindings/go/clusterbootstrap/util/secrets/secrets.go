// Package secrets reads the Secret that a bootstrap token is stored as.
package secrets

import (
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/cluster-bootstrap/internal/core"
	"k8s.io/cluster-bootstrap/token/api"
	"k8s.io/cluster-bootstrap/token/util"
)

// GetData is a value of the Secret's data, empty if there is none.
func GetData(secret *v1.Secret, key string) string {
	return string(secret.Data[key])
}

// HasExpired tells whether the token is refused at a moment because it has expired.
func HasExpired(secret *v1.Secret, currentTime time.Time) bool {
	_, expired := GetExpiration(secret, currentTime)
	return expired
}

// GetExpiration is the time that is left to the token, and whether there is none left; both zero if it never expires.
// An expiration that cannot be read has passed, and so has each for a clock before 1970, which is a forgotten one.
func GetExpiration(secret *v1.Secret, currentTime time.Time) (timeRemaining time.Duration, isExpired bool) {
	expiration := GetData(secret, api.BootstrapTokenExpirationKey)
	if expiration == "" {
		return 0, false
	}
	remaining, left := core.Remaining(expiration, currentTime)
	return remaining, !left
}

// ParseName is the token ID in the name of a Secret.
func ParseName(name string) (secretID string, ok bool) {
	return core.IDInSecretName(name)
}

// GetGroups are the groups that the token's bearer is in, sorted.
func GetGroups(secret *v1.Secret) ([]string, error) {
	extra := GetData(secret, api.BootstrapTokenExtraGroupsKey)
	groups, refusal := core.Groups(extra)
	if refusal == nil {
		return groups, nil
	}
	// In upstream's words, if one of them is not valid by itself.
	for group := range strings.SplitSeq(extra, ",") {
		if err := util.ValidateBootstrapGroupName(group); err != nil {
			return nil, err
		}
	}
	return nil, refusal
}
