// Package reference writes the pages of the kinds, docs/kinds, from the catalogue.
package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Page is one file of the reference.
type Page struct {
	Name string // such as project_user.md
	Text []byte
}

// Pages returns the reference: a page for each kind, and an index. example returns
// the example of a kind by the name of its file.
func Pages(c *spec.Catalog, example func(name string) ([]byte, error)) ([]Page, error) {
	var index strings.Builder
	index.WriteString("# Kinds\n\nGenerated from the catalogue by `make generate`. `explain KIND` tells the same in short.\n\n" +
		"| kind | section | in | what it is |\n|---|---|---|---|\n")
	var pages []Page
	for _, k := range c.Kinds() {
		name := snake(k.Name)
		section, parent := "`"+k.Section+"`", k.Parent
		if k.Document {
			section = "a document"
		}
		fmt.Fprintf(&index, "| [%s](%s.md) | %s | %s | %s |\n", k.Name, name, section, parent, k.Doc)
		var b strings.Builder
		page(&b, k)
		text, err := example(name + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("the example of %s: %w", k.Name, err)
		}
		fmt.Fprintf(&b, "\n## Example\n\n```yaml\n%s```\n", text)
		pages = append(pages, Page{name + ".md", []byte(b.String())})
	}
	return append(pages, Page{"README.md", []byte(index.String())}), nil
}

// snake spells a kind's name as its files are called: ProjectUser is
// project_user, IPAccessList ip_access_list.
func snake(name string) string { return strings.ToLower(strings.Join(spec.Words(name), "_")) }

func page(b *strings.Builder, k *spec.Kind) {
	fmt.Fprintf(b, "# %s\n\n%s\n\n", k.Name, k.Doc)
	switch {
	case k.Document:
		fmt.Fprintf(b, "Declared in a document of `kind: %s`.", k.Name)
	case k.Singleton:
		fmt.Fprintf(b, "Declared under `%s:` of %s, as one mapping.", k.Section, k.Parent)
	default:
		fmt.Fprintf(b, "Declared under `%s:` of %s, as a list.", k.Section, k.Parent)
	}
	if k.Role != "" {
		fmt.Fprintf(b, " Needs the Atlas role %s.", k.Role)
	}
	b.WriteString("\n\n| field | type | |\n|---|---|---|\n")
	fieldRows(b, k.Fields, "", k)
	if k.Ident != "" {
		fmt.Fprintf(b, "| `%s` | string | Atlas's id: settles which object is meant, and lets the name change. |\n", k.Ident)
	}
	if len(k.Delete) > 0 {
		fmt.Fprintf(b, "| `state` | `absent` | The resource is to be %s. |\n", k.Ending())
	}
	if k.Grants() {
		b.WriteString("| `until` | date or time | When what it grants ends: the last day on which it holds (UTC), or the instant. After that `apply` removes it. |\n")
	}
	if k.Replaceable {
		b.WriteString("| `replace` | boolean | Allows deleting it and creating it anew where a field cannot change. |\n")
	}
	var notes []string
	if why := k.Prunable(); why != "" && !k.Document && !k.Singleton {
		notes = append(notes, "Cannot be pruned: "+why+".")
	}
	if k.DeleteNote != "" {
		notes = append(notes, k.DeleteNote)
	}
	if k.NamesNotUnique {
		notes = append(notes, "Atlas does not keep the key unique.")
	}
	if len(notes) > 0 {
		b.WriteString("\n" + strings.Join(notes, " ") + "\n")
	}
	if rules := k.Rules(); len(rules) > 0 {
		b.WriteString("\n## Rules\n\n- " + strings.Join(rules, "\n- ") + "\n")
	}
	b.WriteString("\n## Calls\n\n")
	for _, c := range calls(k) {
		b.WriteString("- " + c + "\n")
	}
}

