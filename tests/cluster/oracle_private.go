package main

import (
	"context"
	"time"
	_ "unsafe" // for go:linkname

	corev1 "k8s.io/api/core/v1"
	bootstraptoken "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
	_ "k8s.io/kubernetes/pkg/controller/bootstrap" // validateSecretForSigning
)

// Upstream functions without an exported way in, or without one that takes
// the time. The empty oracle_private.s lets the compiler accept functions
// without a body.

//go:linkname encodeTokenSecretData k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1.encodeTokenSecretData
func encodeTokenSecretData(token *bootstraptoken.BootstrapToken, now time.Time) map[string][]byte

//go:linkname validateSecretForSigning k8s.io/kubernetes/pkg/controller/bootstrap.validateSecretForSigning
func validateSecretForSigning(ctx context.Context, secret *corev1.Secret) (tokenID, tokenSecret string, ok bool)
