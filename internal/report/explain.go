package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Explain prints what there is to know of a kind, or of a field of one. what
// is a kind or section, and a field's path after a dot: ProjectUser.roles.
func Explain(w io.Writer, c *spec.Catalog, what string) error {
	if strings.EqualFold(what, spec.BaselineKind) {
		fmt.Fprintf(w, "%s (a document of kind: %s)\n  Gives its sections to every declared project that its match fits: a pattern of the name\n"+
			"  (name), and declared tags (tags). What a project declares itself wins, field by field.\n"+
			"  Its values may be ${vars.NAME}, ${name} or ${tags.KEY} of each project; without: in a\n  project's document leaves entries out.\n", spec.BaselineKind, spec.BaselineKind)
		return nil
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

func explainField(w io.Writer, k *spec.Kind, f *spec.Field, path string) {
	fmt.Fprintf(w, "%s.%s\n  %s\n\n", k.Name, path, f.Doc)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(what, value string) {
		if value != "" {
			fmt.Fprintf(t, "  %s\t%s\n", what, value)
		}
	}
	row("type", f.Type.String())
	row("", "")
	required := "no"
	top := !strings.Contains(path, ".")
	switch {
	case f.ReadOnly:
		required = "no: Atlas sets it, and it cannot be declared"
	case f.Required && len(f.For) > 0:
		required = "for " + strings.Join(f.For, ", ")
	case f.Derive != "":
		required = "no: it follows from other fields"
	case top && !f.Required && k.Alternative(f.Name):
		required = "one of the key's: " + strings.Join(k.Alternatives(f.Name), " or ")
	case f.Required || top && k.IsKey(f.Name):
		required = "yes"
	}
	row("required", required)
	if len(f.For) > 0 && !f.Required {
		row("there", "for "+strings.Join(f.For, ", "))
	}
	if len(f.Enum) > 0 {
		values := strings.Join(f.Enum, ", ")
		if f.OpenEnum {
			values += " (others with a warning: Atlas may know more)"
		}
		row("values", values)
	}
	row("pattern", f.Pattern)
	if f.MaxLen > 0 || f.MinLen > 0 {
		row("length", bounds(int64(f.MinLen), int64(f.MaxLen)))
	}
	if f.Max > f.Min {
		row("range", bounds(f.Min, f.Max))
	}
	if f.MinItems > 0 {
		row("members", fmt.Sprintf("at least %d", f.MinItems))
	}
	if f.Default != nil {
		row("default", Value(f.Default))
	} else if f.Derive != "" {
		row("left out", "it follows from other fields")
	} else if !f.ReadOnly && !f.Required {
		row("left out", "what Atlas has is left alone")
	}
	row("changeable", changeable(k, f))
	switch {
	case f.Sensitive && f.Type == spec.Map:
		row("sensitive", "each value a reference: {fromEnv: NAME} or {fromFile: path}")
	case f.Sensitive:
		row("sensitive", "a reference: {fromEnv: NAME} or {fromFile: path}")
	}
	if f.NotReturned {
		row("compared", "only where Atlas returns it; else it shows as unverifiable")
	}
	switch {
	case f.Type == spec.Document:
		row("compared", "of mappings what is declared, of lists all")
	case f.Steer:
		row("compared", "never: it goes along with any change of its resource")
	case f.Norm == spec.Instant:
		row("written as", "2027-03-31T18:00:00Z, in any zone")
	}
	if f.Nullable {
		row("null", "leaves it to Atlas")
	}
	if len(f.ElemKey) > 0 {
		row("elements", "told apart by "+strings.Join(f.ElemKey, ", "))
	} else if f.Collection() {
		row("elements", "compared by their place")
	}
	if f.Output {
		row("shown", "after an apply, and by get")
	}
	if f.Ref != nil {
		row("refers to", f.Ref.Kind)
	}
	if f.Backref != nil {
		row("members are", f.Backref.Kind)
	}
	for _, route := range sentBy(k, strings.Split(path, ".")[0], f) {
		row("sent by", route)
	}
	_ = t.Flush()
	if len(f.Fields) > 0 {
		fmt.Fprintln(w, "\nFields:")
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		explainFields(t, k, f.Fields, "", false)
		_ = t.Flush()
	}
}

func changeable(k *spec.Kind, f *spec.Field) string {
	switch {
	case f.ReadOnly:
		return ""
	case f.CreateOnly:
		return "no: it counts when the resource is created"
	case len(f.Becomes) > 0:
		return "only " + becomes(f)
	case f.Immutable && k.Replaceable, f.OneWay && k.Replaceable:
		return "no: replace: true deletes the resource and creates it anew"
	case f.Immutable:
		return "no"
	case f.OneWay:
		return "once: it can be set, and then no more"
	case k.IsKey(f.Name) && k.Ident != "":
		return fmt.Sprintf("with %s: that tells which resource is renamed", k.Ident)
	case k.IsKey(f.Name):
		return "no: another value means another resource"
	}
	return "yes"
}

// becomes says what an immutable value may become all the same.
func becomes(f *spec.Field) string {
	var out []string
	for _, from := range slices.Sorted(maps.Keys(f.Becomes)) {
		out = append(out, from+" to "+strings.Join(f.Becomes[from], " or "))
	}
	return strings.Join(out, ", ")
}

func bounds(low, high int64) string {
	if high <= 0 {
		return fmt.Sprintf("at least %d", low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

// sentBy lists the calls whose body or path holds a field.
func sentBy(k *spec.Kind, top string, f *spec.Field) []string {
	if f.ReadOnly || f.Local {
		return nil
	}
	var out []string
	for _, calls := range [][]spec.Call{k.Create, k.Update} {
		for _, c := range calls {
			sends := c.Body.Send != spec.Nothing && (len(c.Body.Fields) == 0 || slices.Contains(c.Body.Fields, top))
			each := c.Each != nil && (c.Each.Added == top || c.Each.Removed == top)
			when := c.When != nil && c.When.Field == top
			if (sends || each || when) && !slices.Contains(out, c.Route) {
				out = append(out, c.Route)
			}
		}
	}
	return out
}
