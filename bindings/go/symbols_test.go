package bootstraptoken

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Called from C, in the preamble of token.go.
var inC = map[string]string{
	"bootstrap_token_parse_into":      "parse",
	"bootstrap_token_generate_into":   "generate",
	"bootstrap_token_from_parts_into": "from_parts",
	"bootstrap_token_clone_into":      "clone_of",
}

// What the library exports and this package has no use for.
var unused = map[string]string{
	"bootstrap_token_parse":      "a token lies in a keeper",
	"bootstrap_token_generate":   "a token lies in a keeper",
	"bootstrap_token_from_parts": "a token lies in a keeper",
	"bootstrap_token_clone":      "a token lies in a keeper",
	"bootstrap_token_wipe":       "a keeper is cleared without a call of C",
	"bootstrap_token_free":       "no token is C's to free",
}

func TestEveryFunctionIsUsed(t *testing.T) {
	list, err := os.ReadFile("../../include/bootstrap_token.symbols")
	if err != nil {
		t.Fatal(err)
	}
	sources := sources(t)
	for _, symbol := range strings.Fields(string(list)) {
		if by := inC[symbol]; by != "" {
			if !strings.Contains(sources, "made.code = "+symbol+"(") {
				t.Errorf("%s is not used", symbol)
			}
			symbol = by
		}
		called := regexp.MustCompile(`\bC\.` + symbol + `\(`).MatchString(sources)
		if reason, ok := unused[symbol]; ok {
			if called {
				t.Errorf("%s is used, although %s", symbol, reason)
			}
			continue
		}
		if !called {
			t.Errorf("%s is not used", symbol)
		}
		for _, directive := range []string{"noescape", "nocallback"} {
			if !strings.Contains(sources, "#cgo "+directive+" "+symbol+"\n") {
				t.Errorf("%s has no directive %s", symbol, directive)
			}
		}
	}
}

func sources(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(source)
	}
	return text.String()
}
