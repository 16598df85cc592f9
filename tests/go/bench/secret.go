package main

import (
	"encoding/json"
	"time"

	"bootstraptoken"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	upstream "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
)

var expires = time.Date(2030, 5, 1, 10, 0, 0, 0, time.UTC)

// What both sides write: all that a token can have.
func theirRecord() *upstream.BootstrapToken {
	return &upstream.BootstrapToken{
		Token:       &upstream.BootstrapTokenString{ID: sample[:6], Secret: sample[7:]},
		Description: "rack 7",
		Expires:     &metav1.Time{Time: expires},
		Usages:      []string{"authentication", "signing"},
		Groups:      []string{bootstraptoken.DefaultGroup},
	}
}

func ourRecord() (*bootstraptoken.Record, error) {
	token, err := bootstraptoken.Parse(sample)
	if err != nil {
		return nil, err
	}
	defer token.Close()
	return bootstraptoken.NewRecord(token, expires.Add(-bootstraptoken.DefaultTTL), bootstraptoken.WithDescription("rack 7"))
}

func secretJobs() ([]job, error) {
	theirs := theirRecord()
	text, err := theirSecret(theirs, 0)
	if err != nil {
		return nil, err
	}
	record, err := ourRecord()
	if err != nil {
		return nil, err
	}
	return []job{
		{"Secret out", func() error {
			text, err := record.ExposeSecretJSON()
			if err != nil {
				return err
			}
			clear(text)
			return nil
		}, func() error {
			_, err := json.Marshal(upstream.BootstrapTokenToSecret(theirs))
			return err
		}},
		{"Secret in", func() error {
			record, err := bootstraptoken.ParseSecretJSON(text)
			if err != nil {
				return err
			}
			defer record.Close()
			expiration, _ := record.Expiration()
			return right(record.ID() == sample[:6] && record.Usages() == 3 && expiration.Equal(expires) &&
				len(record.Groups()) == 1 && record.Description() == "rack 7")
		}, func() error {
			var secret corev1.Secret
			if err := json.Unmarshal(text, &secret); err != nil {
				return err
			}
			record, err := upstream.BootstrapTokenFromSecret(&secret)
			if err != nil {
				return err
			}
			return right(record.Token.ID == sample[:6] && len(record.Usages) == 2 && record.Expires.Equal(&metav1.Time{Time: expires}) &&
				len(record.Groups) == 1 && record.Description == "rack 7")
		}},
	}, nil
}

// theirSecret is the JSON of a Secret as the API server sends it.
func theirSecret(token *upstream.BootstrapToken, number int) ([]byte, error) {
	secret := upstream.BootstrapTokenToSecret(token)
	secret.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
	complete(secret, number)
	return json.Marshal(secret)
}
