package core

import (
	"os"
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
