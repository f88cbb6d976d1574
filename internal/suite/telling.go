package suite

import (
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// telling fails if what Atlas does not tell in clear is not sensitive to the kind.
func (w *world) telling(o *object) {
	w.tellingIn(&spec.Field{Fields: o.kind.Fields, Variant: o.kind.Variant}, o.raw, o.sent, o.kind.Name)
}

func (w *world) tellingIn(in *spec.Field, raw, sent any, at string) {
	fields := in.Fields
	var chosen any
	if v := fieldNamed(fields, in.Variant); v != nil {
		chosen, _ = spec.At(raw, v.WireAt())
	}
	for i := range fields {
		f := &fields[i]
		if f.Local || f.Backref != nil {
			continue
		}
		was, given := spec.At(sent, f.SendPointer())
		v, live := spec.At(raw, f.WireAt())
		text, isText := was.(string)
		switch {
		case given && live && v != nil && was != nil && !f.Fits(chosen) && !isEmpty(was):
			w.fail("%s.%s: Atlas takes and keeps it for %v, and the kind has it for %v only", at, f.Name, chosen, f.For)
		case !given || f.Sensitive:
		case isText && text != "" && live && v != was && masked(v):
			w.fail("%s.%s: Atlas masks it, and the kind does not say that it is sensitive", at, f.Name)
		case isText && (!live || v == nil) && secretive(f.Name):
			w.fail("%s.%s: Atlas does not return it, and the kind does not say that it is sensitive", at, f.Name)
		case f.Type == spec.Object:
			w.tellingIn(f, v, was, at+"."+f.Name)
		case f.Collection():
			list, _ := v.([]any)
			for n, e := range list {
				w.tellingIn(f, e, partner(f, e, was, n), at+"."+f.Name)
			}
		}
	}
}

// secretive tells whether a name is one of a secret.
func secretive(name string) bool {
	for _, word := range []string{"password", "secret", "token", "apikey", "privatekey", "accountkey"} {
		if strings.Contains(strings.ToLower(name), word) {
			return true
		}
	}
	return false
}
