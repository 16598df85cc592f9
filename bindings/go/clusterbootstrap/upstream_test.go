// Package clusterbootstrap_test holds this module to the one that it stands in for: the same exported declarations, and
// upstream's own tests pass. Both are read from the module cache.
package clusterbootstrap_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const upstream = "k8s.io/cluster-bootstrap@v0.37.2"

// upstreamDir is where the module cache holds upstream.
func upstreamDir(t *testing.T) string {
	t.Helper()
	printed, err := exec.Command("go", "mod", "download", "-json", upstream).Output()
	if err != nil {
		t.Fatalf("go mod download %s: %v", upstream, err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(printed, &module); err != nil || module.Dir == "" {
		t.Fatalf("go mod download %s: %v in %s", upstream, err, printed)
	}
	return module.Dir
}

// declared are the exported declarations of a module, by package and name.
func declared(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "internal" {
			return errOr(err, fs.SkipDir)
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		in, _ := filepath.Rel(dir, filepath.Dir(path))
		add := func(name *ast.Ident, node any) {
			if name.IsExported() {
				var text strings.Builder
				_ = printer.Fprint(&text, files, node)
				found[in+"."+name.Name] = text.String()
			}
		}
		for _, declaration := range file.Decls {
			switch declaration := declaration.(type) {
			case *ast.FuncDecl:
				add(declaration.Name, declaration.Type)
			case *ast.GenDecl:
				for _, spec := range declaration.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name, spec)
					case *ast.ValueSpec:
						for i, name := range spec.Names {
							add(name, &ast.ValueSpec{Names: []*ast.Ident{name}, Type: spec.Type, Values: spec.Values[i : i+1]})
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func TestTheSameDeclarations(t *testing.T) {
	theirs, ours := declared(t, upstreamDir(t)), declared(t, ".")
	if len(theirs) < 30 {
		t.Fatalf("upstream declares only %d names", len(theirs))
	}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		if ours[name] != theirs[name] {
			t.Errorf("%s: %q, upstream has %q", name, ours[name], theirs[name])
		}
	}
	for name := range ours {
		if _, there := theirs[name]; !there {
			t.Errorf("%s: upstream has no such name", name)
		}
	}
}

// What upstream's tests ask last in token/jws/jws_test.go and is refused here on purpose: a signature by an empty secret.
// Everything before it is asked as it stands.
const refused = "\n\t// Try with no secret\n"

// withoutRefused is a copy of upstream's test without that question.
func withoutRefused(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), refused)
	question, after, ended := strings.Cut(rest, "\n}\n")
	if !found || !ended || strings.Count(question, "ComputeDetachedSignature(content, id, \"\")") != 1 || strings.Count(question, "Compute") != 1 {
		t.Fatalf("%s asks something else than it did: %s", path, question)
	}
	copied := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(copied, []byte(before+"}\n"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}

func TestUpstreamsOwnTests(t *testing.T) {
	dir := upstreamDir(t)
	replace := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if strings.HasSuffix(path, "_test.go") {
			in, _ := filepath.Rel(dir, path)
			here, _ := filepath.Abs(filepath.Dir(in))
			if in == filepath.Join("token", "jws", "jws_test.go") {
				path = withoutRefused(t, path)
			}
			replace[filepath.Join(here, "upstream_"+filepath.Base(in))] = path
		}
		return err
	})
	if err != nil || len(replace) < 3 {
		t.Fatalf("%v; upstream's tests: %v", err, replace)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	text, _ := json.Marshal(map[string]any{"Replace": replace})
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		t.Fatal(err)
	}
	// Flags and tags of this run are in GOFLAGS, and so reach the tests.
	args := []string{"test", "-count=1", "-overlay", overlay, "-v", "./token/...", "./util/..."}
	printed, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	for _, name := range []string{"TestIsValidBootstrapToken", "TestComputeDetachedSignature", "TestDetachedTokenIsValid", "TestGetGroups", "TestParseSecretName"} {
		if !strings.Contains(string(printed), "--- PASS: "+name) {
			t.Errorf("%s did not run:\n%s", name, printed)
		}
	}
}
