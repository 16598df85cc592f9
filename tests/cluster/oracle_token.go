package main

import (
	"k8s.io/apimachinery/pkg/util/validation/field"
	bootstraputil "k8s.io/cluster-bootstrap/token/util"
	bootstrapsecrets "k8s.io/cluster-bootstrap/util/secrets"
	bootstraptoken "k8s.io/kubernetes/cmd/kubeadm/app/apis/bootstraptoken/v1"
	"k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/validation"
)

// Tokens, and the names that go with them.
var tokenOps = map[string]op{
	"token_is_valid": request(func(r input) (any, error) {
		return bootstraputil.IsValidBootstrapToken(r.Input), nil
	}),
	"token_id_is_valid": request(func(r input) (any, error) {
		return bootstraputil.IsValidBootstrapTokenID(r.Input), nil
	}),
	"token_generate": request(func(struct{}) (any, error) {
		return bootstraputil.GenerateBootstrapToken()
	}),
	"token_parse": request(func(r input) (any, error) {
		return parts(bootstraptoken.NewBootstrapTokenString(r.Input))
	}),
	"token_unmarshal_json": request(func(r input) (any, error) {
		var token bootstraptoken.BootstrapTokenString
		err := token.UnmarshalJSON([]byte(r.Input))
		return parts(&token, err)
	}),
	"group_validate": request(func(r input) (any, error) {
		return nil, bootstraputil.ValidateBootstrapGroupName(r.Input)
	}),
	"usages_validate": request(func(r struct {
		Input []string `json:"input"`
	}) (any, error) {
		return nil, bootstraputil.ValidateUsages(r.Input)
	}),
	"bootstrap_token_validate": request(func(r bootstrapToken) (any, error) {
		token, err := r.internal()
		if err != nil {
			return nil, err
		}
		errs := validation.ValidateBootstrapTokens([]bootstraptoken.BootstrapToken{*token}, field.NewPath("bootstrapTokens"))
		return nil, errs.ToAggregate()
	}),
	"secret_name": request(func(r struct {
		ID string `json:"id"`
	}) (any, error) {
		return bootstraputil.BootstrapTokenSecretName(r.ID), nil
	}),
	"secret_parse_name": request(func(r struct {
		Name string `json:"name"`
	}) (any, error) {
		return parsedName(r.Name), nil
	}),
}

func parts(token *bootstraptoken.BootstrapTokenString, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return map[string]any{"id": token.ID, "secret": token.Secret}, nil
}

func parsedName(name string) map[string]any {
	id, matched := bootstrapsecrets.ParseName(name)
	return map[string]any{"id": id, "matched": matched}
}
