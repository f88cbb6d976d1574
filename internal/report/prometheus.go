package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Prometheus writes a drift report as metrics for a textfile collector, in
// the text exposition format 0.0.4.
func Prometheus(w io.Writer, d *Document) error {
	type series struct {
		kind, project string
		class         planner.Class
	}
	resources := map[series]map[spec.Address]bool{}
	for _, f := range d.Findings {
		class := f.Class
		if f.Accepted != nil {
			class = "accepted"
		}
		s := series{f.Kind, f.Address.Project(), class}
		if resources[s] == nil {
			resources[s] = map[spec.Address]bool{}
		}
		resources[s][f.Address] = true
	}
	var all []series
	for s := range resources {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b series) int {
		return cmp.Or(cmp.Compare(a.project, b.project), cmp.Compare(a.kind, b.kind), cmp.Compare(a.class, b.class))
	})
	var b strings.Builder
	metric := func(name, help string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
	}
	metric("atlasctl_sync_drift_resources", "Resources with a finding, by kind, project (empty: the organization's) and class.")
	label := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	for _, s := range all {
		fmt.Fprintf(&b, "atlasctl_sync_drift_resources{kind=\"%s\",project=\"%s\",class=\"%s\"} %d\n",
			label.Replace(s.kind), label.Replace(s.project), label.Replace(string(s.class)), len(resources[s]))
	}
	d.actors(&b, metric, label)
	success := 1
	if d.failed() {
		success = 0
	}
	metric("atlasctl_sync_drift_success", "Whether everything could be read (1) or not (0).")
	fmt.Fprintf(&b, "atlasctl_sync_drift_success %d\n", success)
	metric("atlasctl_sync_drift_timestamp_seconds", "When the run ended, in seconds since 1970.")
	fmt.Fprintf(&b, "atlasctl_sync_drift_timestamp_seconds %d\n", d.Time.Unix())
	metric("atlasctl_sync_drift_duration_seconds", "How long the run took.")
	fmt.Fprintf(&b, "atlasctl_sync_drift_duration_seconds %.3f\n", float64(d.Stats.WallMs)/1000)
	_, err := io.WriteString(w, b.String())
	return err
}
