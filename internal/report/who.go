package report

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
)

// actorWords tell which sort of actor it is, where the name alone does not.
var actorWords = map[planner.ActorKind]string{
	planner.APIKey: "API key ", planner.ServiceAccount: "service account ", planner.AtlasItself: "MongoDB: ",
}

// whoLine says in one line who has brought a finding about; "" if nobody was asked.
func whoLine(w *planner.Who) string {
	if w == nil {
		return ""
	}
	if w.At == nil {
		return "who: not known: " + Clean(w.Note)
	}
	by := "by " + actorWords[w.ActorKind] + w.Actor
	switch {
	case w.Own:
		by += " (this run's own credentials)"
	case w.Actor == "":
		by = w.Note
	}
	line := fmt.Sprintf("%s, %s, %s", by, w.At.Format(time.RFC3339), w.Event)
	if w.Others > 0 {
		line += fmt.Sprintf("; before that %s", Count(w.Others, "other"))
	}
	return Clean(line)
}

// whoBelow prints whoLine below a finding.
func (t Text) whoBelow(f planner.Finding) {
	if line := whoLine(f.Who); line != "" {
		t.printf("%13s%s\n", "", line)
	}
}

// asFollowing tells whether the next finding says the same of the same resource,
// and can say it for both.
func asFollowing(all []planner.Finding, i int) bool {
	return i+1 < len(all) && all[i].Address == all[i+1].Address && reflect.DeepEqual(all[i].Who, all[i+1].Who)
}

// actors writes how many findings each actor has brought about, where that was
// asked for.
func (d *Document) actors(w io.Writer, metric func(name, help string), label *strings.Replacer) {
	type series struct {
		actor string
		kind  planner.ActorKind
	}
	number := map[series]int{}
	for _, f := range d.Findings {
		if f.Who != nil {
			number[series{f.Who.Actor, f.Who.ActorKind}]++
		}
	}
	if len(number) == 0 {
		return
	}
	var all []series
	for s := range number {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b series) int { return cmp.Or(cmp.Compare(a.actor, b.actor), cmp.Compare(a.kind, b.kind)) })
	metric("atlasctl_sync_drift_findings", "Findings by who has brought them about (empty: not known).")
	for _, s := range all {
		fmt.Fprintf(w, "atlasctl_sync_drift_findings{actor=\"%s\",actor_kind=\"%s\"} %d\n", label.Replace(s.actor), label.Replace(string(s.kind)), number[s])
	}
}
