package bootstraptoken_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"bootstraptoken"
)

// The moment of the examples.
var now = time.Date(2030, 5, 1, 10, 0, 0, 0, time.UTC)

// Mint a token and show its Secret, ready for kubectl apply, without the token secret.
func Example() {
	record, err := bootstraptoken.Mint(now, bootstraptoken.WithTTL(2*time.Hour), bootstraptoken.WithDescription("rack 7"))
	if err != nil {
		panic(err)
	}
	defer record.Close()
	text, err := record.ExposeSecretJSON()
	if err != nil {
		panic(err)
	}
	defer clear(text)
	var secret struct {
		Type string
		Data map[string][]byte
	}
	if err := json.Unmarshal(text, &secret); err != nil {
		panic(err)
	}
	fmt.Println(secret.Type)
	for _, key := range []string{"auth-extra-groups", "description", "expiration", "usage-bootstrap-authentication", "usage-bootstrap-signing"} {
		fmt.Printf("%s: %s\n", key, secret.Data[key])
	}
	// Output:
	// bootstrap.kubernetes.io/token
	// auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
	// description: rack 7
	// expiration: 2030-05-01T12:00:00Z
	// usage-bootstrap-authentication: true
	// usage-bootstrap-signing: true
}

func ExampleParse() {
	_, err := bootstraptoken.Parse("07401b.f395accd246ae52D")
	fmt.Println(err)
	fmt.Println(errors.Is(err, bootstraptoken.ErrTokenUpperCase))
	// Output:
	// character 16 of the token secret is an upper-case letter (expected [a-z0-9]{6}\.[a-z0-9]{16})
	// true
}

func ExampleIsValid() {
	fmt.Println(bootstraptoken.IsValid("07401b.f395accd246ae52d"))
	fmt.Println(bootstraptoken.IsValid("07401b.f395accd246ae52d\n"))
	// Output:
	// true
	// false
}

func ExampleToken_String() {
	token, err := bootstraptoken.Parse("07401b.f395accd246ae52d")
	if err != nil {
		panic(err)
	}
	defer token.Close()
	fmt.Printf("%v is %v\n", token, token.Weakness())
	// Output: 07401b.**************** is a public example
}

func ExampleToken_Expose() {
	token, err := bootstraptoken.Parse("07401b.f395accd246ae52d")
	if err != nil {
		panic(err)
	}
	defer token.Close()
	text, err := token.Expose()
	if err != nil {
		panic(err)
	}
	defer clear(text)
	fmt.Printf("%s\n", text)
	// Output: 07401b.f395accd246ae52d
}

func ExampleRecord_ExposeSecretJSON() {
	token, err := bootstraptoken.Parse("07401b.f395accd246ae52d")
	if err != nil {
		panic(err)
	}
	defer token.Close()
	record, err := bootstraptoken.NewBareRecord(token, bootstraptoken.WithExpiration(now.Add(time.Hour)))
	if err != nil {
		panic(err)
	}
	defer record.Close()
	json, err := record.ExposeSecretJSON()
	if err != nil {
		panic(err)
	}
	defer clear(json)
	fmt.Printf("%s\n", json)
	// Output: {"apiVersion":"v1","kind":"Secret","metadata":{"name":"bootstrap-token-07401b","namespace":"kube-system"},"type":"bootstrap.kubernetes.io/token","data":{"expiration":"MjAzMC0wNS0wMVQxMTowMDowMFo=","token-id":"MDc0MDFi","token-secret":"ZjM5NWFjY2QyNDZhZTUyZA=="}}
}

