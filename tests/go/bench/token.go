package main

import (
	"errors"

	"bootstraptoken"

	"k8s.io/cluster-bootstrap/token/util"
	"k8s.io/cluster-bootstrap/util/tokens"
)

const sample = "k3x9qf.7w2mz0r8tc4vb1nj"

var errWrong = errors.New("the answer is wrong")

func right(ok bool) error {
	if !ok {
		return errWrong
	}
	return nil
}

func tokenJobs() ([]job, error) {
	return []job{
		{"check", func() error {
			return right(bootstraptoken.IsValid(sample))
		}, func() error {
			return right(util.IsValidBootstrapToken(sample))
		}},
		{"parse", func() error {
			token, err := bootstraptoken.Parse(sample)
			if err != nil {
				return err
			}
			return token.Close()
		}, func() error {
			_, _, err := tokens.ParseToken(sample)
			return err
		}},
		{"parse and read", func() error {
			token, err := bootstraptoken.Parse(sample)
			if err != nil {
				return err
			}
			defer token.Close()
			secret, err := token.ExposeSecret()
			if err != nil {
				return err
			}
			return right(token.ID() == sample[:6] && len(secret) == 16)
		}, func() error {
			id, secret, err := tokens.ParseToken(sample)
			if err != nil {
				return err
			}
			return right(id == sample[:6] && len(secret) == 16)
		}},
		{"generate", func() error {
			token, err := bootstraptoken.Generate()
			if err != nil {
				return err
			}
			return token.Close()
		}, func() error {
			_, err := util.GenerateBootstrapToken()
			return err
		}},
	}, nil
}
