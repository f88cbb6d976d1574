package kinds

import (
	"go/build"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

const module = "github.com/atlasctl/atlasctl-sync/"

// TestCatalogIsSound fails where a literal names a field, placeholder or kind
// that is not there, and where a constraint is no expression.
func TestCatalogIsSound(t *testing.T) {
	c, err := spec.NewCatalog(Catalog().Kinds()...)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Compile(); err != nil { // which takes too long at every start
		t.Fatal(err)
	}
}

// TestEveryKindHasAnExample keeps the promise of the reference.
func TestEveryKindHasAnExample(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	literals := 0
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") || !strings.Contains(string(source), "= register(func() spec.Kind {") {
			continue
		}
		literals++
		example := filepath.Join("..", "..", "examples", strings.TrimSuffix(f, ".go")+".yaml")
		if _, err := os.Stat(example); err != nil {
			t.Errorf("%s has no example: %v", f, err)
		}
	}
	if literals != len(registered) {
		t.Errorf("%d files hold a literal, %d kinds are registered: one kind a file", literals, len(registered))
	}
}

// TestImports keeps the layers apart: who may import what of ours.
func TestImports(t *testing.T) {
	for pkg, allowed := range map[string][]string{
		"spec":               {},
		"planner":            {"spec"},
		"executor":           {"spec", "planner"},
		"drift":              {"spec", "planner"},
		"internal/atlas":     {"spec", "planner"},
		"internal/deliver":   {"spec", "planner", "internal/files"},
		"internal/live":      {"spec", "planner"},
		"internal/policy":    {"spec", "planner"},
		"internal/planfile":  {"spec", "planner", "internal/files", "internal/seal"},
		"internal/seal":      {},
		"internal/files":     {},
		"internal/format":    {"spec"},
		"internal/edit":      {},
		"internal/adopt":     {"spec", "planner", "internal/edit", "internal/export"},
		"internal/receipt":   {"spec", "planner", "internal/edit", "internal/export", "internal/files", "internal/seal"},
		"internal/export":    {"spec", "planner", "internal/edit", "internal/live", "internal/report"},
		"internal/report":    {"spec", "planner", "drift"},
		"internal/schema":    {"spec"},
		"internal/reference": {"spec"},
		"internal/kinds":     {"spec", "planner", "internal/api"},
		"internal/sandbox":   {"internal/api"},
		"internal/api":       {},
		"internal/contract":  {"internal/api", "internal/sandbox"},
	} {
		p, err := build.ImportDir(filepath.Join("..", "..", filepath.FromSlash(pkg)), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range p.Imports {
			ours, isOurs := strings.CutPrefix(imported, module)
			if isOurs && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s", pkg, ours)
			}
		}
	}
}

// TestEngineNamesNoKind: a kind's name in the engine would be a special case.
func TestEngineNamesNoKind(t *testing.T) {
	for _, dir := range []string{"spec", "planner", "executor", "drift", "internal/live", "internal/report", "internal/schema", "internal/reference", "internal/deliver", "internal/export", "internal/format"} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(dir), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || strings.HasSuffix(f, "notyet.go") { // a list of what Atlas has, for hints
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code := regexp.MustCompile(`//.*`).ReplaceAllString(string(source), "")
			for _, k := range Catalog().Kinds() {
				if strings.Contains(code, `"`+k.Name+`"`) || k.Section != "" && strings.Contains(code, `"`+k.Section+`"`) {
					t.Errorf("%s names the kind %s", f, k.Name)
				}
			}
		}
	}
}
