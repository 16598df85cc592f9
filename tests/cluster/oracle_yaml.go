package main

import (
	"encoding/json"

	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

// YAML as Go's programs read it: Kubernetes' own by one library, and by the other most that keep manifests for it.
var yamlOps = map[string]op{
	"yaml": request(func(r input) (any, error) {
		text, err := yaml.YAMLToJSON([]byte(r.Input))
		if err != nil {
			return nil, err
		}
		var v3 map[string]any
		if err := yamlv3.Unmarshal([]byte(r.Input), &v3); err != nil {
			return nil, err
		}
		return map[string]any{"kubernetes": json.RawMessage(text), "v3": v3}, nil
	}),
}
