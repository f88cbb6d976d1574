package live_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/executor"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
)

// A long access list is a few requests, one after the other; each entry is a
// step of its own all the same.
func TestEntriesGoOutTogether(t *testing.T) {
	tr := newTrial(t, acme+"projects:\n  - {name: p, organization: Acme}\n", kinds.Catalog().Kind("IPAccessList"))
	var file strings.Builder
	file.WriteString("apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\nteams:\n  - {name: platform, roles: [GROUP_READ_ONLY]}\n  - {name: other, roles: [GROUP_READ_ONLY]}\nipAccessList:\n")
	for n := range 200 {
		fmt.Fprintf(&file, "  - {cidrBlock: 10.0.%d.0/24}\n", n)
	}
	p := tr.read(file.String())
	plan := p.plan()
	tr.requests()
	if err := p.apply(plan, executor.Options{Pace: 0.01}); err != nil {
		t.Fatal(err)
	}
	sent := tr.requests()
	if posts := count(sent, "POST "); posts != 3 || count(sent, "POST /groups/") != 3 || len(plan.Steps) != 202 {
		t.Errorf("%d POSTs for %d steps", posts, len(plan.Steps))
	}
	if plan := tr.read(file.String()).plan(); len(plan.Steps) > 0 || plan.Diagnostics.HasErrors() {
		t.Error(steps(plan), plan.Diagnostics)
	}
}
