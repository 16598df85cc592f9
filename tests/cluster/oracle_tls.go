package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"time"
)

// Whether crypto/tls takes a server.
var tlsOps = map[string]op{
	"tls_dial": request(func(r tlsDial) (any, error) {
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM([]byte(r.Roots)) {
			return nil, errors.New("no root")
		}
		dialer := &net.Dialer{Timeout: 10 * time.Second}
		config := &tls.Config{RootCAs: roots, ServerName: r.Name, MinVersion: tls.VersionTLS12}
		connection, err := tls.DialWithDialer(dialer, "tcp", r.Address, config)
		if err != nil {
			return nil, err
		}
		return nil, connection.Close()
	}),
}

type tlsDial struct {
	Address string `json:"address"`
	Name    string `json:"name"`
	Roots   string `json:"roots"`
}
