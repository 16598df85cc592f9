// Package util generates and checks bootstrap tokens and their parts.
package util

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/cluster-bootstrap/internal/core"
	"k8s.io/cluster-bootstrap/token/api"
)

// The forms of texts, compiled. The functions of this package do not use them.
var (
	// BootstrapTokenRegexp is api.BootstrapTokenPattern.
	BootstrapTokenRegexp = regexp.MustCompile(api.BootstrapTokenPattern)
	// BootstrapTokenIDRegexp is api.BootstrapTokenIDPattern.
	BootstrapTokenIDRegexp = regexp.MustCompile(api.BootstrapTokenIDPattern)
	// BootstrapGroupRegexp is api.BootstrapGroupPattern.
	BootstrapGroupRegexp = regexp.MustCompile(api.BootstrapGroupPattern)
)

// GenerateBootstrapToken draws a token from the operating system's randomness.
func GenerateBootstrapToken() (string, error) {
	return core.Generate()
}

// TokenFromIDAndSecret puts a dot between two texts, whatever they are.
func TokenFromIDAndSecret(id, secret string) string {
	return id + "." + secret
}

// IsValidBootstrapToken tells whether a text is a token.
func IsValidBootstrapToken(token string) bool {
	return core.IsToken(token)
}

// IsValidBootstrapTokenID tells whether a text is a token ID.
func IsValidBootstrapTokenID(tokenID string) bool {
	return core.IsID(tokenID)
}

// BootstrapTokenSecretName is the name of a token's Secret, whatever the ID is.
func BootstrapTokenSecretName(tokenID string) string {
	return api.BootstrapTokenSecretPrefix + tokenID
}

// ValidateBootstrapGroupName tells why a text is not an extra group.
func ValidateBootstrapGroupName(name string) error {
	if core.IsGroup(name) {
		return nil
	}
	return fmt.Errorf("bootstrap group %q is invalid (must match %s)", name, api.BootstrapGroupPattern)
}

// ValidateUsages tells which of some texts are not usages.
func ValidateUsages(usages []string) error {
	unknown := slices.DeleteFunc(slices.Clone(usages), core.IsUsage)
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return fmt.Errorf("invalid bootstrap token usage string: %s, valid usage options: %s",
		strings.Join(slices.Compact(unknown), ","), strings.Join(api.KnownTokenUsages, ","))
}
