// Package examples runs the programs beside it.
package examples

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The programs, built once.
var programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "examples")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		programs = folder
		build := exec.Command("go", "build", "-o", folder+"/", "./...")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

type outcome struct {
	ok             bool
	stdout, stderr string
}

func run(t *testing.T, input, program string, args ...string) outcome {
	t.Helper()
	command := exec.Command(filepath.Join(programs, program), args...)
	var stdout, stderr bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &stdout, &stderr
	err := command.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return outcome{err == nil, stdout.String(), stderr.String()}
}

func TestMint(t *testing.T) {
	minted := run(t, "", "mint", "rack 7")
	if !minted.ok {
		t.Fatal(minted.stderr)
	}
	var secret struct {
		Kind, Type string
		Metadata   struct{ Name, Namespace string }
		Data       map[string]string
	}
	if err := json.Unmarshal([]byte(minted.stdout), &secret); err != nil {
		t.Fatal(err)
	}
	data := map[string]string{}
	for key, value := range secret.Data {
		text, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			t.Fatal(err)
		}
		data[key] = string(text)
	}
	id, password := data["token-id"], data["token-secret"]
	if secret.Kind != "Secret" || secret.Type != "bootstrap.kubernetes.io/token" || secret.Metadata.Namespace != "kube-system" ||
		secret.Metadata.Name != "bootstrap-token-"+id || data["usage-bootstrap-signing"] != "true" ||
		data["usage-bootstrap-authentication"] != "true" || data["description"] != "rack 7" {
		t.Errorf("the Secret is %+v", secret)
	}
	if minted.stderr != id+"."+password+"\n" {
		t.Errorf("stderr is %s", minted.stderr)
	}
	expiration, err := time.Parse(time.RFC3339, data["expiration"])
	if left := time.Until(expiration); err != nil || left > 2*time.Hour || left < time.Hour {
		t.Errorf("%v: it has %v to live", err, left)
	}
	// What was minted is a token to the next program.
	checked := run(t, id+"."+password+"\n", "check")
	if !checked.ok || checked.stdout != id+".**************** is a token\n" {
		t.Errorf("%+v", checked)
	}
}

func TestCheck(t *testing.T) {
	for typed, want := range map[string]string{
		"k3x9qf.7w2mz0r8tc4vb1nJ\n": "check: character 16 of the token secret is an upper-case letter (expected [a-z0-9]{6}\\.[a-z0-9]{16})\n" +
			"A token has small letters only; was it typed with Caps Lock on?\n",
		"abcdef.0123456789abcdef":  "check: abcdef.**************** is easy to guess: a public example\n",
		"k3x9qf.7w2mz0r8tc4vb1n\n": "check: the token secret has 15 characters instead of 16 (expected [a-z0-9]{6}\\.[a-z0-9]{16})\n",
	} {
		checked := run(t, typed, "check")
		if checked.ok || checked.stdout != "" || checked.stderr != want {
			t.Errorf("%+v", checked)
		}
		if secret := typed[7:20]; strings.Contains(checked.stderr, secret) {
			t.Errorf("what was typed is repeated: %s", checked.stderr)
		}
	}
}

func TestVerify(t *testing.T) {
	text, err := os.ReadFile("../../tests/vectors/cluster_info.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name, Token, Pins, Code, Server string
		ConfigMap                       string `json:"config_map"`
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	info, token := filepath.Join(t.TempDir(), "cluster-info.json"), filepath.Join(t.TempDir(), "token")
	for _, vector := range vectors {
		if vector.Name != "pinned" {
			continue
		}
		if err := os.WriteFile(info, []byte(vector.ConfigMap), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(token, []byte(vector.Token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if right := run(t, "", "verify", info, token, vector.Pins); !right.ok || right.stdout != vector.Server+"\n" {
			t.Errorf("%+v", right)
		}
		other := "sha256:" + strings.Repeat("ab", 32)
		if wrong := run(t, "", "verify", info, token, other); wrong.ok || wrong.stdout != "" || !strings.HasPrefix(wrong.stderr, "verify: do not join: ") {
			t.Errorf("%+v", wrong)
		}
		if none := run(t, "", "verify", info, token); none.ok || none.stderr != "verify: usage: verify CLUSTER-INFO TOKEN-FILE PIN...\n" {
			t.Errorf("%+v", none)
		}
		return
	}
	t.Error("there is no vector of a pinned cluster")
}
