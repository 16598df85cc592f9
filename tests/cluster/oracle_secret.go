package main

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	bootstrapapi "k8s.io/cluster-bootstrap/token/api"
	bootstrapsecrets "k8s.io/cluster-bootstrap/util/secrets"
	bootstraptoken "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
	"k8s.io/kubernetes/plugin/pkg/auth/authenticator/token/bootstrap"
)

// The Secret of a token: how it is written, read and judged.
var secretOps = map[string]op{
	"secret_out": request(func(r bootstrapToken) (any, error) {
		token, err := r.internal()
		if err != nil {
			return nil, err
		}
		secret := bootstraptoken.BootstrapTokenToSecret(token)
		if r.Now != nil {
			secret.Data = encodeTokenSecretData(token, *r.Now)
		}
		return secret, nil
	}),
	"secret_in": request(func(r secretRequest) (any, error) {
		token, err := bootstraptoken.BootstrapTokenFromSecret(&r.Secret)
		if err != nil {
			return nil, err
		}
		return token, nil
	}),
	"secret_facts": request(func(r secretRequest) (any, error) {
		now := time.Now()
		if r.Now != nil {
			now = *r.Now
		}
		return facts(&r.Secret, now), nil
	}),
	"authenticate": request(func(r secretRequest) (any, error) {
		authenticator := bootstrap.NewTokenAuthenticator(oneSecret{&r.Secret})
		response, authenticated, err := authenticator.AuthenticateToken(context.Background(), r.Token)
		if err != nil {
			return nil, err
		}
		answer := map[string]any{"authenticated": authenticated}
		if response != nil {
			answer["user"] = response.User.GetName()
			answer["uid"] = response.User.GetUID()
			answer["groups"] = response.User.GetGroups()
			answer["extra"] = response.User.GetExtra()
		}
		return answer, nil
	}),
	"signs": request(func(r secretRequest) (any, error) {
		id, secret, ok := validateSecretForSigning(context.Background(), &r.Secret)
		return map[string]any{"id": id, "secret": secret, "ok": ok}, nil
	}),
}

type secretRequest struct {
	Secret corev1.Secret `json:"secret"`
	Token  string        `json:"token"` // authenticate
	Now    *time.Time    `json:"now"`   // secret_facts
}

// A bootstrapToken is kubeadm's, with the TTL in nanoseconds.
type bootstrapToken struct {
	Token       string       `json:"token"`
	Description string       `json:"description"`
	TTL         *nanoseconds `json:"ttl_ns"`
	Expires     *time.Time   `json:"expires"`
	Usages      []string     `json:"usages"`
	Groups      []string     `json:"groups"`
	Now         *time.Time   `json:"now"`
}

func (b bootstrapToken) internal() (*bootstraptoken.BootstrapToken, error) {
	token, err := bootstraptoken.NewBootstrapTokenString(b.Token)
	if err != nil {
		return nil, err
	}
	internal := &bootstraptoken.BootstrapToken{
		Token:       token,
		Description: b.Description,
		Usages:      b.Usages,
		Groups:      b.Groups,
	}
	if b.TTL != nil {
		internal.TTL = &metav1.Duration{Duration: time.Duration(*b.TTL)}
	}
	if b.Expires != nil {
		internal.Expires = &metav1.Time{Time: *b.Expires}
	}
	return internal, nil
}

// The keys that some component reads.
var secretKeys = []string{
	bootstrapapi.BootstrapTokenIDKey,
	bootstrapapi.BootstrapTokenSecretKey,
	bootstrapapi.BootstrapTokenDescriptionKey,
	bootstrapapi.BootstrapTokenExpirationKey,
	bootstrapapi.BootstrapTokenUsageSigningKey,
	bootstrapapi.BootstrapTokenUsageAuthentication,
	bootstrapapi.BootstrapTokenExtraGroupsKey,
}

func facts(secret *corev1.Secret, now time.Time) map[string]any {
	data := map[string][]byte{}
	for _, key := range secretKeys {
		data[key] = []byte(bootstrapsecrets.GetData(secret, key))
	}
	remaining, isExpired := bootstrapsecrets.GetExpiration(secret, now)
	answer := map[string]any{
		"data":         data,
		"has_expired":  bootstrapsecrets.HasExpired(secret, now),
		"remaining_ns": nanoseconds(remaining),
		"is_expired":   isExpired,
		"name":         parsedName(secret.Name),
	}
	groups, err := bootstrapsecrets.GetGroups(secret)
	if err != nil {
		answer["groups_error"] = err.Error()
	} else {
		answer["groups"] = groups
	}
	return answer
}

// oneSecret is a lister of kube-system that holds a single Secret.
type oneSecret struct{ secret *corev1.Secret }

func (l oneSecret) List(labels.Selector) ([]*corev1.Secret, error) {
	return []*corev1.Secret{l.secret}, nil
}

func (l oneSecret) Get(name string) (*corev1.Secret, error) {
	if name != l.secret.Name {
		return nil, apierrors.NewNotFound(corev1.Resource("secrets"), name)
	}
	return l.secret, nil
}
