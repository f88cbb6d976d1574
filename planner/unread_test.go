package planner_test

import (
	"strings"
	"testing"
)

// What was not read although it is declared is no reason to do nothing.
func TestNotRead(t *testing.T) {
	const head = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"
	for file, want := range map[string]string{
		"teams: [{name: a}]\n":        "org/Acme/teams/a: it was not read",
		"prune: [teams]\nteams: []\n": "org/Acme: its teams were not read",
	} {
		p := plan(t, head+file, map[string]string{"Team": ""})
		if got := p.Diagnostics.Err(); got == nil || !strings.Contains(got.Error(), want) || len(p.Steps) > 0 {
			t.Errorf("%s: %v %v", file, got, told(p))
		}
	}
}
