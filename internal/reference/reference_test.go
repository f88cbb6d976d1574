package reference_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/reference"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestPageTellsVariantsAndRules: what a member is for, and what members have to
// keep between them.
func TestPageTellsVariantsAndRules(t *testing.T) {
	c, err := spec.NewCatalog(&spec.Kind{Name: "Trial", Document: true, Doc: "A trial.", Key: []string{"name"}, Variant: "type",
		List:        spec.Read{Route: "GET /trials", Version: "2023-01-01"},
		Constraints: []spec.Constraint{{CEL: "true", Message: "all is well"}},
		Fields: []spec.Field{
			{Name: "name", Type: spec.String, Doc: "Its name."},
			{Name: "type", Type: spec.String, Doc: "Its type."},
			{Name: "url", Type: spec.String, For: []string{"CHAT", "PAGER"}, Doc: "Where to."},
			{Name: "hours", Type: spec.List, Doc: "When.", Constraints: []spec.Constraint{{CEL: "true", Message: "they end after they begin"}},
				Fields: []spec.Field{{Name: "from", Type: spec.Int, Doc: "The first."}}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := reference.Pages(c, func(name string) ([]byte, error) { return []byte("example of " + name + "\n"), nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 2 || pages[0].Name != "trial.md" || pages[1].Name != "README.md" {
		t.Fatal(pages)
	}
	for _, want := range []string{
		"| `url` | string | Where to. Only for `CHAT`, `PAGER`. |\n",
		"\n## Rules\n\n- all is well\n- hours: they end after they begin\n",
		"example of trial.yaml",
	} {
		if !strings.Contains(string(pages[0].Text), want) {
			t.Errorf("the page does not say %q:\n%s", want, pages[0].Text)
		}
	}
}

// TestWords: the page of the words of definitions is current, and has all of them.
func TestWords(t *testing.T) {
	text, err := reference.Words("../../spec")
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile("../../docs/words.md"); err != nil || string(kept) != string(text) {
		t.Errorf("docs/words.md is not what the comments say: make generate (%v)", err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[spec.Kind](), reflect.TypeFor[spec.Field](), reflect.TypeFor[spec.Call](), reflect.TypeFor[spec.Read](), reflect.TypeFor[spec.Cond](), reflect.TypeFor[spec.Rotation]()} {
		for i := range of.NumField() {
			if f := of.Field(i); f.IsExported() && !strings.Contains(string(text), "\n| `"+spec.WordOf(f.Name)+"` | ") {
				t.Errorf("docs/words.md does not have %s of %s", spec.WordOf(f.Name), of.Name())
			}
		}
	}
}
