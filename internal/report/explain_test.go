package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestExplainTellsVariantsAndRules: what a member is for, and what members have to
// keep between them.
func TestExplainTellsVariantsAndRules(t *testing.T) {
	c, err := spec.NewCatalog(&spec.Kind{Name: "Trial", Document: true, Doc: "A trial.", Key: []string{"name"}, Variant: "type",
		List:        spec.Read{Route: "GET /trials", Version: "2023-01-01"},
		Constraints: []spec.Constraint{{CEL: "true", Message: "all is well"}},
		Fields: []spec.Field{
			{Name: "name", Type: spec.String, Doc: "Its name."},
			{Name: "type", Type: spec.String, Doc: "Its type."},
			{Name: "url", Type: spec.String, Required: true, For: []string{"CHAT", "PAGER"}, Doc: "Where to."},
		}})
	if err != nil {
		t.Fatal(err)
	}
	for what, wants := range map[string][]string{
		"Trial":     {"  url   string  required, for CHAT, PAGER\n", "\nRules:\n  all is well\n"},
		"Trial.url": {"  required    for CHAT, PAGER\n"},
	} {
		var b strings.Builder
		if err := Explain(&b, c, what); err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(b.String(), want) {
				t.Errorf("explain %s does not say %q:\n%s", what, want, b.String())
			}
		}
	}
	d, err := ExplainJSON(c, "Trial")
	if err != nil || len(d.Kinds) != 1 || !slices.Equal(d.Kinds[0].Rules, []string{"all is well"}) || !slices.Equal(d.Kinds[0].Fields[2].For, []string{"CHAT", "PAGER"}) {
		t.Errorf("as JSON: %+v, %v", d, err)
	}
}
