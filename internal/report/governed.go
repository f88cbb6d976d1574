package report

import (
	"fmt"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Governed says how many of the live objects that were looked at the files
// declare, and where was looked; "" if nothing was.
func Governed(s planner.Summary, w spec.Watch) string {
	if s.Live == 0 {
		return ""
	}
	where := map[spec.Watch]string{spec.WatchScopes: " of the declared organizations and projects", spec.WatchAll: ""}
	place, known := where[w]
	if !known {
		place = " in declared sections"
	}
	return fmt.Sprintf("%d of %d live objects%s are governed.", s.Governed, s.Live, place)
}

// Governed prints how many live objects the files declare.
func (t Text) Governed(s planner.Summary, w spec.Watch) {
	if line := Governed(s, w); line != "" {
		t.printf("%s\n", line)
	}
}

// Unmanaged prints what no file declares, one line each.
func (t Text) Unmanaged(findings []planner.Finding) {
	for _, f := range findings {
		t.finding(f)
	}
}
