package spec

import "slices"

// A Type is the shape of a field's value.
type Type int

// The types. Collections are owned whole once declared; a Set ignores order.
const (
	Untyped Type = iota // it follows from the calls
	String
	Bool     // true or false
	Int      // int64
	Number   // decimal: int64 if it is whole, else float64
	Bytes    // int64; written as 10GiB or as a number
	Duration // time.Duration; written as 720h
	Path     // a file's path, relative to the file that names it
	Set      // strings, or objects told apart by ElemKey, without order
	List     // strings or objects, in order
	Map      // string to string
	Object   // Fields
	Document // any YAML, owned whole; Default has the members that Atlas fills in
)

func (t Type) String() string {
	return [...]string{"value", "string", "boolean", "integer", "number", "size in bytes", "duration", "path", "list", "list", "mapping", "mapping", "value"}[t]
}

// article is what stands before a type's name.
func article(t Type) string {
	if t == Int {
		return "an"
	}
	return "a"
}

// A Norm is how two spellings of one value are compared.
type Norm int

// The norms.
const (
	Exact   Norm = iota
	Email        // without case
	CIDR         // 10.0.0.1/32 is 10.0.0.1
	JSONDoc      // JSON text, compared as JSON
	Fold         // without case
	Version      // 8 is 8.0
	Instant      // one moment, in whatever zone it is told (RFC 3339)
	Text         // without outer whitespace and with one sort of line end
)

// A Field is one attribute of a kind, or of an Object or collection element.
type Field struct {
	Name string // what files call it
	// Type is string, bool, int, number, bytes, duration, path, set, list, map, object or
	// document; left out, what the calls say.
	Type Type
	Doc  string // a sentence for users
	// Wire is the JSON pointer of the value in Atlas's object, by default
	// "/"+Name. Root means that the object is the bare value. SendAt is the
	// pointer in bodies, where it is another.
	Wire, SendAt string

	Required  bool // to be declared; left out, what the calls say
	ReadOnly  bool // returned, never sent, an error to declare
	Immutable bool // a change is an error, or a replace where allowed
	// OneWay fields can be set, and then no longer changed.
	OneWay bool
	// Local fields steer this tool; Atlas never sees them.
	Local bool
	// Assumed flags are what export says where Atlas does not tell: the
	// reading by which a later deletion takes least away. The text says why.
	Assumed string
	// CreateOnly fields are sent with the creation and never compared; Steer
	// fields go along with any change of their kind, and are not compared either. The
	// Default of one that is part of a query goes along where a file says nothing.
	CreateOnly, Steer bool
	// Carry fields are Atlas's own (an element's id), and are sent back with an
	// element that Atlas has already, so that it stays the one it is.
	Carry bool
	// Nullable fields take null in a file: Atlas's own choice. It is sent as null,
	// or as NullAs, and is equal to nothing.
	Nullable bool
	NullAs   any
	// Partial says that Atlas merges the block by itself, so that a body holds
	// only what is declared of it. Other blocks, and lists of objects always, are
	// replaced whole: what is declared is sent over what is live.
	Partial bool
	// Variant names the member (of an Object, or of the elements of a collection)
	// whose value says which of the others there are; For says for which of its
	// values a member is there, and required. None: for all.
	Variant string
	For     []string
	// True is the word of Atlas's that a Bool is true by (or several, "A|B"), in a
	// place where bodies have none: calls bring it about.
	True string
	// Moves are members that Atlas changes by itself.
	Moves []Move
	// Void says when a block counts as not there: it is never sent.
	Void *Cond
	// Destructive values take something away when they get lower, or go.
	Destructive bool
	// Becomes lists what an Immutable value may become all the same.
	Becomes map[string][]string
	// Output values are what people need elsewhere: they are shown after an apply.
	Output bool
	// Take makes a Set of strings from objects in a list.
	Take *Take
	// NotReturned fields may be missing from what Atlas returns; where they
	// are, they cannot be compared.
	NotReturned bool
	// Sensitive values are references ({fromEnv: NAME}), never literals; those of a
	// Map each by itself.
	Sensitive bool
	// Instead names a member beside it that makes a Sensitive one needless.
	Instead string
	// Default is what Atlas has without being told, where that is known.
	Default any
	// Derive is a CEL expression over self, as in Constraints, that gives the value
	// where a file leaves it out.
	Derive string
	// Preexisting fields name something that must be in Atlas already.
	Preexisting bool
	// Unless names a Local flag that makes the field neither needed nor allowed.
	Unless string

	Enum     []string // the values that it can have
	OpenEnum bool     // an unknown value is a warning, not an error
	Pattern  string   // RE2, unanchored
	MinItems int      // members of a collection, at least
	MinLen   int      // letters
	MaxLen   int      // letters
	Min, Max int64    // checked if Max > Min
	Norm     Norm     // which spellings are one value: email, cidr, jsonDoc, fold, version, instant or text
	Fields   []Field  // of an Object, or of the elements of a Set or List
	// Constraints are rules between the Fields, kept by the Object or by each element.
	Constraints []Constraint
	// Descending names a number in the elements of a Set: bodies and exported files
	// hold them in its order, the highest first. Files may have any.
	Descending string
	// ElemKey names the members that tell the objects of a Set apart. One that is
	// missing counts as its Default, or as empty.
	ElemKey []string
	// InOrder says that the order of members counts in a Document: it is sent, compared
	// and exported as it stands.
	InOrder bool
	// Repeats says that several elements may have one key: they are told by #2
	// and so on, and paired in their order.
	Repeats bool
	// Pairs writes a Map as an array of objects with these two members, as
	// Atlas does for tags: [key, value].
	Pairs [2]string
	Ref   *Ref // it names a resource of another kind
	// Lookup translates a name by the parent's object.
	Lookup *Lookup
	// Backref fills a Set from the objects that point back at this one.
	Backref *Backref
	Switch  *Switch // the block is turned on and off as a whole
	// Warns says, by value, what a person should know who adds it.
	Warns map[string]string
	// LocksOut says whom a change to true shuts out, this tool perhaps too.
	LocksOut string
	// IgnoredFor warns of a value that Atlas takes and does nothing with.
	IgnoredFor *Ignored
}

