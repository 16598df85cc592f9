package main

import (
	"time"

	"k8s.io/client-go/tools/clientcmd"
	kubeadmapi "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm"
	"k8s.io/kubernetes/cmd/kubeadm/app/discovery/file"
	"k8s.io/kubernetes/cmd/kubeadm/app/discovery/token"
)

// Whether a real node would join, as far as that is decided by discovery.
var discoveryOps = map[string]op{
	"discover_token": request(func(r discovery) (any, error) {
		config, err := token.RetrieveValidatedConfigInfo(nil, &kubeadmapi.Discovery{
			TLSBootstrapToken: r.Token,
			BootstrapToken: &kubeadmapi.BootstrapTokenDiscovery{
				Token:                    r.Token,
				APIServerEndpoint:        r.Endpoint,
				CACertHashes:             r.Pins,
				UnsafeSkipCAVerification: r.SkipCA,
			},
		}, r.timeout())
		if err != nil {
			return nil, err
		}
		kubeconfig, err := clientcmd.Write(*config)
		return string(kubeconfig), err
	}),
	"discover_file": request(func(r discovery) (any, error) {
		config, err := file.RetrieveValidatedConfigInfo(r.File, r.timeout())
		if err != nil {
			return nil, err
		}
		kubeconfig, err := clientcmd.Write(*config)
		return string(kubeconfig), err
	}),
}

type discovery struct {
	Endpoint string       `json:"endpoint"`
	Token    string       `json:"token"`
	Pins     []string     `json:"pins"`
	SkipCA   bool         `json:"unsafe_skip_ca_verification"`
	File     string       `json:"file"`
	Timeout  *nanoseconds `json:"timeout_ns"`
}

func (d discovery) timeout() time.Duration {
	if d.Timeout == nil {
		return 5 * time.Second
	}
	return time.Duration(*d.Timeout)
}
