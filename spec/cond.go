package spec

import (
	"fmt"
	"slices"
)

// A Cond holds for an object in which the value at a JSON pointer is one of
// some, or none of some, or empty. It is the one form of everything that depends
// on a live or declared value. Booleans and numbers are told by their text.
type Cond struct {
	At     string   `json:"at"`
	Values []string `json:"values,omitempty"`
	NotIn  []string `json:"notIn,omitempty"`
	Empty  bool     `json:"empty,omitempty"`
	And    *Cond    `json:"and,omitempty"`
}

// Holds tells whether an object meets the condition; none is always met.
func (c *Cond) Holds(doc any) bool {
	if c == nil {
		return true
	}
	if !c.And.Holds(doc) {
		return false
	}
	text := ""
	if v, ok := At(doc, c.At); ok && v != nil {
		text = fmt.Sprint(v)
	}
	switch {
	case c.Empty:
		return text == "" || text == "[]" || text == "map[]"
	case c.NotIn != nil:
		return !slices.Contains(c.NotIn, text)
	}
	return slices.Contains(c.Values, text)
}
