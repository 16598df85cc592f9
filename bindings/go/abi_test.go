//go:build !static_build

package bootstraptoken

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A library of another ABI: the program ends before main, and says why.
func TestAnotherABI(t *testing.T) {
	if os.Getenv("BOOTSTRAP_TOKEN_ANOTHER_ABI") != "" {
		t.Skip("this is the program that must not get here")
	}
	folder := t.TempDir()
	source, library := filepath.Join(folder, "another.c"), filepath.Join(folder, "another.so")
	text := "unsigned bootstrap_token_abi_version(void) { return 99; }\n"
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command("cc", "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	program := exec.Command(os.Args[0], "-test.run", "^TestAnotherABI$")
	program.Env = append(os.Environ(), "LD_PRELOAD="+library, "BOOTSTRAP_TOKEN_ANOTHER_ABI=1", "ASAN_OPTIONS=verify_asan_link_order=0")
	output, err := program.CombinedOutput()
	first, _, _ := strings.Cut(string(output), "\n")
	want := "has ABI 99, this program was built for ABI 2: install the library it was built with, or build it anew"
	if err == nil || !strings.HasPrefix(first, "panic: bootstraptoken: libbootstrap_token ") || !strings.HasSuffix(first, want) {
		t.Errorf("%v: %s", err, output)
	}
}
