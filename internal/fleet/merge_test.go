package fleet_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/fleet"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// shards makes n reports of projects and one of the organization, each as a run would
// write it, and reads them back.
func shards(t *rapid.T, n int) []fleet.Report {
	var out []fleet.Report
	for k := range n + 1 {
		d := report.NewDocument("apply", &planner.Plan{})
		d.Shard = &report.Shard{Index: k, Of: n, Tool: "dev", Ended: time.Date(2027, 1, 1, 0, k, 0, 0, time.UTC)}
		for i := range rapid.IntRange(0, 4).Draw(t, "steps") {
			a := spec.Address(fmt.Sprintf("project/p%d-%d", k, i))
			if k == 0 {
				a = spec.Address(fmt.Sprintf("org/Acme/teams/t%d", i))
			}
			d.Steps = append(d.Steps, &planner.Step{Address: a, Kind: "Some", Status: planner.Verified,
				Action: rapid.SampledFrom([]planner.Action{planner.Create, planner.Update, planner.Delete}).Draw(t, "action")})
		}
		d.Summary.None = rapid.IntRange(0, 9).Draw(t, "none")
		d.Stats = report.Stats{Requests: rapid.IntRange(0, 9).Draw(t, "requests"), WallMs: rapid.Int64Range(0, 9).Draw(t, "wall")}
		d.Access = []planner.AccessChange{{Principal: "ana@example.com", PrincipalKind: "user", Before: []string{}, After: []string{"GROUP_OWNER"},
			Targets: []spec.Address{spec.Address(fmt.Sprintf("project/p%d", k))}, Ways: []planner.Way{}}}
		d.Diagnostics.Warnf(spec.Position{File: "all.yaml", Line: 1, Column: 1}, "", "a warning that every run gives")
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		read, err := fleet.Read(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fleet.Report{File: fmt.Sprintf("%d.json", k), Document: read})
	}
	return out
}

func text(t *rapid.T, d *report.Document) string {
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMerge: nothing is lost or told twice, deletions come last, and it does not matter
// in which order the reports are given.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		all := shards(t, n)
		if missing, err := fleet.Check(all, 0); err != nil || len(missing) > 0 {
			t.Fatal(missing, err)
		}
		m := fleet.Merge(all)
		steps, none, requests, wall := 0, 0, 0, int64(0)
		for _, r := range all {
			steps, none, requests, wall = steps+len(r.Document.Steps), none+r.Document.Summary.None, requests+r.Document.Stats.Requests, max(wall, r.Document.Stats.WallMs)
		}
		if len(m.Steps) != steps || m.Summary.None != none || m.Stats.Requests != requests || m.Stats.WallMs != wall {
			t.Fatalf("%d steps, %+v, %+v; want %d, %d, %d, %d", len(m.Steps), m.Summary, m.Stats, steps, none, requests, wall)
		}
		if len(m.Diagnostics) != 1 || len(m.Access) != 1 || len(m.Access[0].Targets) != n+1 {
			t.Fatalf("%v, %+v", m.Diagnostics, m.Access)
		}
		deleting, organizations := false, 0
		for i, s := range m.Steps {
			if deleting = deleting || s.Action == planner.Delete; deleting && s.Action != planner.Delete {
				t.Fatalf("%s %s comes after a deletion", s.Action, s.Address)
			}
			if s.Address.Project() == "" && s.Action != planner.Delete {
				if i != organizations {
					t.Fatalf("%s %s comes after projects", s.Action, s.Address)
				}
				organizations++
			}
		}
		if len(fleet.Twice(m)) > 0 {
			t.Fatal(fleet.Twice(m))
		}
		if again := fleet.Merge(rapid.Permutation(all).Draw(t, "order")); text(t, again) != text(t, m) {
			t.Fatalf("in another order:\n%s\n%s", text(t, again), text(t, m))
		}
		i := rapid.IntRange(0, n).Draw(t, "one of them")
		missing, err := fleet.Check(slices.Delete(slices.Clone(all), i, i+1), n)
		if err != nil || len(missing) != 1 || missing[0].Index != i {
			t.Fatal(missing, err)
		}
		twice := append(slices.Clone(all), all[i])
		if _, err := fleet.Check(twice, n); err == nil || !strings.Contains(err.Error(), "are both of shard") {
			t.Fatal(err)
		}
	})
}

// FuzzRead: no report makes Read or Merge panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"formatVersion":"1","command":"drift","shard":{"index":1,"of":1,"exitCode":2},"findings":[{"class":"missing","address":"project/a","kind":"Project","declared":null}]}`))
	f.Add([]byte(`{"formatVersion":"1","command":"coverage","shard":{"index":0},"scopes":[{"address":"org/Acme","live":1,"kinds":null}]}`))
	f.Add([]byte(`{"formatVersion":"1","command":"apply","shard":{"index":1,"of":1},"steps":[{"address":"","action":"delete","changes":[{"path":"a","before":1e99}]}],"Findings":[{}],"findings":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := fleet.Read(data)
		if err != nil {
			return
		}
		all := []fleet.Report{{File: "a.json", Document: d}}
		if _, err := fleet.Check(all, 1); err == nil {
			fleet.Twice(fleet.Merge(all))
		}
	})
}
