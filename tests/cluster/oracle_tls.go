package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Whether crypto/tls takes a server or a client.
var tlsOps = map[string]op{
	"tls_dial": request(func(r tlsDial) (any, error) {
		config, err := r.config()
		if err != nil {
			return nil, err
		}
		dialer := &net.Dialer{Timeout: 10 * time.Second}
		connection, err := tls.DialWithDialer(dialer, "tcp", r.Address, config)
		if err != nil {
			return nil, err
		}
		return nil, connection.Close()
	}),
	"tls_get": request(func(r tlsDial) (any, error) {
		config, err := r.config()
		if err != nil {
			return nil, err
		}
		transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}
		client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
		response, err := client.Get("https://" + r.Address)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return string(body), err
	}),
	"tls_serve": request(serveTLS),
}

type tlsDial struct {
	Address  string `json:"address"`
	Name     string `json:"name"`
	Roots    string `json:"roots"`
	Identity string `json:"identity"`
}

func (r tlsDial) config() (*tls.Config, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(r.Roots)) {
		return nil, errors.New("no root")
	}
	config := &tls.Config{RootCAs: roots, ServerName: r.Name, MinVersion: tls.VersionTLS12}
	if r.Identity != "" {
		identity, err := tls.X509KeyPair([]byte(r.Identity), []byte(r.Identity))
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{identity}
	}
	return config, nil
}

type tlsServe struct {
	// Certificates and key in PEM.
	PEM     string `json:"pem"`
	Version string `json:"version"`
	// Whether a client must show a certificate, of whatever issuer.
	AsksClient bool `json:"asks_client"`
	// What is answered at each path; without any, the client's certificates.
	Pages map[string]json.RawMessage `json:"pages"`
}

// serveTLS starts a server that stays until the oracle ends, and tells its address.
func serveTLS(r tlsServe) (any, error) {
	certificate, err := tls.X509KeyPair([]byte(r.PEM), []byte(r.PEM))
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	switch r.Version {
	case "1.2":
		config.MaxVersion = tls.VersionTLS12
	case "1.3":
		config.MinVersion = tls.VersionTLS13
	}
	if r.AsksClient {
		config.ClientAuth = tls.RequireAnyClientCert
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return nil, badRequest{err}
	}
	// A refused handshake is an answer, and no news.
	server := &http.Server{Handler: http.HandlerFunc(r.answer), ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(listener)
	return listener.Addr().String(), nil
}

func (r tlsServe) answer(w http.ResponseWriter, asked *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if len(r.Pages) == 0 {
		shown := [][]byte{}
		for _, certificate := range asked.TLS.PeerCertificates {
			shown = append(shown, certificate.Raw)
		}
		json.NewEncoder(w).Encode(shown)
		return
	}
	page, ok := r.Pages[asked.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		page = json.RawMessage(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
	}
	w.Write(page)
}
