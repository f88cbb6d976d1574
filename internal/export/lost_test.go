package export_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

const head = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"

// TestLost: what is told is what the old file says and the new one does not,
// however either is laid out, and none of it is a secret.
func TestLost(t *testing.T) {
	for name, c := range map[string]struct {
		old, fresh string
		want       []string
	}{
		"layout": {
			"teams: [{name: a, members: [Bo@example.com, ana@example.com]}]\n",
			"\nteams:\n  - members:\n      - ana@example.com\n      - bo@example.com\n    name: a\n", nil},
		"a rule for secrets": {
			"serviceAccounts:\n  - name: ci\n    description: d\n    roles: [ORG_MEMBER]\n    secrets: {maxAge: 720h, deliverTo: {file: key}}\n",
			"serviceAccounts:\n  - {name: ci, description: d, roles: [ORG_MEMBER]}\n",
			[]string{"8: org/Acme/serviceAccounts/ci secrets.maxAge", "8: org/Acme/serviceAccounts/ci secrets.deliverTo.file"}},
		"headers": {
			"complete: true\nprune: [teams]\nprotect: [teams/a]\nteams: []\n", "teams: []\n",
			[]string{"4: org/Acme complete", "5: org/Acme prune teams", "6: org/Acme protect teams/a"}},
		"values for baselines": {"vars:\n  size: M10\n", "", []string{"5: org/Acme vars.size"}},
		"an id and a removal": {
			"teams:\n  - {name: a, id: 6b0549d6ce28a1dd3ae7b3c1}\nusers:\n  - {username: left@example.com, state: absent}\n",
			"teams:\n  - {name: a}\n",
			[]string{"5: org/Acme/teams/a id", "6: org/Acme users", "7: org/Acme/users/left@example.com"}},
		"an empty section": {"teams: []\n", "", []string{"4: org/Acme teams"}},
		"comments": {
			"# twice\n# twice\nteams: [] # why\n# their password is hunter2\n# 0123456789abcdef0123\n", "# twice\nteams: []\n",
			[]string{"5: # twice", "6: # why", "7: a comment (not shown: it may hold something secret)", "8: a comment (not shown: it may hold something secret)"}},
		"what export says itself": {"", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			old := spec.File{Name: "a.yaml", Text: head + c.old}
			if name == "what export says itself" {
				old.Text = "# yaml-language-server: $schema=x.json\n# Live in Atlas, and not declared here:\n#   users/a: gone\n" + old.Text
			}
			var got []string
			for _, l := range export.Lost(kinds.Catalog(), old, spec.File{Name: "a.yaml", Text: head + c.fresh}) {
				got = append(got, fmt.Sprintf("%d: %s", l.At.Line, l.What))
				if strings.Contains(l.What, "hunter2") {
					t.Error("a secret is shown")
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
