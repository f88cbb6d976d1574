package kinds

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Of returns the kinds, with what follows from some facts: those of a newer
// description. Files can describe more.
func Of(facts *api.Facts) *spec.Catalog {
	c, err := catalog(facts, nil)
	if err != nil {
		panic(err)
	}
	return c
}

// catalog makes the catalogue of our kinds and of some more, which are whole already.
func catalog(facts *api.Facts, more []*spec.Kind) (*spec.Catalog, error) {
	var all []*spec.Kind
	literals := map[*spec.Kind]func() spec.Kind{}
	for _, literal := range registered {
		k := literal()
		all, literals[&k] = append(all, &k), literal
	}
	c, err := spec.NewLazyCatalog(func(k *spec.Kind) {
		if slices.Contains(more, k) {
			return
		}
		err := follow(facts, k)
		if err != nil && facts != api.Load() { // what a newer description has no more, Atlas may have still
			*k = literals[k]()
			err = follow(api.Load(), k)
		}
		if err != nil {
			panic(err)
		}
	}, append(all, more...)...)
	if err != nil {
		return nil, err
	}
	c.Define = func(defs []spec.Definition) (*spec.Catalog, spec.Diagnostics) { return define(facts, more, defs) }
	return c, nil
}

// define adds kinds that files describe, checked as ours are by our tests.
func define(facts *api.Facts, known []*spec.Kind, defs []spec.Definition) (*spec.Catalog, spec.Diagnostics) {
	var diags spec.Diagnostics
	more := slices.Clone(known)
	var added []spec.Definition
	for _, d := range defs {
		k := d.Kind
		if err := followed(facts, k); err != nil {
			diags.Errorf(place(d, err), "explain --draft shows what the calls hold; --api takes the facts of a newer description", "%v", err)
			continue
		}
		if slices.ContainsFunc(more, func(other *spec.Kind) bool { return reflect.DeepEqual(other, k) }) {
			continue // the same definition, read twice
		}
		if isOurs(k.Name) {
			diags.Errorf(d.Place(".name"), fmt.Sprintf("explain %s tells of it; leave the definition out, or describe something else under another name and section", k.Name),
				"kind %s: the catalogue of this version has it already", k.Name)
			continue
		}
		if i := slices.IndexFunc(more, func(other *spec.Kind) bool { return other.Name == k.Name }); i >= 0 {
			diags.Errorf(d.Place(".name"), "", "kind %s: another definition has the same name", k.Name)
			continue
		}
		more, added = append(more, k), append(added, d)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	c, err := catalog(facts, more)
	if err != nil {
		diags.Errorf(defs[0].Place(""), "", "%v", err)
		return nil, diags
	}
	for _, d := range added {
		k := d.Kind
		errs := c.Check(k)
		if err := c.Compile(k); err != nil {
			errs = append(errs, err)
		}
		errs = append(errs, undrafted(k)...)
		if described, err := describe(facts, k); err == nil {
			errs = append(errs, described.against(k)...)
			errs = append(errs, leftOut(facts, k)...)
		}
		for _, err := range errs {
			diags.Errorf(place(d, err), "", "%v", err)
		}
	}
	return c, diags
}

// isOurs tells whether the catalogue has a kind by itself.
func isOurs(name string) bool {
	return slices.ContainsFunc(registered, func(literal func() spec.Kind) bool { return literal().Name == name })
}

// followed is follow, of a kind that nobody has tested: nothing in it makes the program
// panic.
func followed(facts *api.Facts, k *spec.Kind) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("kind %s: its calls cannot be read (%v)", k.Name, r)
		}
	}()
	if k.List.Route == "" {
		return fmt.Errorf("kind %s: it has no list", k.Name)
	}
	if k.Document {
		return errors.New("kind " + k.Name + ": only the catalogue's own kinds have documents")
	}
	return follow(facts, k)
}

var fieldNamed = regexp.MustCompile(`(?:field |tells what )([A-Za-z_][\w]*)`)

// undrafted tells what a draft has left to people and nobody has done.
func undrafted(k *spec.Kind) (errs []error) {
	open := func(what, text string) {
		if strings.Contains(text, todo) {
			errs = append(errs, fmt.Errorf("kind %s: %s says %s still", k.Name, what, todo))
		}
	}
	open("its doc", k.Doc)
	for at, why := range k.Omit {
		open("omit of "+at, why)
	}
	var look func(fields []spec.Field)
	look = func(fields []spec.Field) {
		for i := range fields {
			open("the doc of field "+fields[i].Name, fields[i].Doc)
			look(fields[i].Fields)
		}
	}
	look(k.Fields)
	return errs
}

// leftOut tells, of each call, what its bodies hold and no field does.
func leftOut(facts *api.Facts, k *spec.Kind) (errs []error) {
	told := map[string]bool{}
	tell := func(route string, d described) {
		pointers := slices.DeleteFunc(d.unsaid(k), func(p string) bool { return told[p] })
		for _, p := range pointers {
			told[p] = true
		}
		if n := len(pointers); n > 0 {
			some, more := pointers[:min(n, mostLeftOut)], ""
			if n > len(some) {
				more = fmt.Sprintf(" and %d more", n-len(some))
			}
			errs = append(errs, fmt.Errorf("kind %s: %s holds %s%s, and no field does: add fields, or say under omit why not", k.Name, route, strings.Join(some, ", "), more))
		}
	}
	for _, call := range slices.Concat(k.Create, k.Update) {
		if s, err := requestOf(facts, call); err == nil {
			tell(call.Route, described{created: s})
		}
	}
	for _, read := range []spec.Read{k.List, k.Get} {
		if s, err := answerOf(facts, read); err == nil && read.IDs == "" {
			tell(read.Route, described{answered: s})
		}
	}
	return errs
}

// mostLeftOut is how much of what a call holds is named.
const mostLeftOut = 8

// wordFirst finds the word that a mistake begins with.
var wordFirst = regexp.MustCompile(`^\w+`)

// place finds where in a definition a mistake is: the field that it names, the call,
// or the word.
func place(d spec.Definition, err error) spec.Position {
	text, parts := err.Error(), []string{}
	if m := fieldNamed.FindStringSubmatch(text); m != nil {
		parts = append(parts, m[1])
	}
	routes := slices.DeleteFunc(slices.Sorted(maps.Keys(d.At)), func(at string) bool { return !strings.Contains(at, " ") || !strings.Contains(text, at) })
	slices.Reverse(routes) // the longest of those that begin alike
	parts = append(parts, routes...)
	parts = append(parts, "."+wordFirst.FindString(strings.TrimPrefix(text, "kind "+d.Kind.Name+": ")))
	return d.Place(parts...)
}
