// Package api holds the names that a bootstrap token goes by in a cluster.
package api

import v1 "k8s.io/api/core/v1"

// The Secret in which a token is stored, and the keys of its data.
const (
	// SecretTypeBootstrapToken is the type of the Secret.
	SecretTypeBootstrapToken v1.SecretType = "bootstrap.kubernetes.io/token"
	// BootstrapTokenSecretPrefix stands before the token ID in the Secret's name.
	BootstrapTokenSecretPrefix = "bootstrap-token-"
	// BootstrapTokenIDKey is the key of the token ID.
	BootstrapTokenIDKey = "token-id"
	// BootstrapTokenSecretKey is the key of the token secret.
	BootstrapTokenSecretKey = "token-secret"
	// BootstrapTokenExpirationKey is the key of the moment from which the token is refused, RFC 3339.
	BootstrapTokenExpirationKey = "expiration"
	// BootstrapTokenDescriptionKey is the key of what the token is for, in words.
	BootstrapTokenDescriptionKey = "description"
	// BootstrapTokenExtraGroupsKey is the key of the groups beside BootstrapDefaultGroup, commas between.
	BootstrapTokenExtraGroupsKey = "auth-extra-groups"
	// BootstrapTokenUsagePrefix stands before each usage; the value "true" switches it on.
	BootstrapTokenUsagePrefix = "usage-bootstrap-"
	// BootstrapTokenUsageSigningKey lets the token sign cluster-info.
	BootstrapTokenUsageSigningKey = "usage-bootstrap-signing"
	// BootstrapTokenUsageAuthentication lets the token authenticate at the API server.
	BootstrapTokenUsageAuthentication = "usage-bootstrap-authentication"
)

// The ConfigMap by which a cluster shows itself to newcomers, and the keys of its data.
const (
	// ConfigMapClusterInfo is its name.
	ConfigMapClusterInfo = "cluster-info"
	// KubeConfigKey is the key of the kubeconfig.
	KubeConfigKey = "kubeconfig"
	// JWSSignatureKeyPrefix stands before the token ID in the key of a signature.
	JWSSignatureKeyPrefix = "jws-kubeconfig-"
)

// Whom a token authenticates as.
const (
	// BootstrapUserPrefix stands before the token ID in the user's name.
	BootstrapUserPrefix = "system:bootstrap:"
	// BootstrapDefaultGroup is the group of every bootstrap token.
	BootstrapDefaultGroup = "system:bootstrappers"
)

// The forms of texts, as regular expressions.
const (
	// BootstrapGroupPattern is the form of an extra group.
	BootstrapGroupPattern = `\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z`
	// BootstrapTokenPattern is the form of a token.
	BootstrapTokenPattern = `\A([a-z0-9]{6})\.([a-z0-9]{16})\z`
	// BootstrapTokenIDPattern is the form of a token ID.
	BootstrapTokenIDPattern = `\A([a-z0-9]{6})\z`
	// BootstrapTokenIDBytes is the length of a token ID.
	BootstrapTokenIDBytes = 6
	// BootstrapTokenSecretBytes is the length of a token secret.
	BootstrapTokenSecretBytes = 16
)

// KnownTokenUsages are the usages that the cluster's own components know.
var KnownTokenUsages = []string{"signing", "authentication"}
