package bootstraptoken

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Without cgo the compiler says what to do.
func TestWithoutCgo(t *testing.T) {
	build := exec.Command("go", "build", ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	output, err := build.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "set_CGO_ENABLED_to_1_and_CC_to_a_compiler") {
		t.Errorf("%v: %s", err, output)
	}
}
