// Package tokens takes bootstrap tokens apart.
package tokens

import (
	"fmt"

	"k8s.io/cluster-bootstrap/internal/core"
	"k8s.io/cluster-bootstrap/token/api"
)

// ParseToken takes a token apart. The error does not show the text: it may be a secret with a typing error in it.
func ParseToken(s string) (tokenID, tokenSecret string, err error) {
	if !core.IsToken(s) {
		return "", "", fmt.Errorf("token was not of form [%q]", api.BootstrapTokenPattern)
	}
	return s[:api.BootstrapTokenIDBytes], s[api.BootstrapTokenIDBytes+1:], nil
}
