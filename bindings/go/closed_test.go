package bootstraptoken

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"
	"time"
)

// What a closed value answers that is not its type's zero value.
var answersOfTheClosed = map[string]any{"IsExpired": true, "Weakness": OtherWeakness}

// Every method, found by its type, of what is closed, nil, a zero value or a copy: an error, or nothing.
func TestEveryMethodOfWhatIsClosed(t *testing.T) {
	tested := 0
	for _, open := range []func() any{
		func() any { return parse(t, sample) },
		func() any { return record(t) },
		func() any { return listOf(t) },
		func() any { return clusterOf(t) },
	} {
		for state, value := range unusable(open) {
			for index := range value.NumMethod() {
				tested++
				refusesToAnswer(t, state, value.Type().Method(index).Name, value.Method(index))
			}
		}
	}
	if tested < 4*40 {
		t.Errorf("there are %d", tested)
	}
}

func unusable(open func() any) map[string]reflect.Value {
	closed := reflect.ValueOf(open())
	closed.MethodByName("Close").Call(nil)
	kept := reflect.ValueOf(open())
	copied := reflect.New(kept.Type().Elem())
	copied.Elem().Set(kept.Elem())
	return map[string]reflect.Value{
		"closed": closed,
		"nil":    reflect.Zero(closed.Type()),
		"zero":   reflect.New(closed.Type().Elem()),
		"copied": copied,
	}
}

func refusesToAnswer(t *testing.T, state, name string, method reflect.Value) {
	t.Helper()
	switch name {
	case "Close", "Format", "GoString", "LogValue", "String", "MarshalText", "UnmarshalText", "All":
		return // these are looked at in other tests
	}
	var arguments []reflect.Value
	for index := range method.Type().NumIn() {
		argument := reflect.Zero(method.Type().In(index))
		if argument.Type() == reflect.TypeFor[time.Time]() {
			argument = reflect.ValueOf(moment)
		}
		arguments = append(arguments, argument)
	}
	results := method.Call(arguments)
	for index, result := range results {
		if result.Type() == reflect.TypeFor[error]() {
			if err, _ := result.Interface().(error); !errors.Is(err, ErrClosed) {
				t.Errorf("%s of what is %s: %v", name, state, err)
			}
			continue
		}
		if want, ok := answersOfTheClosed[name]; ok && index == 0 && result.Interface() == want {
			continue
		}
		if !result.IsZero() {
			t.Errorf("%s of what is %s answers %v", name, state, result)
		}
	}
}

func listOf(t *testing.T) *SecretList {
	t.Helper()
	secret, err := record(t).ExposeSecretJSON()
	if err != nil {
		t.Fatal(err)
	}
	list, err := ParseSecretListJSON(append(append([]byte(`{"kind":"SecretList","items":[`), secret...), "]}"...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { list.Close() })
	return list
}

func clusterOf(t *testing.T) *Cluster {
	t.Helper()
	text, err := os.ReadFile("../../tests/vectors/cluster_info.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ConfigMap string `json:"config_map"`
		Token     string
		Pins      string
		Now       int64
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	first := cases[0]
	cluster, err := ClusterInfo(first.ConfigMap).Verify(parse(t, first.Token), pinsOf(first.Pins), time.Unix(first.Now, 0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	return cluster
}
