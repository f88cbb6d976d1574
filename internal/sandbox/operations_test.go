package sandbox_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// The list in docs/sandbox.md is that of the routes. UPDATE=1 rewrites it.
func TestTheDocsListEveryOperation(t *testing.T) {
	const path = "../../docs/sandbox.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin = "<!-- operations -->\n```text\n"
	head, rest, ok := strings.Cut(string(page), begin)
	listed, tail, ended := strings.Cut(rest, "```\n")
	if !ok || !ended {
		t.Fatalf("%s has no list of operations", path)
	}
	want := strings.Join(sandbox.Operations(), "\n") + "\n"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(head+begin+want+"```\n"+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("%s (-routes +page), rewrite it with UPDATE=1 go test ./internal/sandbox:\n%s", path, diff)
	}
}

// The world that docs/sandbox.md shows is one that the sandbox takes.
func TestTheDocsSeed(t *testing.T) {
	page, err := os.ReadFile("../../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	seed, _, _ := strings.Cut(rest, "```\n")
	a := open(t, optionsOf(seed))
	group := "/groups/" + a.get("/groups").want(200).at("results.0.id")
	equal(t, a.get(group+"/serviceAccounts").each("results", "name"), "ci")
	a.client = a.login("mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_for-trials-only")
	a.get(group).want(200)
	a.patch(group, `{"tags":[]}`).want(403)
}
