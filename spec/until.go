package spec

import (
	"fmt"
	"time"

	"gopkg.in/yaml.v3"
)

// EndOf returns the instant at which an until is over: a date is the last day on
// which it holds, in UTC; an instant (RFC 3339) is the end itself.
func EndOf(until string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, until); err == nil {
		return EndOfDay(day), nil
	}
	end, err := time.Parse(time.RFC3339, until)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no date and no time", until)
	}
	return end, nil
}

// EndOfDay returns the instant at which the last day of something is over, in UTC.
func EndOfDay(day time.Time) time.Time { return day.AddDate(0, 0, 1) }

// until decodes the end of what a resource grants.
func (l *loader) until(file string, m member, r *Resource) {
	r.At["until"] = pos(file, m.value)
	n := unalias(m.value)
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!timestamp" || n.Tag == "!!str") {
		if _, err := EndOf(n.Value); err == nil {
			r.Until = n.Value
			return
		}
	}
	l.diags.Errorf(pos(file, m.value), "write 2027-03-31, the last day on which it holds, or a time such as 2027-03-31T18:00:00Z", "until is neither a date nor a time")
}

// mergeUntil gives a resource the end that a baseline says, unless it says one
// itself.
func (l *loader) mergeUntil(own, given *Resource) {
	switch {
	case given.Until == "" || own.Until == given.Until:
	case own.Until == "":
		own.Until = given.Until
		own.from("until", given)
	case own.Given["until"].Line > 0:
		l.disagree(given.Source("until"), own, "until", own.Given["until"])
	}
}

// EndAt has the resources count as declared absent whose until is over at an
// instant, with what stands in them, and the others as they are declared.
func (s *State) EndAt(now time.Time) {
	s.Every(func(r *Resource) {
		if r.Until == "" {
			return
		}
		end, err := EndOf(r.Until)
		over := err == nil && !end.After(now)
		switch {
		case over && !r.Absent:
			r.Absent, r.Ended = true, true
			r.heldSections, r.Sections = r.Sections, nil
		case !over && r.Ended:
			r.Absent, r.Ended = false, false
			r.heldSections, r.Sections = nil, r.heldSections
		}
	})
}
