package core

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func TestEveryCallHasItsDirectives(t *testing.T) {
	text, err := os.ReadFile("core.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`C\.(bootstrap_token_\w+)\(`).FindAllStringSubmatch(string(text), -1)
	if len(calls) < 10 {
		t.Fatalf("there are %d calls", len(calls))
	}
	for _, call := range calls {
		for _, directive := range []string{"noescape", "nocallback"} {
			if call[1] == "bootstrap_token_expose_text" && directive == "noescape" {
				continue
			}
			if !strings.Contains(string(text), "#cgo "+directive+" "+call[1]+"\n") {
				t.Errorf("%s has no directive %s", call[1], directive)
			}
		}
	}
}

// Without cgo the compiler says what to do.
func TestWithoutCgo(t *testing.T) {
	build := exec.Command("go", "build", "k8s.io/cluster-bootstrap/token/jws")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	output, err := build.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "set_CGO_ENABLED_to_1_and_CC_to_a_compiler") {
		t.Errorf("%v: %s", err, output)
	}
}