func ExampleParseSecretJSON() {
	record, err := bootstraptoken.ParseSecretJSON([]byte(`{
		"apiVersion": "v1", "kind": "Secret", "type": "bootstrap.kubernetes.io/token",
		"metadata": {"name": "bootstrap-token-07401b", "namespace": "kube-system"},
		"data": {
			"token-id": "MDc0MDFi", "token-secret": "ZjM5NWFjY2QyNDZhZTUyZA==",
			"expiration": "MjAzMC0wNS0wMVQxMDowMDowMFo=", "usage-bootstrap-signing": "dHJ1ZQ=="
		}
	}`))
	if err != nil {
		panic(err)
	}
	defer record.Close()
	expiration, expires := record.Expiration()
	fmt.Println(record.ID(), expires, expiration, record.IsExpired(now))
	fmt.Println(record.Usages() == bootstraptoken.UsageSigning)
	// Output:
	// 07401b true 2030-05-01 10:00:00 +0000 UTC true
	// true
}

func ExampleSecretList_All() {
	list, err := bootstraptoken.ParseSecretListJSON([]byte(`{
		"apiVersion": "v1", "kind": "SecretList", "items": [{
			"type": "bootstrap.kubernetes.io/token", "metadata": {"name": "bootstrap-token-07401b", "namespace": "kube-system"},
			"data": {"token-id": "MDc0MDFi", "token-secret": "ZjM5NWFjY2QyNDZhZTUyZA=="}
		}, {
			"type": "bootstrap.kubernetes.io/token", "metadata": {"name": "bootstrap-token-k3x9qf", "namespace": "kube-system"},
			"data": {"token-id": "azN4OXFm"}
		}]
	}`))
	if err != nil {
		panic(err)
	}
	defer list.Close()
	for record, err := range list.All() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(record.ID())
	}
	// Output:
	// 07401b
	// Secret "bootstrap-token-k3x9qf": its data has no "token-secret"
}

func ExampleToken_Sign() {
	token, err := bootstraptoken.Parse("07401b.f395accd246ae52d")
	if err != nil {
		panic(err)
	}
	defer token.Close()
	jws, err := token.Sign("apiVersion: v1\nkind: Config\n")
	if err != nil {
		panic(err)
	}
	fmt.Println(jws)
	fmt.Println(token.Verify("apiVersion: v1\nkind: Config\n", jws))
	fmt.Println(token.Verify("kind: Another\n", jws))
	// Output:
	// eyJhbGciOiJIUzI1NiIsImtpZCI6IjA3NDAxYiJ9..V7vfbveur77TnlLQz-hsORPxM3IuWz8GI4hOaPAzkdk
	// <nil>
	// another content or another token secret was signed
}

// Nothing but a pin and a token is needed to tell whether a cluster is the right one.
func ExampleClusterInfo_Verify() {
	// What anybody can read: GET /api/v1/namespaces/kube-public/configmaps/cluster-info
	info, typed, pin := clusterInfo()
	token, err := bootstraptoken.Parse(typed)
	if err != nil {
		panic(err)
	}
	defer token.Close()
	cluster, err := info.Verify(token, []bootstraptoken.Pin{pin}, now)
	if err != nil {
		panic(err)
	}
	defer cluster.Close()
	fmt.Println(cluster.Server())

	other := bootstraptoken.Pin("sha256:" + strings.Repeat("ab", 32))
	_, err = info.Verify(token, []bootstraptoken.Pin{other}, now)
	fmt.Println(errors.Is(err, bootstraptoken.ErrNotPinned))
	// Output:
	// https://10.0.0.1:6443
	// true
}

// clusterInfo is a cluster with its token and its pin, from the vectors.
func clusterInfo() (bootstraptoken.ClusterInfo, string, bootstraptoken.Pin) {
	text, err := os.ReadFile("../../tests/vectors/cluster_info.json")
	if err != nil {
		panic(err)
	}
	var vectors []struct {
		Name, Token, Pins string
		ConfigMap         string `json:"config_map"`
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		panic(err)
	}
	for _, vector := range vectors {
		if vector.Name == "pinned" {
			return bootstraptoken.ClusterInfo(vector.ConfigMap), vector.Token, bootstraptoken.Pin(vector.Pins)
		}
	}
	panic("no vector of that name")
}
