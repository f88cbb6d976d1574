package main

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// bare is a world with an organization, an owner and nothing else, so that
// whatever a target needs is missing.
const bare = "organizations:\n  - {name: Acme, users: [{username: ana@example.com, roles: [ORG_OWNER]}]}\n"

// TestEveryTarget applies an address of each kind of the examples alone, where
// next to nothing exists: it takes along what it needs, or the plan says what
// is missing. It never fails half way.
func TestEveryTarget(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	state, diags := spec.Load(kinds.Catalog(), []string{dir}, nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	targets := map[spec.Address]bool{}
	told := map[string]bool{}
	state.Resources(func(r *spec.Resource) {
		if like := r.Kind.Name; !told[like] || os.Getenv("EVERY") != "" { // make chaos takes all
			told[like], targets[r.Address] = true, true
		}
	})
	var whole atomic.Int32
	t.Cleanup(func() {
		if n := whole.Load(); n < 10 {
			t.Errorf("only %d of %d targets could be applied", n, len(targets))
		}
	})
	for target := range targets {
		for name, seed := range map[string]string{"bare": bare, "seed": ""} {
			t.Run(name+" "+string(target), func(t *testing.T) {
				t.Parallel()
				o := sandbox.Options{}
				if seed != "" {
					o.Seed = []byte(seed)
				}
				s, env := serve(t, o)
				env["KMS_SECRET_ACCESS_KEY"] = "x"
				own := filepath.Join(t.TempDir(), "config") // secrets are delivered beside the files
				if err := os.CopyFS(own, os.DirFS(dir)); err != nil {
					t.Fatal(err)
				}
				code, out := ran(t, env, "apply", "--auto-approve", "--max-deletes", "100", "--target", string(target), own)
				switch {
				case code == exitOK:
					whole.Add(1)
					if code, again := ran(t, env, "plan", "--detailed-exitcode", "--target", string(target), own); code != exitOK {
						t.Errorf("the next plan: exit code %d: %s", code, again)
					}
				case code != exitFile || writes(s) > 0:
					t.Errorf("exit code %d after %d writes: %s", code, writes(s), out)
				}
			})
		}
	}
}
