package main

import (
	"errors"
	"slices"
	"time"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/cluster-bootstrap/token/jws"
	"k8s.io/kubernetes/cmd/kubeadm/app/util/pubkeypin"
)

// How long upstream's own functions take, in nanoseconds a call.
var speedOps = map[string]op{
	"jws_sign_ns": request(func(r signature) (any, error) {
		content := string(r.Content)
		return perCall(func() error {
			_, err := jws.ComputeDetachedSignature(content, r.ID, r.Secret)
			return err
		})
	}),
	"jws_verify_ns": request(func(r signature) (any, error) {
		content := string(r.Content)
		return perCall(func() error {
			if !jws.DetachedTokenIsValid(r.JWS, content, r.ID, r.Secret) {
				return errors.New("the signature does not verify")
			}
			return nil
		})
	}),
	// From PEM to pin: the certificate is read in each call.
	"pin_ns": request(func(r pins) (any, error) {
		pem := []byte(r.PEM)
		return perCall(func() error {
			certificates, err := certutil.ParseCertsPEM(pem)
			for _, certificate := range certificates {
				_ = pubkeypin.Hash(certificate)
			}
			return err
		})
	}),
}

// perCall is the median of several batches; the first one is not counted.
func perCall(call func() error) (float64, error) {
	const batches, calls = 15, 1000
	var samples []float64
	for batch := range batches + 1 {
		began := time.Now()
		for range calls {
			if err := call(); err != nil {
				return 0, err
			}
		}
		if batch > 0 {
			samples = append(samples, float64(time.Since(began).Nanoseconds())/calls)
		}
	}
	slices.Sort(samples)
	return samples[batches/2], nil
}
