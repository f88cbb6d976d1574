package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// documents are the kinds of documents that no object of Atlas is behind.
var documents = map[string]string{
	spec.BaselineKind: `  Gives its sections to every declared project that its match fits: a pattern of the name
  (name), and declared tags (tags). What a project declares itself wins, field by field.
  Its values may be ${vars.NAME}, ${name} or ${tags.KEY} of each project; without: in a
  project's document leaves entries out.
`,
	spec.PolicyKind: `  Rules of your own, to which validate, plan and apply hold the files and the plans.
  Under rules, each has
    ` + strings.Join(spec.RuleWords, ", ") + `
  on is resource (each declared one; what cel calls self) or step (each step of a plan);
  match takes ` + strings.Join(spec.MatchWords, ", ") + `. See docs/policies.md.
`,
	spec.DefinitionKind: `  Describes a kind of the API that this program does not bring. See docs/own-kinds.md;
  the words are in docs/words.md, and explain --draft writes a first one.
`,
}

// Explain prints what there is to know of a kind, or of a field of one. what
// is a kind or section, and a field's path after a dot: ProjectUser.roles.
func Explain(w io.Writer, c *spec.Catalog, what string) error {
	for kind, text := range documents {
		if strings.EqualFold(what, kind) {
			fmt.Fprintf(w, "%s (a document of kind: %s)\n%s", kind, kind, text)
			return nil
		}
	}
	found, err := explained(c, what)
	for i, e := range found {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if e.field == nil {
			explainKind(w, c, e.kind)
		} else {
			explainField(w, e.kind, e.field, e.path)
		}
	}
	return err
}

// An explanation is a kind, or a field of one, that a name means.
type explanation struct {
	kind  *spec.Kind
	field *spec.Field
	path  string
}

// explained finds what a name means: a kind or section, and a field's path
// after a dot.
func explained(c *spec.Catalog, what string) ([]explanation, error) {
	name, path, _ := strings.Cut(what, ".")
	var kinds []*spec.Kind
	var known []string
	for _, k := range c.Kinds() {
		known = append(known, k.Name)
		if strings.EqualFold(k.Name, name) || k.Section != "" && k.Section == name {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) == 0 {
		return nil, noSuchKind(c, name, known)
	}
	var found []explanation
	for _, k := range kinds {
		switch f := fieldAt(k, path); {
		case path == "":
			found = append(found, explanation{kind: k})
		case f != nil:
			found = append(found, explanation{k, f, path})
		}
	}
	if len(found) == 0 && slices.Contains([]string{"state", "until", "replace", kinds[0].Ident}, path) {
		return explained(c, kinds[0].Name) // it stands there, on a line
	}
	if len(found) == 0 {
		return nil, noSuchField(kinds[0], path)
	}
	return found, nil
}

// noSuchField says what there is where a path ends in nothing.
func noSuchField(k *spec.Kind, path string) error {
	in, fields := k.Name, k.Fields
	for _, part := range strings.Split(path, ".") {
		i := slices.IndexFunc(fields, func(f spec.Field) bool { return f.Name == part })
		if i >= 0 {
			in, fields = in+"."+part, fields[i].Fields
			continue
		}
		var names []string
		for i := range fields {
			names = append(names, fields[i].Name)
		}
		switch near := spec.Nearest(part, names); {
		case len(names) == 0:
			return fmt.Errorf("%s has no fields in it", in)
		case near != "":
			return fmt.Errorf("%s has no field %q; did you mean %s.%s?", in, part, in, near)
		}
		return fmt.Errorf("%s has no field %q; it has %s", in, part, strings.Join(names, ", "))
	}
	return nil
}

func noSuchKind(c *spec.Catalog, name string, known []string) error {
	if c.NotYet(name) {
		return fmt.Errorf("there is no kind or section %q yet: Atlas has it, and this version does not know it; kinds lists those that it knows", name)
	}
	hint := ""
	near := spec.Nearest(name, known)
	if meant := c.Called(name); meant != nil {
		near = meant.Name
	}
	if near != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", near)
	}
	return fmt.Errorf("there is no kind or section %q%s; kinds lists them", name, hint)
}

// fieldAt returns the field at a path, or nil.
func fieldAt(k *spec.Kind, path string) *spec.Field {
	fields := k.Fields
	var f *spec.Field
	for _, part := range strings.Split(path, ".") {
		i := slices.IndexFunc(fields, func(f spec.Field) bool { return f.Name == part })
		if i < 0 {
			return nil
		}
		f, fields = &fields[i], fields[i].Fields
	}
	return f
}

func stands(k *spec.Kind) string {
	switch {
	case k.Document:
		return "a document of kind: " + k.Name
	case k.Singleton:
		return fmt.Sprintf("%s: in %s, one mapping", k.Section, k.Parent)
	}
	return fmt.Sprintf("%s: in %s, a list", k.Section, k.Parent)
}

