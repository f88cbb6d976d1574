package spec_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestShardOf pins the shards of some projects: a new version that moved them would
// skip some and write others twice while both run.
func TestShardOf(t *testing.T) {
	for _, c := range []struct {
		organization, project string
		n, want               int
	}{
		{"Acme", "one", 1, 1}, {"Acme", "one", 3, 3}, {"Acme", "one", 16, 3}, {"Acme", "one", 10_000, 8188},
		{"Acme", "four", 16, 15}, {"", "four", 16, 2}, {"", "payments", 16, 6}, {"Acme", "payments", 10_000, 8261},
	} {
		if got := spec.ShardOf(c.organization, c.project, c.n); got != c.want {
			t.Errorf("%s/%s is in shard %d/%d, want %d", c.organization, c.project, got, c.n, c.want)
		}
	}
}

// TestShardsPartition: whatever projects files declare, each organization and project
// is selected in exactly one of the shards, the organizations' included; and in which
// does not depend on what else is declared, nor on the order of the files.
func TestShardsPartition(t *testing.T) {
	name := rapid.StringMatching(`[a-z][a-zé0-9-]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		orgs := rapid.SliceOfNDistinct(name, 1, 3, rapid.ID).Draw(t, "organizations")
		projects := rapid.SliceOfNDistinct(name, 0, 30, rapid.ID).Draw(t, "projects")
		n := rapid.IntRange(1, 40).Draw(t, "n")
		var documents []string
		for _, o := range orgs {
			documents = append(documents, document("Organization", o, "", "teams: [{name: web}]"))
		}
		for _, p := range projects {
			documents = append(documents, document("Project", p, rapid.SampledFrom(orgs).Draw(t, "of"), "managedSlowMs: {enabled: true}"))
		}
		documents = rapid.Permutation(documents).Draw(t, "order")
		in := map[spec.Address][]int{}
		for k := range n + 1 {
			for _, a := range selected(t, documents, spec.Shard{Index: k, Of: n}) {
				in[a] = append(in[a], k)
			}
		}
		state, _ := spec.LoadFiles(kinds.Catalog(), []spec.File{{Name: "all.yaml", Text: strings.Join(documents, "---\n")}})
		all := 0
		state.Resources(func(r *spec.Resource) {
			all++
			if len(in[r.Address]) != 1 {
				t.Fatalf("%s is in the shards %v of %d", r.Address, in[r.Address], n)
			}
			if organization := r.Address.Project() == ""; organization != (in[r.Address][0] == 0) {
				t.Fatalf("%s is in shard %d", r.Address, in[r.Address][0])
			}
		})
		if len(in) != all {
			t.Fatalf("%d addresses are selected, of %d", len(in), all)
		}
		if len(projects) == 0 {
			return
		}
		i := slices.IndexFunc(documents, func(d string) bool { return strings.Contains(d, "kind: Project") })
		for _, a := range selected(t, documents[i:i+1], spec.Shard{Index: 1, Of: 1}) {
			if k := in[a][0]; !slices.Contains(selected(t, documents[i:i+1], spec.Shard{Index: k, Of: n}), a) {
				t.Fatalf("alone, %s is not in shard %d/%d", a, k, n)
			}
		}
	})
}

// TestShardsMoveLittle: one shard more takes projects from the others, and moves none
// between them; and the shards are about equally full.
func TestShardsMoveLittle(t *testing.T) {
	const projects = 10_000
	for _, n := range []int{1, 4, 16, 99} {
		moved, full := 0, make([]int, n+1)
		for p := range projects {
			was, is := spec.ShardOf("Acme", fmt.Sprintf("project-%d", p), n), spec.ShardOf("Acme", fmt.Sprintf("project-%d", p), n+1)
			full[was]++
			if was == is {
				continue
			}
			if moved++; is != n+1 {
				t.Fatalf("project-%d moves from %d/%d to %d/%d", p, was, n, is, n+1)
			}
		}
		if want := projects / (n + 1); moved < want*7/10 || moved > want*13/10 {
			t.Errorf("from %d to %d shards %d projects move, want about %d", n, n+1, moved, want)
		}
		for k, got := range full[1:] {
			if want := projects / n; got < want/2 || got > want*2 {
				t.Errorf("shard %d/%d has %d projects, want about %d", k+1, n, got, want)
			}
		}
	}
}

func document(kind, name, organization, rest string) string {
	text := fmt.Sprintf("apiVersion: atlasctl-sync/v1\nkind: %s\nname: %q\n", kind, name)
	if organization != "" {
		text += fmt.Sprintf("organization: %q\n", organization)
	}
	return text + rest + "\n"
}

// selected lists what a shard of documents is to write.
func selected(t *rapid.T, documents []string, shard spec.Shard) (out []spec.Address) {
	state, diags := spec.LoadFiles(kinds.Catalog(), []spec.File{{Name: "all.yaml", Text: strings.Join(documents, "---\n")}})
	if diags.HasErrors() {
		t.Fatal(diags.Err())
	}
	if err := state.Select(kinds.Catalog(), spec.Filter{Shard: &shard}); err != nil {
		t.Fatal(err)
	}
	state.Resources(func(r *spec.Resource) {
		if !r.Context {
			out = append(out, r.Address)
		}
	})
	return out
}
