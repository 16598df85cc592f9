package bootstraptoken

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every piece of Go in the README compiles as it stands, and the first one does what it promises.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	pieces := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(pieces) != 5 {
		t.Fatalf("the README has %d pieces of Go", len(pieces))
	}
	_, mint, _ := strings.Cut(pieces[0][1], "func mint")
	mint, _, _ = strings.Cut(mint, "\n}\n")
	if lines := strings.Count(mint, "\n"); lines == 0 || lines > 10 {
		t.Errorf("the first has %d lines", lines)
	}
	// This one needs client-go, which a program of the tests has.
	installer, err := os.ReadFile("../../tests/go/installer/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.ReplaceAll("\n"+strings.TrimSuffix(pieces[1][1], "\n"), "\n", "\n\t"); !strings.Contains(string(installer), lines) {
		t.Error("the installer does not write a Secret as the README does")
	}
	program := `package main

import (
	"errors"
	"fmt"
	"log"

	"bootstraptoken"
)

func check(typed string) {
` + pieces[2][1] + `}

func show(token *bootstraptoken.Token) error {
` + pieces[3][1] + `	return nil
}

func all(list *bootstraptoken.SecretList) {
` + pieces[4][1] + `}
`
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, content := range map[string]string{
		"mint.go":   pieces[0][1],
		"pieces.go": program,
		"go.mod":    "module readme\n\ngo 1.26\n\nrequire bootstraptoken v0.0.0\n\nreplace bootstraptoken => " + here + "\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// The first is a whole program, and all of them together are one.
	for _, what := range []string{"mint.go", "."} {
		command := exec.Command("go", "run", what)
		command.Dir = folder
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", what, err, output)
		}
	}
	secret, err := os.ReadFile(filepath.Join(folder, "secret.json"))
	if err != nil {
		t.Fatal(err)
	}
	record, err := ParseSecretJSON(secret)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	if record.Usages() != UsageAuthentication|UsageSigning || strings.Join(record.Groups(), " ") != DefaultGroup || !expires(record) {
		t.Errorf("the Secret is of %v with %v and %v", record, record.Usages(), record.Groups())
	}
}
