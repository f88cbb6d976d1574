package planfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Stale compares the saved steps with those that the same files ask for now.
// It says what changed since, from what to what; nothing if the plan still
// holds.
func (f *File) Stale(now []*planner.Step) ([]string, error) {
	fresh, err := Encode(now)
	if err != nil {
		return nil, err
	}
	saved, err := decodeSteps(f.Steps)
	if err != nil {
		return nil, err
	}
	current, err := decodeSteps(fresh)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, s := range saved {
		n, there := find(current, s.Address)
		switch {
		case !there:
			out = append(out, fmt.Sprintf("%s: it was to be %sd, and nothing is to be done any more", s.Address, s.Action))
		case !bytes.Equal(f.Steps[i], fresh[slices.IndexFunc(current, func(c planner.Step) bool { return c.Address == s.Address })]):
			out = append(out, differences(s, n)...)
		}
	}
	for _, n := range current {
		if _, there := find(saved, n.Address); !there {
			out = append(out, fmt.Sprintf("%s: it was as declared, and is to be %sd now", n.Address, n.Action))
		}
	}
	if len(out) == 0 && !slices.EqualFunc(f.Steps, fresh, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
		out = append(out, "the steps are the same in another order")
	}
	return out, nil
}

func decodeSteps(raw []json.RawMessage) ([]planner.Step, error) {
	out := make([]planner.Step, len(raw))
	for i, r := range raw {
		dec := json.NewDecoder(bytes.NewReader(r))
		dec.UseNumber()
		if err := dec.Decode(&out[i]); err != nil {
			return nil, fmt.Errorf("step %d is damaged: %w", i+1, err)
		}
	}
	return out, nil
}

// Plan returns what was saved, to be shown.
func (f *File) Plan() (*planner.Plan, error) {
	steps, err := decodeSteps(f.Steps)
	if err != nil {
		return nil, err
	}
	p := &planner.Plan{Summary: f.Summary, Time: f.Time, Findings: f.Findings, Diagnostics: f.Warnings, Done: f.Done, LeftOut: f.LeftOut, Access: f.Access, AccessUnread: f.AccessUnread}
	for i := range steps {
		p.Steps = append(p.Steps, &steps[i])
	}
	return p, nil
}

func find(steps []planner.Step, a spec.Address) (planner.Step, bool) {
	i := slices.IndexFunc(steps, func(s planner.Step) bool { return s.Address == a })
	if i < 0 {
		return planner.Step{}, false
	}
	return steps[i], true
}

// differences names the fields whose live values moved.
func differences(was, is planner.Step) []string {
	var out []string
	names := slices.Collect(maps.Keys(was.Live))
	for name := range is.Live {
		if _, both := was.Live[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if before, after := was.Live[name], is.Live[name]; !reflect.DeepEqual(before, after) {
			out = append(out, fmt.Sprintf("%s: %s was %s and is %s", was.Address, name, show(before), show(after)))
		}
	}
	switch {
	case was.Action != is.Action:
		out = append(out, fmt.Sprintf("%s: it was to be %sd, and is to be %sd", was.Address, was.Action, is.Action))
	case len(out) == 0:
		out = append(out, fmt.Sprintf("%s: what it takes has changed since", was.Address))
	}
	return out
}

func show(v any) string {
	if v == nil {
		return "(none)"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
