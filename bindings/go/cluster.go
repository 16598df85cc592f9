package bootstraptoken

// #include <bootstrap_token.h>
import "C"

import "unsafe"

// A Cluster is one that there is reason to trust: where its API server is, and its CA certificates that may be trusted.
// It never changes.
type Cluster struct {
	handle handle
}

func freeCluster(object unsafe.Pointer) {
	C.bootstrap_token_cluster_free((*C.bootstrap_token_cluster)(object))
}

// Close frees the cluster, once the calls that use it have returned. Further calls do nothing.
func (c *Cluster) Close() error {
	if c != nil {
		c.handle.close()
	}
	return nil
}

func (c *Cluster) hold() *C.bootstrap_token_cluster {
	if c == nil || !c.handle.hold() {
		return nil
	}
	return (*C.bootstrap_token_cluster)(c.handle.object)
}

func (c *Cluster) release() {
	c.handle.release()
}

// Server is where the API server is, such as https://10.0.0.1:6443; empty after Close.
func (c *Cluster) Server() string {
	object := c.hold()
	if object == nil {
		return ""
	}
	defer c.release()
	var size C.size_t
	text := C.bootstrap_token_cluster_server(object, &size)
	return borrowed(text, size)
}

// CAPEM is the CA certificates that may be trusted, as a PEM bundle: those valid at the moment of the check that the pins or
// the certificates vouch for, or all such of cluster-info's where the token alone did. Nil after Close.
func (c *Cluster) CAPEM() []byte {
	object := c.hold()
	if object == nil {
		return nil
	}
	defer c.release()
	var size C.size_t
	text := C.bootstrap_token_cluster_ca_pem(object, &size)
	return []byte(borrowed(text, size))
}

// ExposeKubeconfig is a kubeconfig by which a kubelet can bootstrap: the cluster, and the token as its credential. As
// secret as the token: clear it after use.
func (c *Cluster) ExposeKubeconfig(token *Token) ([]byte, error) {
	object := c.hold()
	if object == nil {
		return nil, ErrClosed
	}
	defer c.release()
	by := token.hold()
	if by == nil {
		return nil, ErrClosed
	}
	defer token.release()
	var kubeconfig *C.bootstrap_token_bytes
	var reason *C.bootstrap_token_error
	code := C.bootstrap_token_cluster_expose_kubeconfig(object, by, &kubeconfig, &reason)
	if err := failure(code, reason); err != nil {
		return nil, err
	}
	return taken(kubeconfig), nil
}
