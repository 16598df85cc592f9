package main

import (
	"strings"

	"bootstraptoken"

	"k8s.io/cluster-bootstrap/token/jws"
)

// Of the length that a kubeconfig in cluster-info has.
var content = "apiVersion: v1\nkind: Config\n" + strings.Repeat("certificate-authority-data ", 60)

func signatureJobs() ([]job, error) {
	token, err := bootstraptoken.Parse(sample)
	if err != nil {
		return nil, err
	}
	signature, err := token.Sign(content)
	if err != nil {
		return nil, err
	}
	id, secret := sample[:6], sample[7:]
	return []job{
		{"sign", func() error {
			have, err := token.Sign(content)
			if err != nil {
				return err
			}
			return right(have == signature)
		}, func() error {
			have, err := jws.ComputeDetachedSignature(content, id, secret)
			if err != nil {
				return err
			}
			return right(have == signature)
		}},
		{"verify", func() error {
			return token.Verify(content, signature)
		}, func() error {
			return right(jws.DetachedTokenIsValid(signature, content, id, secret))
		}},
	}, nil
}
