package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/drift"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Drift prints the findings, one line each, and the count; also names the
// classes that count as drift beside the usual ones.
func (t Text) Drift(findings []planner.Finding, also []planner.Class) {
	differs := false
	number := map[planner.Class]int{}
	left := 0
	in := t.goneWith(findings)
	for i, f := range findings {
		if _, told := in.outer[i]; !told && (!t.Summary || drift.Removes(f)) {
			t.finding(f)
			if n := in.count[i]; n > 0 {
				t.printf("             and with it %s on what stands in it (--full names them)\n", Count(n, "finding"))
			}
			if t.Summary || !asFollowing(findings, i) {
				t.whoBelow(f)
			}
		}
		if f.Accepted != nil {
			left++
			continue
		}
		number[f.Class]++
		differs = differs || drift.Failing(f, also)
	}
	var parts []string
	for _, c := range classes {
		if number[c] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", number[c], c))
		}
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d %s", left, accepted))
	}
	if t.Summary {
		t.findingScopes(findings)
	}
	counts := strings.Join(parts, ", ")
	switch {
	case differs:
		t.printf("Drift: %s.\n", counts)
	case slices.ContainsFunc(findings, func(f planner.Finding) bool { return f.Accepted != nil || f.Class == planner.Due }):
		t.printf("No drift. (%s)\n", counts)
	case counts != "":
		t.printf("No drift. Atlas matches the files. (%s)\n", counts)
	default:
		t.printf("No drift. Atlas matches the files.\n")
	}
}

// gone tells which findings go without saying: what is missing with what it stands in.
type gone struct {
	outer map[int]int // by index of such a finding that of the outermost
	count map[int]int // how many there are of each
}

func (t Text) goneWith(findings []planner.Finding) gone {
	out := gone{map[int]int{}, map[int]int{}}
	if t.Full {
		return out
	}
	missing := func(f planner.Finding) bool { return f.Class == planner.Missing && f.Accepted == nil }
	at := map[spec.Address]int{}
	for i, f := range findings {
		if missing(f) && f.Path == "" {
			at[f.Address] = i
		}
	}
	for i, f := range findings {
		if !missing(f) {
			continue
		}
		for n, c := range f.Address {
			if outer, ok := at[f.Address[:n]]; c == '/' && ok {
				out.outer[i] = outer
				out.count[outer]++
				break
			}
		}
	}
	return out
}

func (t Text) finding(f planner.Finding) {
	t.printf("%-12s %s", f.Class, Clean(string(f.Address)))
	if f.Path != "" {
		t.printf(" %s", Clean(f.Path))
	}
	who, have := "files say", "files have"
	if f.Base {
		who, have = "the base says", "the base has"
	}
	if e, ok := elementOf(f.Path, f.Live, f.Declared); ok {
		it := cmp.Or(t.shortened(e.members()), "it")
		if e.goes {
			t.printf(": Atlas has %s, and the files have not", it)
		} else {
			t.printf(": %s %s, and Atlas has not", have, it)
		}
	} else if f.Declared == spec.Masked && f.Live == nil {
		t.printf(": it is sent along, as Atlas does not return it")
	} else if f.Declared != nil || f.Live != nil {
		t.printf(": %s %s, Atlas has %s", who, t.value(f.Declared), t.value(f.Live))
	}
	if f.Message != "" {
		t.printf(": %s", Clean(f.Message))
	}
	if f.Accepted != nil {
		t.printf(" [accepted until %s: %s]", f.Accepted.Until, Clean(f.Accepted.Reason))
	}
	if f.Source != nil {
		t.printf("  (%s:%d)", Clean(f.Source.File), f.Source.Line)
	}
	t.printf("\n")
	if t.shortens(f.Declared) || t.shortens(f.Live) {
		t.members(f)
	}
}

// members tells what two long lists do not share.
func (t Text) members(f planner.Finding) {
	declared, live := asList(f.Declared), asList(f.Live)
	lacks := func(list []any, e any) bool {
		return !slices.ContainsFunc(list, func(o any) bool { return Value(o) == Value(e) })
	}
	for _, e := range declared {
		if lacks(live, e) {
			t.printf("      %s %s (not in Atlas)\n", t.paint(planner.Create, "+"), Value(e))
		}
	}
	for _, e := range live {
		if lacks(declared, e) {
			t.printf("      %s %s (not in the files)\n", t.paint(planner.Delete, "-"), Value(e))
		}
	}
}