func fieldRows(b *strings.Builder, fields []spec.Field, prefix string, k *spec.Kind) {
	for i := range fields {
		f := &fields[i]
		doc := f.Doc
		for _, note := range []struct {
			on   bool
			text string
		}{
			{f.ReadOnly, "Set by Atlas; cannot be declared."},
			{(f.Required || prefix == "" && k.IsKey(f.Name) && !k.Alternative(f.Name)) && f.Derive == "", "Required."},
			{prefix == "" && !f.Required && len(k.Alternatives(f.Name)) > 1, "One of `" + strings.Join(k.Alternatives(f.Name), "`, `") + "` is required."},
			{f.Immutable && len(f.Becomes) == 0, "Cannot be changed."},
			{len(f.Becomes) > 0, "Can be changed only " + becomes(f) + "."},
			{f.CreateOnly && !strings.Contains(f.Doc, "at creation only"), "Counts at creation only."},
			{f.Steer, "Goes along with any change, and is not compared."},
			{f.Derive != "" && !strings.Contains(f.Doc, "ollows from"), "Follows from others where it is left out."},
			{f.Nullable, "`null` leaves it to Atlas."},
			{len(f.For) > 0, "Only for `" + strings.Join(f.For, "`, `") + "`."},
			{len(f.ElemKey) > 0, "Told apart by `" + strings.Join(f.ElemKey, "`, `") + "`."},
			{f.Output, "Shown after an apply, and by `get`."},
			{f.OneWay, "Cannot be changed once it is set."},
			{f.Sensitive && f.Type != spec.Map, "Sensitive: `{fromEnv: NAME}` or `{fromFile: path}`."},
			{f.Sensitive && f.Type == spec.Map, "Sensitive: each value is `{fromEnv: NAME}` or `{fromFile: path}`."},
			{f.NotReturned && !f.Sensitive, "Compared where Atlas returns it."},
			{f.Unless != "", "Not with `" + f.Unless + ": true`."},
		} {
			if note.on {
				doc += " " + note.text
			}
		}
		if len(f.Enum) > 0 && len(f.Enum) < 30 {
			doc += " One of `" + strings.Join(f.Enum, "`, `") + "`"
			if f.OpenEnum {
				doc += ", or one that is newer than this version"
			}
			doc += "."
		}
		fmt.Fprintf(b, "| `%s%s` | %s | %s |\n", prefix, f.Name, f.Type, doc)
		fieldsBelow(b, f, prefix, k)
	}
}

// becomes says what an immutable value may become all the same.
func becomes(f *spec.Field) string {
	var out []string
	for _, from := range slices.Sorted(maps.Keys(f.Becomes)) {
		out = append(out, "from `"+from+"` to `"+strings.Join(f.Becomes[from], "` or `")+"`")
	}
	return strings.Join(out, ", ")
}

func fieldsBelow(b *strings.Builder, f *spec.Field, prefix string, k *spec.Kind) {
	sep := "."
	if f.Type != spec.Object {
		sep = "[]."
	}
	fieldRows(b, f.Fields, prefix+f.Name+sep, k)
}

// calls lists the routes of a kind, each once.
func calls(k *spec.Kind) []string {
	var out []string
	seen := map[string]bool{}
	add := func(route, version string) {
		if route != "" && !seen[route] {
			seen[route] = true
			out = append(out, fmt.Sprintf("`%s` (%s)", route, version))
		}
	}
	add(k.List.Route, k.List.Version)
	add(k.Get.Route, k.Get.Version)
	for _, list := range [][]spec.Call{k.Create, k.Update, k.Delete} {
		for _, c := range list {
			add(c.Route, c.Version)
		}
	}
	if k.Rotation != nil {
		if list := k.Rotation.List; list != nil {
			add(list.Route, list.Version)
		}
		add(k.Rotation.Create.Route, k.Rotation.Create.Version)
		add(k.Rotation.Delete.Route, k.Rotation.Delete.Version)
	}
	return out
}
