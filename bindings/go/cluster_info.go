package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import (
	"time"
	"unsafe"
)

// ClusterInfo is the ConfigMap kube-public/cluster-info in JSON, as the API server sends it to anybody. It need not be
// trusted: that is for the methods to find out.
type ClusterInfo []byte

// Verify checks a cluster before joining: that the token signed its kubeconfig, and that a CA certificate in it has one
// of the pins.
//
// It fails with the first reason not to trust it: ErrClusterInfo..., ErrJWS..., ErrKubeconfig..., ErrCertificate...,
// [ErrNotPinned], ErrAuthority...; and with ErrPin... for a pin that is none.
func (c ClusterInfo) Verify(token *Token, pins []Pin, now time.Time) (*Cluster, error) {
	by := token.hold()
	if by == nil {
		return nil, ErrClosed
	}
	defer token.release()
	var object *C.bootstrap_token_cluster
	var reason *C.bootstrap_token_error
	text, wanted := view(c), joined(pins)
	code := C.bootstrap_token_cluster_info_verify(chars(text), size(text), by, chars(wanted), size(wanted),
		C.int64_t(now.Unix()), &object, &reason)
	return newCluster(object, code, reason)
}

// VerifyByCA is Verify with the CA certificates themselves (PEM or DER), as they were handed over beside the token,
// instead of their pins.
func (c ClusterInfo) VerifyByCA(token *Token, certificates []byte, now time.Time) (*Cluster, error) {
	by := token.hold()
	if by == nil {
		return nil, ErrClosed
	}
	defer token.release()
	var object *C.bootstrap_token_cluster
	var reason *C.bootstrap_token_error
	text, wanted := view(c), view(certificates)
	code := C.bootstrap_token_cluster_info_verify_by_ca(chars(text), size(text), by, chars(wanted), size(wanted),
		C.int64_t(now.Unix()), &object, &reason)
	return newCluster(object, code, reason)
}

// DangerVerifyWithoutPin is Verify that trusts whoever knows the token to be the cluster, as
// --discovery-token-unsafe-skip-ca-verification of kubeadm does: everybody who ever held the token can take its place.
func (c ClusterInfo) DangerVerifyWithoutPin(token *Token, now time.Time) (*Cluster, error) {
	by := token.hold()
	if by == nil {
		return nil, ErrClosed
	}
	defer token.release()
	var object *C.bootstrap_token_cluster
	var reason *C.bootstrap_token_error
	text := view(c)
	code := C.bootstrap_token_cluster_info_danger_verify_without_pin(chars(text), size(text), by,
		C.int64_t(now.Unix()), &object, &reason)
	return newCluster(object, code, reason)
}

func newCluster(object *C.bootstrap_token_cluster, code C.bootstrap_token_result, reason *C.bootstrap_token_error) (*Cluster, error) {
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	cluster := &Cluster{}
	cluster.handle.open(unsafe.Pointer(object), freeCluster)
	return cluster, nil
}
