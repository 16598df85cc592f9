package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"

	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/client-go/transport"
)

// What a request by a kubeconfig would carry.
var kubeconfigOps = map[string]op{
	"kubeconfig": request(func(r struct {
		Path  string `json:"path"`
		Input string `json:"input"`
	}) (any, error) {
		var config *clientcmdapi.Config
		var err error
		if r.Path != "" {
			config, err = clientcmd.LoadFromFile(r.Path)
		} else {
			config, err = clientcmd.Load([]byte(r.Input))
		}
		if err != nil {
			return nil, err
		}
		return kubeconfigFacts(config)
	}),
}

// kubeconfigFacts prepares a request as kubeadm does, and does not send it. Relative paths are resolved as kubectl does.
func kubeconfigFacts(loaded *clientcmdapi.Config) (any, error) {
	if err := clientcmd.ResolveLocalPaths(loaded); err != nil {
		return nil, err
	}
	config, err := clientcmd.NewDefaultClientConfig(*loaded, &clientcmd.ConfigOverrides{}).ClientConfig()
	if err != nil {
		return nil, err
	}
	if _, err := clientset.NewForConfig(config); err != nil {
		return nil, err
	}
	base, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, err
	}
	wrapped, err := config.TransportConfig()
	if err != nil {
		return nil, err
	}
	tlsConfig, err := transport.TLSConfigFor(wrapped)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodGet, base.String(), nil)
	if err != nil {
		return nil, err
	}
	sent := &recorder{}
	trip, err := transport.HTTPWrappersForConfig(wrapped, sent)
	if err != nil {
		return nil, err
	}
	if _, err := trip.RoundTrip(request); err != nil {
		return nil, err
	}
	// A request has neither of them.
	base.RawQuery, base.Fragment = "", ""
	facts := map[string]any{
		"server":      strings.TrimSuffix(base.String(), "/"),
		"headers":     sent.headers,
		"ca":          [][]byte{},
		"certificate": []byte{},
		"insecure":    false,
		"server_name": "",
		"proxy":       "",
	}
	if base.Scheme == "https" && tlsConfig != nil {
		facts["insecure"] = tlsConfig.InsecureSkipVerify
		facts["server_name"] = tlsConfig.ServerName
		facts["ca"] = certificates(wrapped.TLS.CAData)
		if tlsConfig.GetClientCertificate != nil {
			certificate, err := tlsConfig.GetClientCertificate(&tls.CertificateRequestInfo{})
			if err != nil {
				return nil, err
			}
			if certificate != nil && len(certificate.Certificate) > 0 {
				facts["certificate"] = certificate.Certificate[0]
			}
		}
	}
	if config.Proxy != nil {
		proxy, err := config.Proxy(request)
		if err != nil {
			return nil, err
		}
		facts["proxy"] = proxy.String()
	}
	return facts, nil
}

// A recorder keeps the headers that tell who asks.
type recorder struct{ headers map[string][]string }

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.headers = map[string][]string{}
	for name, values := range request.Header {
		if name == "Authorization" || strings.HasPrefix(name, "Impersonate-") {
			r.headers[strings.ToLower(name)] = values
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: request}, nil
}

// certificates are those that AppendCertsFromPEM takes.
func certificates(text []byte) [][]byte {
	found := [][]byte{}
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return found
		}
		if block.Type != "CERTIFICATE" || len(block.Headers) != 0 {
			continue
		}
		if certificate, err := x509.ParseCertificate(block.Bytes); err == nil {
			found = append(found, certificate.Raw)
		}
	}
}
