package spec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Segment encodes a value as one segment of a path, in the place of a
// placeholder. Servers clean paths: after /groups/1/users/.. comes /groups/1,
// so a value that could lead elsewhere is an error and never sent. In ids even
// less has a place: Atlas makes them, and no slash or blank stands in one. Only
// Azure's resource ids have slashes; they are encoded.
func Segment(placeholder, value string) (string, error) {
	parts := strings.FieldsFunc(value, func(r rune) bool { return r == '/' || r == '\\' })
	switch {
	case value == "":
		return "", fmt.Errorf("the %s is empty", placeholder)
	case len(parts) == 0, slices.Contains(parts, "."), slices.Contains(parts, ".."),
		isID(placeholder) && !fitsID(value) && !azureResource().MatchString(value):
		return "", fmt.Errorf("the %s %q cannot be part of a path", placeholder, value)
	}
	// A colon would start a custom verb such as :addRole.
	return strings.ReplaceAll(url.PathEscape(value), ":", "%3A"), nil
}

// isID tells whether a placeholder stands for an id that Atlas makes: in all
// of its routes those end so, and names do not.
func isID(placeholder string) bool { return strings.HasSuffix(placeholder, "Id") }

// azureResource is a resource id of Azure's.
var azureResource = compiled(`^/subscriptions(/[-\w.()]+)+$`)

func fitsID(v string) bool {
	switch strings.ToLower(v) {
	case "null", "<nil>", "undefined":
		return false
	}
	return !strings.ContainsFunc(v, func(r rune) bool { return r == '/' || r == '\\' || unicode.IsSpace(r) || unicode.IsControl(r) })
}

// segments reports declared values that stand in paths and cannot.
func (l *loader) segments(r *Resource) {
	for placeholder, from := range r.Kind.Params {
		if v, declared := r.Values[from].(string); declared {
			if _, err := Segment(placeholder, v); err != nil {
				l.diags.Errorf(r.Source(from), "servers read . and .. in an address as the way elsewhere", "%s: %q cannot be part of a path", from, v)
			}
		}
	}
}
