// Package jws signs cluster-info's kubeconfig, and verifies its signatures.
package jws

import (
	"fmt"

	"k8s.io/cluster-bootstrap/internal/core"
)

// ComputeDetachedSignature is the signature over a content by a token: a detached JWS, HS256. The ID has to be one, and
// the secret may be any text but the empty one.
func ComputeDetachedSignature(content, tokenID, tokenSecret string) (string, error) {
	signature, err := core.Sign(content, tokenID, tokenSecret)
	if err != nil {
		return "", fmt.Errorf("can't HS256-sign the given token: %w", err)
	}
	return signature, nil
}

// DetachedTokenIsValid tells whether a text is that signature, compared in constant time.
func DetachedTokenIsValid(detachedToken, content, tokenID, tokenSecret string) bool {
	return core.Verify(detachedToken, content, tokenID, tokenSecret)
}
