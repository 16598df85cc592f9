package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"k8s.io/client-go/rest"
)

const (
	pollInterval = 50 * time.Millisecond
	probeTimeout = 2 * time.Second
	readyTimeout = 60 * time.Second
)

// A probe asks a component whether it is ready.
type probe struct {
	client *http.Client
	url    string
	answer string // a part of the answer of a healthy one
}

func etcdProbe(p ports) probe {
	return probe{
		client: &http.Client{Timeout: probeTimeout, Transport: &http.Transport{DisableKeepAlives: true}},
		url:    "http://" + address(p.etcdClient) + "/health",
		answer: `"health":"true"`,
	}
}

// The API server is asked with the administrator's certificate, so that it
// also answers when a test has switched anonymous requests off.
func apiServerProbe(config *rest.Config) (probe, error) {
	tlsConfig, err := rest.TLSConfigFor(config)
	if err != nil {
		return probe{}, err
	}
	return probe{
		client: &http.Client{
			Timeout:   probeTimeout,
			Transport: &http.Transport{TLSClientConfig: tlsConfig, DisableKeepAlives: true},
		},
		url:    config.Host + "/readyz",
		answer: "ok",
	}, nil
}

func controllerManagerProbe(p ports) probe {
	return probe{
		client: &http.Client{
			Timeout: probeTimeout,
			Transport: &http.Transport{
				DisableKeepAlives: true,
				// It makes a certificate of its own at each start, and nothing secret is asked.
				TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
			},
		},
		// Without its controllers it already serves, and ends if it cannot
		// reach the API server; the checks are those of the controllers.
		url:    "https://" + address(p.controllerManager) + "/healthz?verbose",
		answer: "-controller ok",
	}
}

func (p probe) healthy() bool {
	response, err := p.client.Get(p.url)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	return err == nil && response.StatusCode == http.StatusOK && strings.Contains(string(body), p.answer)
}

// poll waits until a condition holds.
func poll(what string, holds func() (bool, error)) error {
	for deadline := time.Now().Add(readyTimeout); time.Now().Before(deadline); time.Sleep(pollInterval) {
		if ok, err := holds(); ok || err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: not within %v", what, readyTimeout)
}
