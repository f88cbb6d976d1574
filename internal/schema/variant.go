package schema

import (
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// absences say which members are not there where the variant has a value that they
// are not for. Where a file does not say the variant, a baseline may, so nothing
// is said.
func absences(variant string, fields []spec.Field) []any {
	var out []any
	for _, group := range groups(fields) {
		none := object{}
		for _, f := range group {
			none[f.Name] = false
		}
		out = append(out, object{"if": is(variant, object{"not": object{"enum": group[0].For}}), "then": object{"properties": none}})
	}
	return out
}

// presences say which members have to be there for which values.
func presences(variant string, fields []spec.Field) []any {
	var out []any
	for _, group := range groups(fields) {
		var required []string
		for _, f := range group {
			if f.Required {
				required = append(required, f.Name)
			}
		}
		if required != nil {
			out = append(out, object{"if": is(variant, object{"enum": group[0].For}), "then": object{"required": required}})
		}
	}
	return out
}

// is holds where the variant is declared and is like that.
func is(variant string, like object) object {
	return object{"properties": object{variant: like}, "required": []string{variant}}
}

// groups puts together the declarable members that are for the same values.
func groups(fields []spec.Field) [][]spec.Field {
	var out [][]spec.Field
	at := map[string]int{}
	for _, f := range fields {
		if len(f.For) == 0 || f.ReadOnly {
			continue
		}
		values := strings.Join(f.For, "\x00")
		i, ok := at[values]
		if !ok {
			i, at[values] = len(out), len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}
