package bootstraptoken

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

const header = "../../include/bootstrap_token.h"

// The constants of code.go, by their names without Err, in lower case.
func constants(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			name, _ := strings.CutPrefix(spec.Names[0].Name, "Err")
			found[strings.ToLower(name)] = spec.Values[0].(*ast.BasicLit).Value
		}
		return true
	})
	return found
}

func TestCodesAreTheHeaders(t *testing.T) {
	text, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	found := constants(t)
	lines := regexp.MustCompile(`(?m)^ +BOOTSTRAP_TOKEN_RESULT_(\w+) = (\d+),$`).FindAllStringSubmatch(string(text), -1)
	if len(lines) < 50 {
		t.Fatalf("the header has %d codes", len(lines))
	}
	for _, line := range lines {
		name := strings.ToLower(strings.ReplaceAll(line[1], "_", ""))
		if want, have := line[2], found[name]; name != "ok" && have != want {
			t.Errorf("%s is %s in the header, %q here", line[1], want, have)
		}
		delete(found, name)
		var code Code
		fmt.Sscan(line[2], &code)
		if want := "BOOTSTRAP_TOKEN_RESULT_" + line[1]; code.Name() != want {
			t.Errorf("%d has the name %s, not %s", code, code.Name(), want)
		}
	}
	for name := range found {
		t.Errorf("%s is not in the header", name)
	}
}

func TestWeaknessesAreTheHeaders(t *testing.T) {
	text, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`BOOTSTRAP_TOKEN_WEAKNESS_(\w+) = (\d+),`).FindAllStringSubmatch(string(text), -1)
	if len(lines) != 6 {
		t.Fatalf("the header has %d weaknesses", len(lines))
	}
	for _, line := range lines {
		var weakness Weakness
		fmt.Sscan(line[2], &weakness)
		want := strings.ToLower(strings.ReplaceAll(line[1], "_", " "))
		if weakness == OtherWeakness {
			want = "weak"
		}
		if have := weakness.String(); strings.TrimPrefix(have, "a ") != want {
			t.Errorf("%s is %q here", line[1], have)
		}
	}
}

func TestErrorsTellCodeAndReason(t *testing.T) {
	_, err := Parse("07401b.f395accd246ae52D")
	wrapped := fmt.Errorf("reading the token: %w", err)
	if !errors.Is(wrapped, ErrTokenUpperCase) {
		t.Errorf("%v is not ErrTokenUpperCase", wrapped)
	}
	if errors.Is(wrapped, ErrTokenLength) {
		t.Errorf("%v is ErrTokenLength", wrapped)
	}
	var failure *Error
	if !errors.As(wrapped, &failure) || failure.Code != ErrTokenUpperCase {
		t.Fatalf("no *Error of the code in %v", wrapped)
	}
	if want := `character 16 of the token secret is an upper-case letter (expected [a-z0-9]{6}\.[a-z0-9]{16})`; failure.Error() != want {
		t.Errorf("the message is %q, not %q", failure.Error(), want)
	}
	if want := "an upper-case letter"; ErrTokenUpperCase.Error() != want {
		t.Errorf("the code says %q, not %q", ErrTokenUpperCase.Error(), want)
	}
}

func TestErrorOfACodeAlone(t *testing.T) {
	if have, want := (&Error{Code: ErrTokenLength}).Error(), "too short or too long"; have != want {
		t.Errorf("it says %q, not %q", have, want)
	}
}
