// Package spec is the vocabulary of atlasctl-sync: kinds and their fields and
// calls, addresses, resources, diagnostics and secrets; and the loader that
// turns YAML files into resources. It imports nothing of ours.
//
// A newcomer starts here: a Kind describes one type of Atlas object as data,
// and everything else in the program interprets such descriptions.
package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Kind is a type of Atlas object that we manage.
type Kind struct {
	Name    string // "ProjectUser", unique in the catalogue
	Doc     string // a sentence or two for users: schema, reference, explain
	Section string // the key in a document that holds the kind's resources
	Parent  string // the kind that the section stands in; "" for Organization
	// Document says that the kind has documents of its own (kind: Project)
	// instead of a section.
	Document bool
	// Singleton says that the section holds one mapping, not a list of them:
	// the object always exists, so it is never created or deleted; see Optional.
	Singleton bool
	// Given says that Atlas has the objects by itself, as it has a Singleton: they come
	// and go with what they stand in.
	Given bool
	// Optional says when a Singleton does not exist. It is then created and
	// deleted like others.
	Optional *Optional

	// Key names the fields that tell one resource from another in a section. A
	// part may have alternatives, "cidrBlock|awsSecurityGroup": the first that has
	// a value counts.
	Key []string
	// Within names fields that narrow the match down when they are declared:
	// a project's organization.
	Within []string
	// Ident names the declared id that settles an ambiguous key, and lets a
	// changed key rename: "id", "clientId". Its place in the live object is
	// IdentAt.
	Ident, IdentAt string
	// IdentPattern is what the id looks like; by default 24 hex digits.
	IdentPattern string
	Fields       []Field // what can be declared, and what is shown
	// Variant names the field whose value says which of the others there are,
	// see Field.For.
	Variant string
	// Constraints are rules between the fields.
	Constraints []Constraint
	// Omit lists what the calls hold and no field does, by JSON pointer, with the
	// reason. A prefix of a pointer omits all below it; the empty one, what stands
	// beside the fields in an object that is another kind's.
	Omit map[string]string

	// Params says where route placeholders come from: a JSON pointer into
	// the live object ("/id"), or a declared field's name ("instanceName"),
	// which live objects then take over from the list that held them.
	// Placeholders not named here come from the parent.
	Params map[string]string

	List Read // one kind and parent; Document kinds: all that can be seen
	// Get reads one object again, for read-backs. Without it the list serves.
	Get    Read
	Create []Call // none: the object must exist already
	Update []Call // none: nothing of it changes
	Delete []Call // none: cannot be removed

	Lapse    *Lapse    // live objects that count as not there
	Active   *Cond     // live objects that can act already: not those who are only invited
	Rotation *Rotation // secrets that Atlas makes and shows once
	Failure  *Failure  // states from which only people can help
	Keep     *Keep     // live objects that prune must not touch
	// Across finds what List must be asked by where no parent gives it, for who
	// has no declared resources to ask for: export, and the look for unmanaged ones.
	Across *Across
	// Where tells which live parents can have any. The list of another is not asked
	// for: it is empty.
	Where *Cond
	// NeverPrune says why prune is refused for the kind.
	NeverPrune string
	// DeleteNote is shown with every deletion: what Atlas does not undo.
	DeleteNote string
	// Contents is shown when an object is made again in another organization: what
	// was in the old one and no file declares.
	Contents string
	// Grant says whom its objects let do what.
	Grant *Grant
	// Last names a value of a set that somebody must keep: the last owner's role.
	Last *Last
	// Replaceable says that replace: true may delete and create it again;
	// never for kinds that hold data.
	Replaceable bool
	// Outlives says what becomes of an object whose parent is deleted, where it
	// does not go with it.
	Outlives string
	// NamesNotUnique says that Atlas accepts a second object with the same
	// key, so a create whose outcome is unknown must not be sent again.
	NamesNotUnique bool
	// Retired is the day Atlas switched the API off: a 404 or 410 on the list
	// is reported as that, not as an empty list.
	Retired string
	// Lane is what must not be written to at the same time.
	Lane *Lane
	// After names kinds whose steps in the same organization or project come
	// first, though no field refers to them; deletions go the other way round.
	After []string
	// Blocks are states in which Atlas refuses a deletion or a change.
	Blocks []Block
	// Irreversible says that nobody can undo a creation or a change.
	Irreversible *Irreversible
	// Unset tells when a Singleton, or what Atlas lists by itself, is as Atlas makes
	// it: then state: absent, which resets it by the Delete calls, has nothing to do.
	Unset *Cond
	// Expires names an instant after which the object is gone by itself: one that
	// is declared with a past date is not made.
	Expires string
	// Adopt is what a creation that stopped half way has left: it is taken over.
	Adopt *Adopt
	// Paired says that Atlas has no key. The Key then says which objects may be
	// meant: of several, those that are equal in all that is declared, then the
	// only one that is left; else the id has to be given.
	Paired bool
	// Outside tells when somebody outside Atlas has to act.
	Outside []Outside
	// Untested says why the tests that come with every kind leave something out:
	// one of them, by its name, or elements of a collection that have the same key,
	// by the collection's name.
	Untested map[string]string
	// Role is the Atlas role that the calls need.
	Role string
	// Events are those of Atlas's events that tell who touched an object.
	Events *Events
	// EventList lists the events of the organization or project that a Document
	// kind's object is, newest first.
	EventList Read
}

// IDAt returns the JSON pointer to Atlas's id of an object of the kind.
func (k *Kind) IDAt() string {
	if k.IdentAt != "" {
		return k.IdentAt
	}
	return "/id"
}

