package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Resource is one object of a kind as the files declare it.
type Resource struct {
	Kind     *Kind
	Parent   *Resource // nil for organizations and projects
	Address  Address
	Ident    string         // the declared id, if any
	Values   map[string]any // declared fields in canonical form, see Canon
	At       map[string]Position
	Absent   bool // state: absent
	Replace  bool // replace: true
	Sections []*Section
	// Until is when what it grants ends, as the file spells it, and Ended says that
	// this is over, see EndAt.
	Until        string
	Ended        bool
	heldSections []*Section
	// Documents are the places of the documents that declare an organization or
	// project, or a part of one.
	Documents []Position
	// Given holds the places of the values that a baseline gave, by field.
	Given map[string]Position
	given Position // where the resource itself comes from, if from a baseline
	// Without is what a project does not take from its baselines.
	Without []LeftOut
	vars    *variables // of an organization or project
	// Context resources are not selected: they are looked at for what stands
	// in them, and never written to.
	Context bool
	// Excluded says that a filter leaves it out by its address.
	Excluded bool
	// NeededBy names the selected resources for whose sake it is planned too.
	NeededBy []Address
	// HeldBy names what has to go first and is in another shard: until it has, the
	// resource is not deleted.
	HeldBy []Address
}

// A Section is a kind's part of one document: its resources under one parent.
type Section struct {
	Kind      *Kind
	Parent    *Resource
	Source    Position
	Resources []*Resource
	Prune     *Position // the header entry, if live resources missing here go
	Context   bool      // not wholly selected: what else is live there is none of our business
	// Implied sections are declared by no file: they are looked at for what is
	// live there, and nothing is ever pruned from them.
	Implied bool
	// Wide sections are read in all their lists, not only in those that the
	// declared resources ask for.
	Wide bool
}

// Root returns the organization or project that the resource is, or is in.
func (r *Resource) Root() *Resource {
	for r.Parent != nil {
		r = r.Parent
	}
	return r
}

// FromBaseline tells whether a baseline gives the resource as a whole.
func (r *Resource) FromBaseline() bool { return r.given.Line > 0 }

// GivenAt returns the place of the value at a path, if a baseline gives it or what it
// stands in.
func (r *Resource) GivenAt(path string) (Position, bool) {
	for path != "" {
		if at, ok := r.Given[path]; ok {
			return at, true
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return Position{}, false
}

// Source returns the place of the resource, or of one of its fields.
func (r *Resource) Source(path ...string) Position {
	for _, p := range path {
		if at, ok := r.At[p]; ok {
			return at
		}
	}
	return r.At[""]
}

// Flag tells whether a Local boolean field is set.
func (r *Resource) Flag(name string) bool {
	if name == "" {
		return false
	}
	on, _ := r.Values[name].(bool)
	return on
}

// Doubles names the kind in whose list the resource's own object stands too; ""
// if there is none.
func (r *Resource) Doubles() string {
	for i := range r.Kind.Fields {
		if ref := r.Kind.Fields[i].Ref; ref.owns() && !r.Flag(ref.If) {
			return ref.Kind
		}
	}
	return ""
}

// KeyParts returns the values of the key fields, in order.
func (r *Resource) KeyParts() []string { return keyParts(r.Kind, r.Values) }

// alternatives are the fields that a part of a key can be in: the first that
// has a value counts.
func alternatives(part string) []string { return strings.Split(part, "|") }

func keyParts(k *Kind, values map[string]any) []string {
	parts := make([]string, 0, len(k.Key))
	for _, part := range k.Key {
		text, _ := k.keyPart(part, values)
		parts = append(parts, text)
	}
	return parts
}

// keyPart returns the text of a part of a key, and the field that it is in.
func (k *Kind) keyPart(part string, values map[string]any) (string, *Field) {
	for _, name := range alternatives(part) {
		tokens := SplitPath(name)
		f := FieldAt(k.Fields, tokens)
		v, _ := ValueAt(k.Fields, values, tokens)
		if text := keyText(f, v); text != "" {
			return text, f
		}
	}
	return "", k.Field(HeadOf(alternatives(part)[0]))
}

// keyText spells a value as a part of a key; of a collection its elements' keys.
func keyText(f *Field, v any) string {
	list, ok := v.([]any)
	if !ok {
		if v == nil {
			return ""
		}
		return fmt.Sprint(v)
	}
	var ids []string
	for _, e := range list {
		ids = append(ids, f.ElementID(e))
	}
	slices.Sort(ids)
	return strings.Join(ids, ",")
}

// A State is everything the files declare: one desired state.
type State struct {
	Catalog  *Catalog    // the kinds that the files are read by, those that they describe among them
	Scopes   []*Resource // the organizations and projects
	Sources  *Sources
	Protects []Protection
	Rules    []*PolicyRule // of the declared policies; see CompilePolicies
	// All says that live organizations and projects count as unmanaged where no
	// file declares them.
	All bool
	// Rebuild says that the files mean another organization than they say; nil: the
	// one that they say.
	Rebuild *Rebuild

	guard     *State // see GuardedBy
	filter    Filter
	byAddress map[Address]*Resource
	below     map[*Resource][]*Resource // what is to be present, by what it stands in; see declaredBelow
}

// Lookup returns the declared resource of that address, or nil.
func (s *State) Lookup(a Address) *Resource { return s.byAddress[a] }

// Walk visits every section, parents before children, in file order.
func (s *State) Walk(visit func(*Section)) {
	var down func(r *Resource)
	down = func(r *Resource) {
		for _, sec := range r.Sections {
			visit(sec)
			for _, child := range sec.Resources {
				down(child)
			}
		}
	}
	for _, r := range s.Scopes {
		down(r)
	}
}

// Resources visits every declared resource, parents before children.
func (s *State) Resources(visit func(*Resource)) {
	for _, r := range s.Scopes {
		visit(r)
	}
	s.Walk(func(sec *Section) {
		for _, r := range sec.Resources {
			visit(r)
		}
	})
}

// Every visits every declared resource in the order of their addresses, those
// too that a selection has left out.
func (s *State) Every(visit func(*Resource)) {
	for _, a := range slices.Sorted(maps.Keys(s.byAddress)) {
		visit(s.byAddress[a])
	}
}

// Owner returns the declared organization of a project: the one it names, or
// the only one there is.
func (s *State) Owner(scope *Resource) *Resource { return s.owner(scope) }

// Section returns the declared section of a kind, or nil.
func (r *Resource) Section(k *Kind) *Section {
	for _, s := range r.Sections {
		if s.Kind == k {
			return s
		}
	}
	return nil
}
