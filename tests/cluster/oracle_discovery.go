package main

import (
	"fmt"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	kubeadmapi "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm"
	"k8s.io/kubernetes/cmd/kubeadm/app/discovery/file"
	"k8s.io/kubernetes/cmd/kubeadm/app/discovery/token"
	kubeconfigutil "k8s.io/kubernetes/cmd/kubeadm/app/util/kubeconfig"
)

// Whether a real node would join, as far as that is decided by discovery.
var discoveryOps = map[string]op{
	"kubeconfig_cluster": request(func(r input) (any, error) {
		config, err := clientcmd.Load([]byte(r.Input))
		if err != nil {
			return nil, err
		}
		if len(config.Clusters) != 1 {
			return nil, fmt.Errorf("%d clusters", len(config.Clusters))
		}
		_, cluster, err := kubeconfigutil.GetClusterFromKubeConfig(config)
		if err != nil {
			return nil, err
		}
		return map[string]any{"server": cluster.Server, "ca": cluster.CertificateAuthorityData}, nil
	}),
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
