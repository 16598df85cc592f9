package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"

	"golang.org/x/net/idna"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/validation"
	"k8s.io/kubernetes/cmd/kubeadm/app/discovery/token"
)

// Where the spelling of an address leads.
var addressOps = map[string]op{
	// As the argument of `kubeadm join`.
	"address_join": request(func(r input) (any, error) {
		faults := validation.ValidateDiscoveryTokenAPIServer(r.Input, field.NewPath("discovery"))
		if len(faults) > 0 {
			return nil, faults.ToAggregate()
		}
		return dialed(token.BuildInsecureBootstrapKubeConfig(r.Input))
	}),
	// As `server` in a kubeconfig.
	"address_server": request(func(r input) (any, error) {
		config := clientcmdapi.NewConfig()
		config.Clusters["c"] = &clientcmdapi.Cluster{Server: r.Input}
		config.Contexts["c"] = &clientcmdapi.Context{Cluster: "c"}
		config.CurrentContext = "c"
		return dialed(config)
	}),
	// As net/http, and httpproxy, write a host name.
	"idna": request(func(r input) (any, error) {
		return idna.Lookup.ToASCII(r.Input)
	}),
}

// dialed is the HOST:PORT that a request by a kubeconfig asks the network for.
func dialed(kubeconfig *clientcmdapi.Config) (any, error) {
	config, err := clientcmd.NewDefaultClientConfig(*kubeconfig, &clientcmd.ConfigOverrides{}).ClientConfig()
	if err != nil {
		return nil, err
	}
	var address string
	config.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	config.Dial = func(_ context.Context, _, asked string) (net.Conn, error) {
		address = asked
		return nil, errors.New("this is far enough")
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	_, err = client.CoreV1().ConfigMaps(metav1.NamespacePublic).Get(context.Background(), "cluster-info", metav1.GetOptions{})
	if address == "" {
		return nil, err
	}
	// As the dialer does that was not asked.
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return nil, err
	}
	return address, nil
}
