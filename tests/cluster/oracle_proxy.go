package main

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpproxy"
	"golang.org/x/net/idna"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Through which proxy a server is reached.
var proxyOps = map[string]op{
	"proxy": request(func(r proxyQuestion) (any, error) {
		server, err := url.Parse(r.Server)
		if err != nil {
			return nil, badRequest{err}
		}
		proxy, err := r.proxy(server)
		if err != nil || proxy == nil {
			return nil, err
		}
		port := proxy.Port()
		if port == "" {
			port = proxyPorts[proxy.Scheme]
		}
		// canonicalAddr of net/http.
		host := proxy.Hostname()
		if ascii, err := idna.Lookup.ToASCII(host); err == nil && !isASCII(host) {
			host = ascii
		}
		answer := map[string]any{"scheme": proxy.Scheme, "host": host, "port": port}
		if proxy.User != nil {
			password, _ := proxy.User.Password()
			answer["user"], answer["password"] = proxy.User.Username(), password
		}
		return answer, nil
	}),
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// portMap of net/http.
var proxyPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

var proxyVariables = []string{
	"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD",
}

type proxyQuestion struct {
	Server string `json:"server"`
	// proxy-url of the kubeconfig's cluster.
	ProxyURL    string            `json:"proxy_url"`
	Environment map[string]string `json:"environment"`
}

// The transport of client-go takes the kubeconfig's, or else http.ProxyFromEnvironment, which reads the environment
// once in a process; httpproxy is what it asks.
func (q proxyQuestion) proxy(server *url.URL) (*url.URL, error) {
	config := clientcmdapi.NewConfig()
	config.Clusters["c"] = &clientcmdapi.Cluster{Server: q.Server, ProxyURL: q.ProxyURL}
	config.Contexts["c"] = &clientcmdapi.Context{Cluster: "c"}
	config.CurrentContext = "c"
	rest, err := clientcmd.NewDefaultClientConfig(*config, nil).ClientConfig()
	if err != nil {
		return nil, err
	}
	if rest.Proxy != nil {
		return rest.Proxy(&http.Request{URL: server})
	}
	for _, name := range proxyVariables {
		if value, given := q.Environment[name]; given {
			os.Setenv(name, value)
		} else {
			os.Unsetenv(name)
		}
	}
	return httpproxy.FromEnvironment().ProxyFunc()(server)
}
