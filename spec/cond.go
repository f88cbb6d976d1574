package spec

import (
	"fmt"
	"slices"
)

// A Cond holds for an object in which the value at a JSON pointer is one of
// some, or none of some, or empty, or there and the same as that at another pointer
// (As). It is the one form of everything that depends on a live or declared value.
// Booleans and numbers are told by their text.
type Cond struct {
	At     string   `json:"at"`
	Values []string `json:"values,omitempty"`
	NotIn  []string `json:"notIn,omitempty"`
	Empty  bool     `json:"empty,omitempty"`
	As     string   `json:"as,omitempty"`
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
	text := textIn(doc, c.At)
	switch {
	case c.As != "":
		return text != "" && text == textIn(doc, c.As)
	case c.Empty:
		return text == "" || text == "[]" || text == "map[]"
	case c.NotIn != nil:
		return !slices.Contains(c.NotIn, text)
	}
	return slices.Contains(c.Values, text)
}

// says tells whether a condition names what it is about.
func (c *Cond) says() bool { return len(c.Values) > 0 || len(c.NotIn) > 0 || c.Empty || c.As != "" }

func textIn(doc any, pointer string) string {
	if v, ok := At(doc, pointer); ok && v != nil {
		return fmt.Sprint(v)
	}
	return ""
}
