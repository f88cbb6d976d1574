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
