package kinds

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var (
	kindName    = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	sectionName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
)

// against tells what of a kind its calls contradict: places that no answer has, states
// that Atlas has no word for, fields of another type.
func (d described) against(k *spec.Kind) (errs []error) {
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("kind %s: "+format, append([]any{k.Name}, args...)...))
	}
	// There are no places to hold against where no answer tells of any.
	at := func(what, pointers string, values ...string) {
		for _, pointer := range strings.Split(pointers, "|") {
			if pointer == "" || len(d.answered) == 0 {
				continue
			}
			said := every(d.answered, pointer)
			if len(said) == 0 {
				fail("%s names %s, which no answer has", what, pointer)
			}
		}
		known := d.words(pointers)
		for _, v := range values {
			if known != nil && v != "" && !slices.Contains(known, v) {
				fail("%s names %s, which %s never is; it is one of %s", what, v, pointers, strings.Join(known, ", "))
			}
		}
	}
	var cond func(what string, c *spec.Cond)
	cond = func(what string, c *spec.Cond) {
		if c != nil {
			at(what, c.At, slices.Concat(c.Values, c.NotIn)...)
			at(what, c.As)
			cond(what, c.And)
		}
	}
	if !kindName.MatchString(k.Name) {
		fail("name: a kind is called as ProjectUser is, a capital letter and then letters and digits")
	}
	if k.Section != "" && !sectionName.MatchString(k.Section) {
		fail("section: %s is to be a small letter, and then letters and digits", k.Section)
	}
	if k.Doc == "" {
		fail("doc: nothing says what it is")
	}
	if o := k.Optional; o != nil {
		at("optional", o.At)
	}
	at("identAt", k.IdentAt)
	for name, from := range k.Params {
		if strings.HasPrefix(from, "/") {
			at("params."+name, from)
		}
	}
	if l := k.Lapse; l != nil {
		at("lapse", l.At, l.Values...)
	}
	if f := k.Failure; f != nil {
		at("failure", f.At, f.Values...)
		at("failure", f.Reason)
	}
	cond("active", k.Active)
	cond("unset", k.Unset)
	for i := range k.Blocks {
		cond("blocks", &k.Blocks[i].While)
	}
	for i := range k.Outside {
		cond("outside", &k.Outside[i].While)
	}
	if k.Adopt != nil {
		cond("adopt", &k.Adopt.While)
	}
	for _, call := range slices.Concat(k.Create, k.Update, k.Delete) {
		cond(call.Route+": from", call.From)
		cond(call.Route+": to", call.To)
		if w := call.Wait; w != nil && w.Read == nil {
			at(call.Route+": wait", w.At, slices.Concat(w.Until, w.Fail)...)
			at(call.Route+": wait", w.Error)
		}
	}
	for i := range k.Fields {
		d.typed(&k.Fields[i], "", "", fail)
	}
	return errs
}

// words lists the values that some places of answers can have together, or nil if the
// calls do not tell them all.
func (d described) words(pointers string) []string {
	var all []string
	for _, pointer := range strings.Split(pointers, "|") {
		said := every(d.answered, pointer)
		if len(said) == 0 {
			continue
		}
		known := enumOf(said)
		if known == nil {
			return nil
		}
		all = append(all, known...)
	}
	return all
}

// takes says which types of schemas a type of field can be.
var takes = map[spec.Type][]string{
	spec.String: {"string"}, spec.Path: {"string"}, spec.Bool: {"boolean"}, spec.Int: {"integer"}, spec.Number: {"number", "integer"},
	spec.Bytes: {"integer", "number"}, spec.Duration: {"integer", "number"}, spec.Set: {"array"}, spec.List: {"array"}, spec.Object: {"object"},
}

// typed tells where a field is of another type than the calls say.
func (d described) typed(f *spec.Field, base, sendBase string, fail func(string, ...any)) {
	if f.Local || f.Backref != nil || f.Take != nil || f.Lookup != nil || f.True != "" || f.Norm == spec.JSONDoc {
		return
	}
	pointer, send := base+f.WireAt(), sendBase+f.SendPointer()
	types := takes[f.Type]
	for _, s := range slices.Concat(every(d.sent(), send), every(d.answered, pointer)) {
		if is := s.Type; types != nil && is != "" && !slices.Contains(types, is) && !oneOf(s, types) {
			fail("field %s is of type %s, and the calls have a value of type %s there", f.Name, f.Type, is)
			return
		}
	}
	for i := range f.Fields {
		d.typed(&f.Fields[i], pointer, send, fail)
	}
}

// oneOf tells whether an alternative of a schema is of one of some types.
func oneOf(s *api.Schema, types []string) bool {
	return slices.ContainsFunc(whole(s), func(part *api.Schema) bool { return slices.Contains(types, part.Type) })
}
