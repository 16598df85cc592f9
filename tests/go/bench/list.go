package main

import (
	"encoding/json"
	"fmt"
	"strconv"

	"bootstraptoken"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	upstream "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
)

const secrets = 10_000

// complete adds what the API server adds to a Secret.
func complete(secret *corev1.Secret, number int) {
	secret.UID = types.UID(fmt.Sprintf("0b2f6c1e-8d3a-4f57-9e61-%012d", number))
	secret.ResourceVersion = strconv.Itoa(1000 + number)
	secret.CreationTimestamp = metav1.Time{Time: expires.AddDate(0, 0, -1)}
	secret.ManagedFields = []metav1.ManagedFieldsEntry{{
		Manager: "kubeadm", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", FieldsType: "FieldsV1",
		Time:     &secret.CreationTimestamp,
		FieldsV1: &metav1.FieldsV1{Raw: []byte(`{"f:data":{".":{},"f:expiration":{},"f:token-id":{},"f:token-secret":{}},"f:type":{}}`)},
	}}
}

func listJobs() ([]job, error) {
	list := corev1.SecretList{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "SecretList"}}
	for number := range secrets {
		token := theirRecord()
		token.Token.ID = fmt.Sprintf("%06d", number)
		secret := upstream.BootstrapTokenToSecret(token)
		complete(secret, number)
		list.Items = append(list.Items, *secret)
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return []job{
		{"list of 10000, parsed", func() error {
			list, err := bootstraptoken.ParseSecretListJSON(text)
			if err != nil {
				return err
			}
			defer list.Close()
			return right(list.Len() == secrets)
		}, func() error {
			return theirList(text)
		}},
		{"list of 10000, every record read", func() error {
			list, err := bootstraptoken.ParseSecretListJSON(text)
			if err != nil {
				return err
			}
			defer list.Close()
			for record, err := range list.All() {
				if err != nil {
					return err
				}
				expiration, _ := record.Expiration()
				if len(record.ID()) != 6 || record.Usages() != 3 || !expiration.Equal(expires) ||
					len(record.Groups()) != 1 || record.Description() != "rack 7" {
					return errWrong
				}
			}
			return nil
		}, func() error {
			return theirList(text)
		}},
	}, nil
}

func theirList(text []byte) error {
	var list corev1.SecretList
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	for index := range list.Items {
		record, err := upstream.BootstrapTokenFromSecret(&list.Items[index])
		if err != nil {
			return err
		}
		if len(record.Token.ID) != 6 || len(record.Usages) != 2 || len(record.Groups) != 1 || record.Description != "rack 7" {
			return errWrong
		}
	}
	return right(len(list.Items) == secrets)
}
