package main

import (
	"bytes"
	"encoding/hex"
	stdjson "encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/util/jsonpath"
	"k8s.io/kubectl/pkg/cmd/get"
)

// JSONPath templates, as kubectl's engine renders them.
var jsonpathOps = map[string]op{
	"jsonpath": request(func(r jsonpathRequest) (any, error) { return r.render() }),
	// Go walks a map in another order each time.
	"jsonpath_outcomes": request(func(r jsonpathRequest) (any, error) {
		seen := map[string]any{}
		for range r.Runs {
			answer := settle(r.render)
			seen[fmt.Sprint(answer)] = answer
			if reflect.DeepEqual(answer, r.Until) || answer["panic"] != nil {
				break
			}
		}
		return slices.Collect(maps.Values(seen)), nil
	}),
}

type jsonpathRequest struct {
	Template     string `json:"template"`
	Data         string `json:"data"`          // JSON text
	AllowMissing bool   `json:"allow_missing"` // --allow-missing-template-keys
	AsJSON       bool   `json:"as_json"`       // -o jsonpath-as-json
	Relaxed      bool   `json:"relaxed"`       // as kubectl reads custom columns and --sort-by
	Typed        bool   `json:"typed"`         // every number a float64, as in objects with a Go type
	Times        int    `json:"times"`         // the parsed template is used so often; the last answer counts

	// Of jsonpath_outcomes: how often at most, and the answer to stop at.
	Runs  int            `json:"runs"`
	Until map[string]any `json:"until"`
}

func (r jsonpathRequest) render() (any, error) {
	// Unstructured objects keep integers; the printer takes others through encoding/json.
	decode := json.Unmarshal
	if r.Typed {
		decode = stdjson.Unmarshal
	}
	var data any
	if err := decode([]byte(r.Data), &data); err != nil {
		return nil, badRequest{err}
	}
	text := r.Template
	if r.Relaxed {
		var err error
		if text, err = get.RelaxedJSONPathExpression(text); err != nil {
			return nil, err
		}
	}
	template := jsonpath.New("out").AllowMissingKeys(r.AllowMissing)
	template.EnableJSONOutput(r.AsJSON)
	if err := template.Parse(text); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for range max(r.Times, 1) {
		out.Reset()
		if err := template.Execute(&out, data); err != nil {
			return nil, err
		}
	}
	if !utf8.Valid(out.Bytes()) {
		return map[string]any{"hex": hex.EncodeToString(out.Bytes())}, nil
	}
	return out.String(), nil
}