// An Ignored says that a field has no effect where another has a value.
type Ignored struct{ Field, Is, Why string }

// Root as a field's Wire says that Atlas's object is the bare value.
const Root = "."

// A Move says that Atlas changes values by itself while a condition holds: of
// the live element, or of the declared one. They are sent on creation, never
// compared, and what is live is sent back with the rest.
type Move struct {
	Members []string // dotted paths in the block or element
	While   Cond
}

// A Take picks strings out of a list of objects that hold more than ours: those
// in which the value at Where is that of a placeholder.
type Take struct{ Where, Is, Value string }

// A Ref says that the value is the key of a resource of another kind.
type Ref struct {
	Kind string
	// ByID says that Atlas's object holds the other's id instead of its key.
	ByID bool
	// At is the JSON pointer to that id, where it is another than Ident.
	At string
	// Known are values that refer to nothing: built-in roles. With Maybe any
	// value may be something else than a resource of the kind: only order follows.
	Known []string
	Maybe bool
	// AnyID takes an id that nothing has as it is: Atlas knows whose it is.
	AnyID bool
	// Where names a member beside the field: with another value than Is it refers
	// to nothing.
	Where, Is string
	// Same says that both objects are one, seen from two places, with one id.
	// With If it belongs, while that flag is off, to the resource alone, though
	// Atlas lists it in the other place too.
	Same bool
	// Holds says that Atlas does not delete the other while something refers to
	// it; else what refers to it by its key goes with it.
	Holds bool
	// Unless and If name Local flags that switch the reference off or on.
	Unless, If string
}

// IDAt returns the JSON pointer to the id by which the objects of a kind are held.
func (r *Ref) IDAt(k *Kind) string {
	if r != nil && r.At != "" {
		return r.At
	}
	return k.IDAt()
}

// owns tells whether the object can be the referring resource's own, though it
// stands in the other kind's list.
func (r *Ref) owns() bool { return r != nil && r.Same && r.If != "" }

// A Lookup says that Atlas's object holds an id where the file has a name, and
// that a list in the parent's object tells which is which. Of a mapping it is each
// value.
type Lookup struct {
	List, Name, ID string // JSON pointers: in the parent, and in the elements
	// Answers says that only answers have the id: bodies have the name.
	Answers bool
}

// Swap finds, in the parent's object, the element that has a value at one
// pointer, and returns the one that it has at another; the value itself if there
// is none.
func (t *Lookup) Swap(parent any, by, value, to string) any {
	v, _ := At(parent, t.List)
	list, _ := v.([]any)
	for _, e := range list {
		if other := TextAt(e, to); TextAt(e, by) == value && other != "" {
			return other
		}
	}
	return value
}

// From returns the strings that are ours.
func (t *Take) From(list []any, is any) []any {
	out := []any{}
	for _, e := range list {
		if v, _ := At(e, t.Where); v == is {
			out = append(out, TextAt(e, t.Value))
		}
	}
	return out
}

// A Backref fills a Set field from objects of another kind: those which hold
// this object's id in the list at At count as members, by their key.
type Backref struct {
	Kind string
	At   string // JSON pointer to a list of ids in the other's object
	ID   string // JSON pointer to this object's id
	// One lists the members of one object, for read-backs.
	One Read
}

// A Switch makes an Object field a block that is turned on and off as a whole.
type Switch struct {
	Field string // the boolean: "enabled"
	Valid string // a boolean in the live block that says whether Atlas accepts it
	// Needs lists what turning it on takes: of each group, one field at least.
	Needs [][]string
}

// WireAt returns the JSON pointer of the field in Atlas's object.
func (f *Field) WireAt() string {
	switch f.Wire {
	case "":
		return "/" + f.Name
	case Root:
		return ""
	}
	return f.Wire
}

// SendPointer returns the JSON pointer of the field in bodies.
func (f *Field) SendPointer() string {
	if f.SendAt != "" {
		return f.SendAt
	}
	return f.WireAt()
}

// Collection tells whether the field holds elements that have fields.
func (f *Field) Collection() bool { return (f.Type == Set || f.Type == List) && len(f.Fields) > 0 }

// Sub returns the member of that name of an Object field, or nil.
func (f *Field) Sub(name string) *Field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// Sent tells whether the field can be part of a request's body.
func (f *Field) Sent() bool {
	return !f.Local && !f.ReadOnly && f.Backref == nil && f.True == ""
}

// Compared tells whether a declared value of the field is compared with Atlas's.
func (f *Field) Compared() bool { return !f.Local && !f.CreateOnly && !f.Steer }

// Fits tells whether the field is there where the variant has a value.
func (f *Field) Fits(variant any) bool {
	text, _ := variant.(string)
	return len(f.For) == 0 || slices.Contains(f.For, text)
}
