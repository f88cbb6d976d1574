package spec

import (
	"fmt"
	"slices"
)

// A Lane is a name, and the placeholders within which it counts: kinds that name
// the same one share it.
type Lane struct {
	Name string
	By   []string
}

// A Block is a state of a live object in which something is refused: "delete",
// "change", or "parent", the deletion of what it stands in.
type Block struct {
	While Cond
	Of    string
	Why   string
	// By names the kinds beside it whose objects bring the state of a "delete" about:
	// a plan that takes all of them away that hold the object may delete it too. An
	// object of a kind that does not refer to it holds it whatever it says.
	By []string
}

// An Irreversible says why a creation or a change cannot be undone, and names the
// Local flag by which a file says that it is meant: without it the plan is refused.
type Irreversible struct{ Why, Unless string }

// An Adopt says which live objects without a key may be a declared one's: those
// that meet the condition and have the same values in some fields.
type Adopt struct {
	While Cond
	Same  []string
}

// An Outside is a state in which people have to do something elsewhere, mostly
// with what the kind's Output fields say.
type Outside struct {
	While Cond
	What  string
}

// A Lapse describes live objects that count as not there, such as expired
// invitations. They are created again only when the option says so.
type Lapse struct {
	At     string // JSON pointer
	Values []string
	What   string // "invitation"
	Option string // the flag that allows it: "resend-invitations"
}

// Says tells a person that a live object counts as not there, and why.
func (l *Lapse) Says(state string) string {
	if l.Option == "" {
		return "Atlas is deleting it"
	}
	return fmt.Sprintf("its %s is %s", l.What, state)
}

// A Last says that of all objects of the kind below one scope, one at least
// has to keep the value in a Set field.
type Last struct {
	Field, Value, What string
	Through            *Through
}

// A Through says that the value may also come through another kind's objects
// in the same scope: who is in the Members of what such an object refers to
// has what the object holds in the field of the same name.
type Through struct{ Kind, Members string }

// An Across lists the values of a placeholder.
type Across struct {
	Param string
	Read  Read
	At    string // JSON pointer to the value in each object
}

// A Keep is a read that must answer an empty list before prune may delete.
type Keep struct {
	Read Read
	Why  string
}

// A Failure is a state of a live object from which only people can help.
type Failure struct {
	At     string // JSON pointer
	Values []string
	Reason string // JSON pointer to Atlas's words
}

// Failed returns what Atlas says of a live object that has failed.
func (k *Kind) Failed(raw any) (state, reason string, failed bool) {
	if k.Failure == nil {
		return "", "", false
	}
	state = TextAt(raw, k.Failure.At)
	return state, TextAt(raw, k.Failure.Reason), slices.Contains(k.Failure.Values, state)
}