// Identity returns what tells one object of a list from another: the ids that
// it gives to calls, else its key; "" if it has none.
func (k *Kind) Identity(raw any) string {
	var parts []string
	for _, name := range sortedKeys(k.Params) {
		if from := k.Params[name]; strings.HasPrefix(from, "/") {
			parts = append(parts, TextAt(raw, from))
		}
	}
	if parts == nil {
		parts = keyParts(k, k.DecodeObject(raw))
	}
	if slices.Contains(parts, "") {
		return ""
	}
	return strings.Join(parts, "\x00")
}

// NameOf returns what people call an object of Atlas's: its key, see Label.
func (k *Kind) NameOf(raw any) string { return k.Label(keyParts(k, k.DecodeObject(raw))) }

// Field returns the field of that name, or nil.
func (k *Kind) Field(name string) *Field {
	for i := range k.Fields {
		if k.Fields[i].Name == name {
			return &k.Fields[i]
		}
	}
	return nil
}

// Link returns the key field by which an object of the kind exists only as long
// as another does, or nil: a user of a project is a user of the organization.
func (k *Kind) Link() *Field {
	for _, name := range k.KeyFields() {
		if f := k.Field(name); f != nil && f.Ref != nil {
			return f
		}
	}
	return nil
}

// KeyFields names all fields that can be part of the key.
func (k *Kind) KeyFields() []string {
	var out []string
	for _, part := range k.Key {
		for _, name := range alternatives(part) {
			out = append(out, HeadOf(name))
		}
	}
	return out
}

// Alternatives names the fields of which the part of the key takes one that a
// field can be; nil if it is not part of the key.
func (k *Kind) Alternatives(name string) []string {
	for _, part := range k.Key {
		all := alternatives(part)
		if slices.ContainsFunc(all, func(a string) bool { return HeadOf(a) == name }) {
			return all
		}
	}
	return nil
}

// Alternative tells whether a field is part of the key only where it has a value.
func (k *Kind) Alternative(name string) bool {
	all := k.Alternatives(name)
	return len(all) > 1 || len(all) == 1 && all[0] != name
}

// ParamOf returns the value of a placeholder that declared fields give: the
// first of them that has one.
func (k *Kind) ParamOf(from string, values map[string]any) (string, bool) {
	if strings.HasPrefix(from, "/") {
		return "", false
	}
	for _, name := range alternatives(from) {
		if v, ok := values[name].(string); ok && v != "" {
			return fmt.Sprint(k.Field(name).Canon(v)), true
		}
	}
	return "", false
}

// IsID tells whether a text looks like an id of the kind's objects.
func (k *Kind) IsID(text string) bool { return regexp.MustCompile(k.identPattern()).MatchString(text) }

// KeyField returns the field that a part of the key is in by itself: its first.
func (k *Kind) KeyField(i int) *Field { return k.Field(HeadOf(alternatives(k.Key[i])[0])) }

// Named returns the values by which an object of the kind is known by its key.
func (k *Kind) Named(key ...string) map[string]any {
	values := map[string]any{}
	for i, part := range key {
		values[k.KeyField(i).Name] = part
	}
	return values
}

// Called returns the values by which files call an object of the kind where they
// refer to it: its key, or, if that has several parts, those as addresses spell them.
func (k *Kind) Called(text string) map[string]any {
	if len(k.Key) < 2 {
		return k.Named(text)
	}
	parts := Address(text).parts()
	return k.Named(append(parts, make([]string, max(0, len(k.Key)-len(parts)))...)[:len(k.Key)]...)
}

// Label is how files call an object of the kind that has these key parts.
func (k *Kind) Label(parts []string) string {
	if len(k.Key) < 2 {
		return parts[0]
	}
	return joinEscaped("", parts)[1:]
}

// IsKey tells whether the named field is part of the kind's key.
func (k *Kind) IsKey(name string) bool { return slices.Contains(k.KeyFields(), name) }

// Identifies tells whether the named field helps to find the live object.
func (k *Kind) Identifies(name string) bool { return k.IsKey(name) || slices.Contains(k.Within, name) }

// Prunable says why live resources of the kind cannot be pruned; "" if they can.
func (k *Kind) Prunable() string {
	switch {
	case k.NeverPrune != "":
		return k.NeverPrune
	case k.Optional != nil:
		return "it is one object: state: absent deletes it"
	case k.Singleton:
		return "it is always there"
	case k.Given:
		return "they are always there"
	case len(k.Delete) == 0:
		return "it cannot be deleted by this tool"
	}
	return ""
}

// Untouched tells whether a live object is as Atlas makes it by itself.
func (k *Kind) Untouched(raw any) bool { return k.Unset != nil && k.Unset.Holds(raw) }

// KeepsParent tells whether Atlas refuses to delete what a live object stands in.
func (k *Kind) KeepsParent(raw any) bool {
	return slices.ContainsFunc(k.Blocks, func(b Block) bool { return b.Of == "parent" && b.While.Holds(raw) })
}

// Secures tells whether a field, by its name, is one by which people have Atlas refuse a
// deletion.
func (k *Kind) Secures(name string) bool {
	f := k.Field(name)
	return f != nil && slices.ContainsFunc(k.Blocks, func(b Block) bool { return b.Of == "delete" && b.While.At == f.WireAt() })
}

// Ending says what becomes of a resource of the kind that is declared absent.
func (k *Kind) Ending() string {
	if k.Singleton && k.Optional == nil || k.Unset != nil {
		return "reset to what Atlas has by itself"
	}
	return "deleted"
}

// Lapsed tells whether a live object counts as not there, and in which state it is.
func (k *Kind) Lapsed(raw any) (string, bool) {
	if k.Lapse == nil {
		return "", false
	}
	state := TextAt(raw, k.Lapse.At)
	return state, slices.Contains(k.Lapse.Values, state)
}