func explainKind(w io.Writer, c *spec.Catalog, k *spec.Kind) {
	fmt.Fprintf(w, "%s (%s)\n  %s\n", k.Name, stands(k), k.Doc)
	if k.Role != "" {
		fmt.Fprintf(w, "  Needs the Atlas role: %s\n", k.Role)
	}
	fmt.Fprintln(w, "\nFields:")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	explainFields(t, k, k.Fields, "", true)
	if k.Ident != "" {
		fmt.Fprintf(t, "  %s\tstring\tAtlas's id: settles which object is meant, and lets the key change\n", k.Ident)
	}
	if len(k.Delete) > 0 {
		fmt.Fprintf(t, "  state\tstring\tabsent: it is to be %s%s\n", k.Ending(), refused(k))
	}
	if k.Grants() {
		fmt.Fprintf(t, "  until\tdate or time\twhen what it grants ends: the last day (UTC), or the instant; apply then removes it\n")
	}
	if k.Replaceable {
		fmt.Fprintf(t, "  replace\tboolean\tallows deleting it and creating it anew where a field cannot change\n")
	}
	_ = t.Flush() // who gave the writer notices
	for _, child := range c.Children(k) {
		fmt.Fprintf(w, "  %s: %s (explain %s)\n", child.Section, child.Doc, child.Name)
	}
	if rules := k.Rules(); len(rules) > 0 {
		fmt.Fprintf(w, "\nRules:\n  %s\n", strings.Join(rules, "\n  "))
	}
	fmt.Fprintln(w, "\nCalls:")
	t = tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	read := func(what string, r spec.Read) {
		if r.Route != "" {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", what, r.Route, r.Version)
		}
	}
	read("list", k.List)
	read("get", k.Get)
	for _, group := range []struct {
		what  string
		calls []spec.Call
	}{{"create", k.Create}, {"update", k.Update}, {"delete", k.Delete}} {
		for _, call := range group.calls {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", group.what, call.Route, call.Version)
		}
	}
	if k.Rotation != nil {
		if list := k.Rotation.List; list != nil {
			read("secrets", *list)
		}
		if make := k.Rotation.Create; make.Route != "" {
			fmt.Fprintf(t, "  renew\t%s\t%s\n", make.Route, make.Version)
		}
		fmt.Fprintf(t, "  retire\t%s\t%s\n", k.Rotation.Delete.Route, k.Rotation.Delete.Version)
	}
	_ = t.Flush()
	if len(k.Create) == 0 && !k.Singleton {
		fmt.Fprintln(w, "\nIt must exist in Atlas already.")
	}
	if k.Optional != nil && len(k.Create) == 0 {
		fmt.Fprintf(w, "\nIt must exist in Atlas already: %s.\n", k.Optional.Hint)
	}
	if why := k.Prunable(); why != "" && !k.Document && !k.Singleton {
		fmt.Fprintf(w, "\nCannot be pruned: %s.\n", why)
	}
	if k.DeleteNote != "" {
		fmt.Fprintf(w, "\nOn deletion: %s\n", k.DeleteNote)
	}
	if len(k.Fields) > 0 {
		fmt.Fprintf(w, "\nexplain %s.%s tells more of a field.\n", k.Name, k.Fields[0].Name)
	}
}

// refused says when a plan refuses the deletion.
func refused(k *spec.Kind) string {
	var whys []string
	for _, b := range k.Blocks {
		if b.Of == "delete" {
			whys = append(whys, "it "+b.Why)
		}
	}
	if whys == nil {
		return ""
	}
	return "; refused where " + strings.Join(whys, ", or where ")
}

func explainFields(w io.Writer, k *spec.Kind, fields []spec.Field, prefix string, top bool) {
	for i := range fields {
		f := &fields[i]
		fmt.Fprintf(w, "  %s%s\t%s\t%s\n", prefix, f.Name, f.Type, strings.Join(traits(k, f, top), ", "))
		explainFields(w, k, f.Fields, prefix+f.Name+".", false)
	}
}

// traits says in a word each what holds for a field.
func traits(k *spec.Kind, f *spec.Field, top bool) []string {
	var out []string
	add := func(on bool, what string) {
		if on {
			out = append(out, what)
		}
	}
	add(top && k.IsKey(f.Name), "key")
	add(f.ReadOnly, "set by Atlas")
	add(f.Required && !(top && k.IsKey(f.Name)), "required")
	add(f.Immutable && len(f.Becomes) == 0, "cannot be changed")
	add(len(f.Becomes) > 0, "can be changed only "+becomes(f))
	add(f.OneWay, "cannot be changed once set")
	add(f.CreateOnly, "counts at creation only")
	add(f.Steer, "goes along with any change")
	add(f.Nullable, "null leaves it to Atlas")
	add(f.Derive != "", "follows from others where left out")
	add(len(f.For) > 0, "for "+strings.Join(f.For, ", "))
	add(len(f.ElemKey) > 0, "told apart by "+strings.Join(f.ElemKey, ", "))
	add(f.Output, "shown after an apply")
	add(f.Sensitive, "sensitive")
	add(f.NotReturned, "not returned by Atlas")
	add(f.Default != nil, "default "+Value(f.Default))
	return out
}
