package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// WriteReference prints the reference of all kinds as Markdown.
func WriteReference(w io.Writer, c *spec.Catalog) error {
	var b strings.Builder
	b.WriteString("# Kinds\n\nGenerated from the catalogue by `make generate`. Every kind has an example in [examples/](../examples).\n")
	for _, k := range c.Kinds() {
		reference(&b, c, k)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func reference(b *strings.Builder, c *spec.Catalog, k *spec.Kind) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n", k.Name, k.Doc)
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
		b.WriteString("| `state` | `absent` | The resource is to be deleted. |\n")
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
	b.WriteString("\nCalls: " + strings.Join(calls(k), ", ") + ".\n")
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
			{f.Required || prefix == "" && k.IsKey(f.Name), "Required."},
			{f.Immutable, "Cannot be changed."},
			{f.OneWay, "Cannot be changed once it is set."},
			{f.Sensitive, "Sensitive: `{fromEnv: NAME}` or `{fromFile: path}`."},
			{f.NotReturned && !f.Sensitive, "Compared where Atlas returns it."},
			{f.Unless != "", "Not with `" + f.Unless + ": true`."},
		} {
			if note.on {
				doc += " " + note.text
			}
		}
		if len(f.Enum) > 0 && len(f.Enum) < 20 {
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
		add(k.Rotation.Create.Route, k.Rotation.Create.Version)
		add(k.Rotation.Delete.Route, k.Rotation.Delete.Version)
	}
	return out
}
