package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// access tells what a plan means for who may do what.
func (t Text) access(changes []planner.AccessChange, unread []string) {
	lines := t.accessLines(changes, unread)
	if len(lines) == 0 {
		return
	}
	t.printf("Access:\n")
	for _, line := range lines {
		t.printf("  %s\n", line)
	}
	t.printf("\n")
}

// access writes the same lines as text has.
func (m *markdown) access(b *strings.Builder) {
	lines := Text{Full: m.Full}.accessLines(m.Access, m.AccessUnread)
	if len(lines) == 0 {
		return
	}
	m.budget -= len("\n**Access**\n``````\n\n")
	var shown []string
	for i, line := range lines {
		if !m.fits([]string{line}) {
			m.left = append(m.left, Count(len(lines)-i, "line")+" on access")
			break
		}
		shown = append(shown, line)
	}
	if len(shown) > 0 {
		b.WriteString("\n**Access**\n")
		fence(b, "", shown)
	}
}

// accessLines says each change once: for all whom it is the same for, by name as
// long as they are few.
func (t Text) accessLines(changes []planner.AccessChange, unread []string) []string {
	var order []string
	whom := map[string][]string{}
	for _, c := range changes {
		what := t.accessChange(c)
		if whom[what] == nil {
			order = append(order, what)
		}
		whom[what] = append(whom[what], named(c.PrincipalKind, c.Principal))
	}
	var out []string
	for _, what := range order {
		out = append(out, t.few(whom[what], "and %d more")+": "+what)
	}
	if len(unread) > 0 {
		known := "as far as was read, which is not "
		if len(changes) == 0 {
			known = "it may change; not read: "
		}
		out = append(out, "("+known+t.few(cleaned(unread), "and %d more")+")")
	}
	return out
}

func (t Text) accessChange(c planner.AccessChange) string {
	out := fmt.Sprintf("%s → %s in %s", roleWords(c.Before), roleWords(c.After), t.places(c.Targets))
	var ways []string
	for _, w := range c.Ways {
		if text := through(w); text != "" {
			ways = append(ways, text)
		} else if len(c.Ways) > 1 {
			ways = append(ways, "directly")
		}
	}
	if len(ways) > 0 {
		out += ", " + strings.Join(ways, " and ")
	}
	if c.Pending {
		out += ", once the invitation is accepted"
	}
	return out
}

// mostNamed is how many names are told before the rest is only counted.
const mostNamed = 3

// few lists names, and counts those beyond the first, unless all are asked for.
func (t Text) few(names []string, more string) string {
	if t.Full || len(names) <= mostNamed {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:mostNamed], ", ") + " " + fmt.Sprintf(more, len(names)-mostNamed)
}

// places names the targets of a change, or counts them.
func (t Text) places(targets []spec.Address) string {
	names := make([]string, len(targets))
	for i, a := range targets {
		names[i] = Clean(string(a))
	}
	noun := "place"
	switch a := targets[0]; {
	case a != a.Scope():
	case a.Project() != "":
		noun = "project"
	default:
		noun = "organization"
	}
	if t.Full || len(names) <= mostNamed {
		return strings.Join(names, ", ")
	}
	return Count(len(names), noun)
}

// roleWords spells roles for people: GROUP_READ_ONLY, read only.
func roleWords(roles []string) string {
	if len(roles) == 0 {
		return "nothing"
	}
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = Clean(r)
		// Atlas's own begin with where they count, which is told anyway.
		if _, rest, ok := strings.Cut(r, "_"); ok && strings.Trim(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
			out[i] = strings.ToLower(strings.ReplaceAll(rest, "_", " "))
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

func cleaned(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = Clean(s)
	}
	return out
}
