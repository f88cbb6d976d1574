package planner_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const complete = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\ncomplete: true\n"

// TestImpliedSections are told of and counted; they neither prune nor raise a
// ceiling in percent, which counts what is declared.
func TestImpliedSections(t *testing.T) {
	lists := map[string]string{
		"Team":             `[{"id":"1","name":"a"},{"id":"2","name":"b"}]`,
		"OrganizationUser": `[{"id":"3","username":"ana@example.com"},{"id":"4","username":"bo@example.com"}]`,
	}
	half := func(o *planner.Options) { o.MaxDeletes = planner.Ceiling{N: 50, Percent: true} }
	p := plan(t, complete+"prune: [teams]\nteams: []\n", lists, half)
	expect(t, p, "delete org/Acme/teams/b; DELETE /teams/2", "delete org/Acme/teams/a; DELETE /teams/1")
	if len(p.Violations) != 1 || p.Violations[0].Guard != "max-deletes" {
		t.Error(p.Violations)
	}
	if s := p.Summary; s.Unmanaged != 2 || s.Governed != 1 || s.Live != 5 {
		t.Errorf("%+v", s)
	}
}

// TestRenameOfMany: where hundreds are created beside hundreds, no pair of them
// is looked at.
func TestRenameOfMany(t *testing.T) {
	for _, n := range []int{1, 101} {
		var file, live strings.Builder
		for i := range n {
			fmt.Fprintf(&file, "  - {name: new%d, members: [m%d@example.com]}\n", i, i)
		}
		for i := range 100 {
			fmt.Fprintf(&live, `,{"id":"t%d","name":"old%d"}`, i, i)
		}
		var users strings.Builder
		for i := range 101 {
			fmt.Fprintf(&users, `,{"id":"u%d","username":"m%d@example.com","teamIds":["t%d"]}`, i, i, i)
		}
		p := plan(t, strings.Replace(complete, "complete: true\n", "", 1)+"teams:\n"+file.String(),
			map[string]string{"Team": "[" + live.String()[1:] + "]", "OrganizationUser": "[" + users.String()[1:] + "]"})
		if p.Diagnostics.HasErrors() {
			t.Fatal(p.Diagnostics)
		}
		notes := 0
		for _, s := range p.Steps {
			notes += len(s.Notes)
		}
		if (notes == 1) != (n == 1) || notes > 1 {
			t.Errorf("%d created: %d notes", n, notes)
		}
	}
}

// TestDeparts: only what is known to be other than Atlas's default departs.
func TestDeparts(t *testing.T) {
	k := &spec.Kind{Fields: []spec.Field{
		{Name: "known", Type: spec.Bool, Default: true}, {Name: "unknown", Type: spec.String}, {Name: "told", ReadOnly: true, Default: "x"},
		{Name: "key", Type: spec.Object, Switch: &spec.Switch{Field: "on"}, Fields: []spec.Field{{Name: "on", Type: spec.Bool}}},
	}}
	on, off := map[string]any{"on": true}, map[string]any{"on": false}
	for _, c := range []struct {
		values map[string]any
		want   bool
	}{
		{map[string]any{}, false}, {map[string]any{"known": true, "unknown": "a", "told": "y", "key": off}, false},
		{map[string]any{"known": false}, true}, {map[string]any{"key": on}, true},
	} {
		if got := k.Departs(c.values); got != c.want {
			t.Errorf("%v: %v", c.values, got)
		}
	}
}
