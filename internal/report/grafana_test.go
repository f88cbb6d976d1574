package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
)

var (
	ourMetric = regexp.MustCompile(`atlasctl_sync_\w+`)
	labelled  = regexp.MustCompile(`(atlasctl_sync_\w+)\{([^}]*)\}`)
	labelName = regexp.MustCompile(`(\w+) *(?:=~|!~|!=|=)`)
	grouped   = regexp.MustCompile(`by \(([^)]*)\)`)
	classes   = regexp.MustCompile(`class=~?"([^"]*)"`)
)

// The dashboard asks for what drift writes, by labels that it has, of classes
// that there are; and shows all of it.
func TestDashboard(t *testing.T) {
	d := report.NewDocument("drift", &planner.Plan{Findings: []planner.Finding{{Class: planner.Changed, Kind: "Team", Address: "project/a/teams/x"}}})
	var written bytes.Buffer
	if err := report.Prometheus(&written, d); err != nil {
		t.Fatal(err)
	}
	labels := map[string][]string{} // of each metric that is written
	for _, line := range strings.Split(written.String(), "\n") {
		if name := ourMetric.FindString(line); name != "" && !strings.HasPrefix(line, "#") {
			labels[name] = append(labels[name], "instance", "job") // which Prometheus adds
			if m := labelled.FindStringSubmatch(line); m != nil {
				for _, l := range labelName.FindAllStringSubmatch(m[2], -1) {
					labels[name] = append(labels[name], l[1])
				}
			}
		}
	}
	if len(labels) < 4 {
		t.Fatalf("only %v is written", labels)
	}
	data, err := os.ReadFile("../../examples/grafana/drift.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		UID, Title string
		Templating struct {
			List []struct{ Name, Type, Definition string }
		}
		Panels []struct {
			ID      int
			Type    string
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(data, &dashboard); err != nil {
		t.Fatal(err)
	}
	var queries []string
	variables := []string{}
	for _, v := range dashboard.Templating.List {
		variables = append(variables, v.Name)
		if v.Type == "query" {
			queries = append(queries, v.Definition)
		}
	}
	ids := map[int]bool{}
	for _, p := range dashboard.Panels {
		if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d, %q: an id that is there twice, no title, no query, or wider than the grid", p.ID, p.Title)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			queries = append(queries, target.Expr)
		}
	}
	if dashboard.UID == "" || dashboard.Title == "" || len(queries) < 10 {
		t.Fatalf("a dashboard of %d queries", len(queries))
	}
	asked := map[string]bool{}
	known := []string{"changed", "missing", "present", "unmanaged", "unverifiable", "pending", "waiting", "released", "accepted"}
	for _, q := range queries {
		names := ourMetric.FindAllString(q, -1)
		if len(names) == 0 {
			t.Errorf("%s asks for nothing of ours", q)
		}
		for _, name := range names {
			asked[name] = true
			if labels[name] == nil {
				t.Errorf("%s: drift writes no %s", q, name)
			}
			for _, m := range labelled.FindAllStringSubmatch(q, -1) {
				for _, l := range labelName.FindAllStringSubmatch(m[2], -1) {
					if !slices.Contains(labels[m[1]], l[1]) {
						t.Errorf("%s: %s has no label %s", q, m[1], l[1])
					}
				}
			}
			for _, m := range grouped.FindAllStringSubmatch(q, -1) {
				for _, l := range strings.Split(m[1], ", ") {
					if !slices.Contains(labels[name], l) {
						t.Errorf("%s: %s has no label %s", q, name, l)
					}
				}
			}
		}
		for _, m := range classes.FindAllStringSubmatch(q, -1) {
			for _, c := range strings.Split(m[1], "|") {
				if !slices.Contains(known, c) {
					t.Errorf("%s: there is no class %s", q, c)
				}
			}
		}
		for _, m := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(q, -1) {
			if !slices.Contains(variables, m[1]) {
				t.Errorf("%s: there is no variable %s", q, m[1])
			}
		}
	}
	for name := range labels {
		if !asked[name] {
			t.Errorf("nothing shows %s", name)
		}
	}
}
