package report

import (
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Kind is what scripts are told of a kind.
type Kind struct {
	Name     string   `json:"name"`
	Section  string   `json:"section,omitempty"` // "" for documents
	Parent   string   `json:"parent,omitempty"`
	Document bool     `json:"document"` // it is declared in a document of its own
	Doc      string   `json:"doc"`
	Role     string   `json:"role,omitempty"`
	Fields   []Field  `json:"fields,omitempty"`
	Rules    []string `json:"rules,omitempty"` // what its fields have to keep between them
	Calls    []Call   `json:"calls,omitempty"`
}

// A Field is what scripts are told of a field.
type Field struct {
	Path        string              `json:"path"`
	Type        string              `json:"type"`
	Doc         string              `json:"doc"`
	Key         bool                `json:"key,omitempty"`
	Required    bool                `json:"required,omitempty"`
	ReadOnly    bool                `json:"readOnly,omitempty"`
	Immutable   bool                `json:"immutable,omitempty"`
	Sensitive   bool                `json:"sensitive,omitempty"`
	NotReturned bool                `json:"notReturned,omitempty"`
	Values      []string            `json:"values,omitempty"`
	Open        bool                `json:"open,omitempty"` // other values are taken, too
	Pattern     string              `json:"pattern,omitempty"`
	Default     any                 `json:"default,omitempty"`
	Nullable    bool                `json:"nullable,omitempty"`
	CreateOnly  bool                `json:"createOnly,omitempty"`
	Steer       bool                `json:"steer,omitempty"` // it goes along with any change
	Derived     bool                `json:"derived,omitempty"`
	For         []string            `json:"for,omitempty"` // the values of the variant that it is there for
	ElementKey  []string            `json:"elementKey,omitempty"`
	Output      bool                `json:"output,omitempty"`
	RefersTo    string              `json:"refersTo,omitempty"`
	Becomes     map[string][]string `json:"becomes,omitempty"`
}

// A Call is a request that a kind makes.
type Call struct {
	For     string `json:"for"` // list, get, create, update or delete
	Route   string `json:"route"`
	Version string `json:"version"`
}

// A KindDocument is what kinds and explain print with -o json.
type KindDocument struct {
	FormatVersion string `json:"formatVersion"`
	Kinds         []Kind `json:"kinds"`
}

// KindList tells scripts what kinds there are.
func KindList(c *spec.Catalog) KindDocument {
	d := KindDocument{FormatVersion: FormatVersion}
	for _, k := range inOrder(c) {
		d.Kinds = append(d.Kinds, Kind{Name: k.Name, Section: k.Section, Parent: k.Parent, Document: k.Document, Doc: k.Doc})
	}
	return d
}

// ExplainJSON tells scripts what Explain tells people.
func ExplainJSON(c *spec.Catalog, what string) (KindDocument, error) {
	d := KindDocument{FormatVersion: FormatVersion, Kinds: []Kind{}}
	if strings.EqualFold(what, spec.BaselineKind) {
		d.Kinds = append(d.Kinds, Kind{Name: spec.BaselineKind, Document: true, Doc: "Gives its sections to every declared project that its match fits, with the values of each in the place of ${vars.NAME}, ${name} and ${tags.KEY}."})
		return d, nil
	}
	found, err := explained(c, what)
	for _, e := range found {
		k := Kind{Name: e.kind.Name, Section: e.kind.Section, Parent: e.kind.Parent, Document: e.kind.Document, Doc: e.kind.Doc, Role: e.kind.Role}
		if e.field != nil {
			k.Fields = []Field{fieldOf(e.kind, e.field, e.path)}
			k.Fields = append(k.Fields, fieldsOf(e.kind, e.field.Fields, e.path+".")...)
		} else {
			k.Fields, k.Rules, k.Calls = fieldsOf(e.kind, e.kind.Fields, ""), e.kind.Rules(), callsOf(e.kind)
		}
		d.Kinds = append(d.Kinds, k)
	}
	return d, err
}

func fieldsOf(k *spec.Kind, fields []spec.Field, prefix string) []Field {
	var out []Field
	for i := range fields {
		f := &fields[i]
		out = append(out, fieldOf(k, f, prefix+f.Name))
		out = append(out, fieldsOf(k, f.Fields, prefix+f.Name+".")...)
	}
	return out
}

func fieldOf(k *spec.Kind, f *spec.Field, path string) Field {
	out := Field{Path: path, Type: f.Type.String(), Doc: f.Doc, Key: k.IsKey(path), Required: f.Required || k.IsKey(path), ReadOnly: f.ReadOnly,
		Immutable: f.Immutable, Sensitive: f.Sensitive, NotReturned: f.NotReturned, Values: f.Enum, Open: f.OpenEnum, Pattern: f.Pattern, Default: f.Default,
		Nullable: f.Nullable, CreateOnly: f.CreateOnly, Steer: f.Steer, Derived: f.Derive != "", For: f.For, ElementKey: f.ElemKey, Output: f.Output, Becomes: f.Becomes}
	if f.Ref != nil {
		out.RefersTo = f.Ref.Kind
	}
	return out
}

func callsOf(k *spec.Kind) []Call {
	var out []Call
	add := func(what, route, version string) {
		if route != "" {
			out = append(out, Call{what, route, version})
		}
	}
	add("list", k.List.Route, k.List.Version)
	add("get", k.Get.Route, k.Get.Version)
	for _, group := range []struct {
		what  string
		calls []spec.Call
	}{{"create", k.Create}, {"update", k.Update}, {"delete", k.Delete}} {
		for _, call := range group.calls {
			add(group.what, call.Route, call.Version)
		}
	}
	return out
}
