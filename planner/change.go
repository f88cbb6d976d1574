package planner

import (
	"bytes"
	"encoding/json"
)

// A plainChange is a Change without its methods.
type plainChange Change

// A savedChange is a Change as JSON holds it, with the members that a set
// or document gains and loses, and what changes in a document.
type savedChange struct {
	plainChange
	Added   []any `json:"added,omitempty"`
	Removed []any `json:"removed,omitempty"`
	Changed []any `json:"changed,omitempty"`
}

// MarshalJSON writes the members that a set gains and loses along.
func (c Change) MarshalJSON() ([]byte, error) {
	return json.Marshal(savedChange{plainChange(c), c.added, c.removed, c.changed})
}

// UnmarshalJSON reads what MarshalJSON wrote, whole numbers as such, so that
// it prints as before.
func (c *Change) UnmarshalJSON(data []byte) error {
	var saved savedChange
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	if err := dec.Decode(&saved); err != nil {
		return err
	}
	*c = Change(saved.plainChange)
	c.Before, c.After = withNumbers(saved.Before), withNumbers(saved.After)
	c.added, _ = withNumbers(saved.Added).([]any)
	c.removed, _ = withNumbers(saved.Removed).([]any)
	c.changed, _ = withNumbers(saved.Changed).([]any)
	return nil
}

// withNumbers turns the numbers of a JSON value into those of Go.
func withNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
	case []any:
		for i := range v {
			v[i] = withNumbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = withNumbers(v[key])
		}
	}
	return v
}

// Numbers turns the numbers of a JSON value, read as json.Number, into those that a
// plan holds: whole ones as int64.
func Numbers(v any) any { return withNumbers(v) }
