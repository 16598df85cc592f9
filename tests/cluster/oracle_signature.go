package main

import (
	"crypto/x509"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/cluster-bootstrap/token/jws"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/pubkeypin"
)

// What a joining node trusts: the signature of cluster-info, and public key pins.
var signatureOps = map[string]op{
	"jws_sign": request(func(r signature) (any, error) {
		return jws.ComputeDetachedSignature(string(r.Content), r.ID, r.Secret)
	}),
	"jws_verify": request(func(r signature) (any, error) {
		return jws.DetachedTokenIsValid(r.JWS, string(r.Content), r.ID, r.Secret), nil
	}),
	"pin_parse": request(func(r pins) (any, error) {
		return nil, pubkeypin.NewSet().Allow(r.Pins...)
	}),
	"pin_check": request(func(r pins) (any, error) {
		set := pubkeypin.NewSet()
		if err := set.Allow(r.Pins...); err != nil {
			return nil, err
		}
		certificates, err := r.certificates()
		if err != nil {
			return nil, err
		}
		return nil, set.CheckAny(certificates)
	}),
	"pin_hash": request(func(r pins) (any, error) {
		certificates, err := r.certificates()
		if err != nil {
			return nil, err
		}
		hashes := []string{}
		for _, certificate := range certificates {
			hashes = append(hashes, pubkeypin.Hash(certificate))
		}
		return hashes, nil
	}),
}

type signature struct {
	Content []byte `json:"content"`
	ID      string `json:"id"`
	Secret  string `json:"secret"`
	JWS     string `json:"jws"`
}

type pins struct {
	Pins []string `json:"pins"`
	PEM  string   `json:"pem"`
}

func (p pins) certificates() ([]*x509.Certificate, error) {
	return certutil.ParseCertsPEM([]byte(p.PEM))
}
