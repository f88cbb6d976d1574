package spec

import (
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

var versionDate = regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)

// validate checks every name, placeholder, field and reference of the kinds.
func (c *Catalog) validate() []error {
	var errs []error
	for _, k := range c.kinds {
		errs = append(errs, c.Check(k)...)
	}
	return errs
}

// Check checks one kind.
func (c *Catalog) Check(k *Kind) (errs []error) {
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("kind %s: "+format, append([]any{k.Name}, args...)...))
	}
	c.validateFields(k.Fields, fail)
	c.validateShape(k, fail)
	c.validateReads(k, fail)
	c.validateEvents(k, fail)
	for what, calls := range map[string][]Call{"create": k.Create, "update": k.Update, "delete": k.Delete} {
		for _, call := range calls {
			c.validateCall(k, what, call, fail)
		}
	}
	if a := k.Across; a != nil {
		c.validateRead(k, "across", a.Read, fail)
		if !slices.Contains(Placeholders(k.List.Route), a.Param) && !slices.Contains(slices.Collect(maps.Values(k.List.Ask)), a.Param) {
			fail("across names a placeholder %s that list does not have", a.Param)
		}
	}
	if r := k.Rotation; r != nil {
		if k.Field(r.Field) == nil {
			fail("rotation names a field %s that is not there", r.Field)
		}
		if !r.Once {
			c.validateCall(k, "rotation.create", r.Create, fail)
		}
		if r.List != nil {
			c.validateRead(k, "rotation.list", *r.List, fail)
			if r.Once || r.First != "" || k.Get.Route == "" {
				fail("rotation: list is for secrets that do not come with the object, which get reads")
			}
		}
		for _, param := range r.Tells {
			if !slices.Contains(c.placeholders(k), param) {
				fail("rotation tells a placeholder %s that nothing fills", param)
			}
		}
		c.validateRoute(k, "rotation.delete", r.Delete.Route, r.Delete.Version, []string{"secretId"}, fail)
		if r.Once && (r.Create.Route != "" || len(k.Delete) == 0) {
			fail("rotation: a secret that is made once has no call of its own, and goes with its object")
		}
	}
	return errs
}

func (c *Catalog) validateShape(k *Kind, fail func(string, ...any)) {
	if k.Section == "" && !k.Document {
		fail("has neither a section nor documents")
	}
	for _, role := range strings.Split(k.Role, "; ") {
		if role != "" && !strings.HasPrefix(role, "Organization ") && !strings.HasPrefix(role, "Project ") {
			fail("role: %s is none of Atlas's, such as Project Owner or Organization Read Only", role)
		}
	}
	if f := k.Field("state"); f != nil && len(k.Delete) > 0 {
		fail("field state: files say state: absent there; give it another name, with its place as wire")
	}
	c.validateGrant(k, fail)
	if len(k.Key) == 0 && !k.Singleton {
		fail("has no key")
	}
	for _, name := range k.Within {
		if f := k.Field(name); f == nil || f.Type != String {
			fail("%s, which narrows the match down, is not a string field", name)
		}
	}
	for _, part := range k.Key {
		for _, name := range alternatives(part) {
			if f := FieldAt(k.Fields, SplitPath(name)); f == nil || f.Type == Object || f.Type == Map || f.Type == Document || f.Sensitive {
				fail("the key's %s is no field that can be spelled in an address", name)
			}
		}
	}
	if k.List.Route == "" {
		fail("has no list")
	}
	if k.Variant != "" {
		c.validateVariant("the kind", k.Variant, k.Fields, fail)
	} else if i := slices.IndexFunc(k.Fields, func(f Field) bool { return len(f.For) > 0 }); i >= 0 {
		fail("field %s: for needs a variant", k.Fields[i].Name)
	}
	validateConstraints("the kind", k.Constraints, k.Fields, fail)
	if k.Last != nil {
		c.validateLast(k, fail)
	}
	if f := k.Link(); f != nil && !f.Ref.ByID && !f.Ref.Same {
		fail("the key field %s refers to %s, and nothing says which of its objects a live one means: byID or same", f.Name, f.Ref.Kind)
	}
	c.validateOrder(k, fail)
	c.validatePresence(k, fail)
	for _, other := range c.kinds {
		if other != k && !k.Document && other.Parent == k.Parent && other.Section == k.Section {
			fail("section: %s is that of %s", k.Section, other.Name)
		}
	}
	if parent := c.byName[k.Parent]; parent != nil && parent.Field(k.Section) != nil {
		fail("its section %s is also a field of %s", k.Section, parent.Name)
	}
}

func (c *Catalog) validateLast(k *Kind, fail func(string, ...any)) {
	isSet := func(k *Kind, name string) bool { f := k.Field(name); return f != nil && f.Type == Set }
	if !isSet(k, k.Last.Field) {
		fail("last names %s, which is not a set", k.Last.Field)
	}
	if parent := c.byName[k.Parent]; parent == nil || !parent.Document {
		fail("last is for kinds that stand in a document")
	}
	t := k.Last.Through
	if t == nil {
		return
	}
	via := c.byName[t.Kind]
	if via == nil || via.Parent != k.Parent || !isSet(via, k.Last.Field) || via.Link() == nil {
		fail("last.through names %s, which is no kind beside it with a link and the set %s", t.Kind, k.Last.Field)
		return
	}
	if of := c.byName[via.Link().Ref.Kind]; of == nil || !isSet(of, t.Members) {
		fail("last.through: %s has no set %s", via.Link().Ref.Kind, t.Members)
	}
}

func (c *Catalog) validateFields(fields []Field, fail func(string, ...any)) {
	seen := map[string]bool{}
	for _, f := range fields {
		if seen[f.Name] {
			fail("field %s is there twice", f.Name)
		}
		seen[f.Name] = true
		if f.Doc == "" {
			fail("field %s has no doc", f.Name)
		}
		if f.Type == Untyped {
			fail("field %s has no type", f.Name)
		}
		if f.MaxLen > 0 && f.MinLen > f.MaxLen {
			fail("field %s: minLen %d is more than maxLen %d", f.Name, f.MinLen, f.MaxLen)
		}
		if f.Max != 0 && f.Min > f.Max {
			fail("field %s: min %d is more than max %d", f.Name, f.Min, f.Max)
		}
		if _, err := syntax.Parse(f.Pattern, syntax.Perl); err != nil { // compiling takes far longer
			fail("field %s: %v", f.Name, err)
		}
		if f.Instead != "" && fieldNamed(fields, f.Instead) == nil {
			fail("field %s: instead names %s, which is not beside it", f.Name, f.Instead)
		}
		if f.Sensitive && f.Type != String && (f.Type != Map || f.Pairs[0] != "") {
			fail("field %s: only strings can be sensitive, and the values of a mapping", f.Name)
		}
		if f.Type == Object && len(f.Fields) == 0 || len(f.Fields) > 0 && f.Type != Object && f.Type != Set && f.Type != List {
			fail("field %s: object and fields go together", f.Name)
		}
		c.validateElements(&f, fail)
		c.validateWords(&f, fail)
		validateConstraints("field "+f.Name, f.Constraints, f.Fields, fail)
		if f.Switch != nil {
			for _, name := range append(slices.Concat(f.Switch.Needs...), f.Switch.Field) {
				if f.Sub(name) == nil {
					fail("field %s: switch names %s, which is not there", f.Name, name)
				}
			}
		}
		c.validateFields(f.Fields, fail)
	}
}

func (c *Catalog) validateCall(k *Kind, what string, call Call, fail func(string, ...any)) {
	var extra []string
	for name := range call.Params {
		extra = append(extra, name)
	}
	if e := call.Each; e != nil {
		for name := range e.Params {
			extra = append(extra, name)
		}
		for _, name := range []string{e.Added, e.Removed} {
			if name != "" && (k.Field(name) == nil || k.Field(name).Type != Set) {
				fail("%s: each names %s, which is not a set", what, name)
			}
		}
	}
	c.validateRoute(k, what, call.Route, call.Version, extra, fail)
	c.validateWait(k, what, call, extra, fail)
	c.validateBatch(k, what, call, fail)
	if (call.From != nil || call.To != nil) && (what != "update" || call.When != nil || call.Each != nil || k.Singleton) {
		fail("%s %s: from and to are for updates of what can be created, without when and each", what, call.Route)
	}
	names := slices.Concat(call.Body.Fields, call.Body.Except)
	if w := call.When; w != nil {
		names = append(names, w.Field)
		if w.Loses && (what != "update" || w.Is != nil || w.Empty) {
			fail("%s %s: when.loses is for updates, and stands alone", what, call.Route)
		}
	}
	if call.Unless != "" {
		names = append(names, call.Unless)
	}
	for _, name := range call.Query {
		names = append(names, name)
	}
	for _, e := range call.Body.Set {
		names = append(names, slices.DeleteFunc([]string{e.RefOf, e.Field}, func(n string) bool { return n == "" })...)
		if e.Param != "" && !slices.Contains(append(c.placeholders(k), extra...), e.Param) {
			fail("%s %s names a placeholder %s that nothing fills", what, call.Route, e.Param)
		}
	}
	for _, name := range names {
		if k.Field(name) == nil {
			fail("%s %s names a field %s that is not there", what, call.Route, name)
		}
	}
}

func (c *Catalog) validateRoute(k *Kind, what, route, version string, extra []string, fail func(string, ...any)) {
	if !versionDate.MatchString(version) {
		fail("%s %s has no version date", what, route)
	}
	known := append(c.placeholders(k), extra...)
	for _, name := range Placeholders(route) {
		if !slices.Contains(known, name) {
			fail("%s %s: nothing fills {%s}", what, route, name)
		}
	}
}

// placeholders returns the names that routes of the kind can use.
func (c *Catalog) placeholders(k *Kind) []string {
	var names []string
	for ; k != nil; k = c.byName[k.Parent] {
		for name := range k.Params {
			names = append(names, name)
		}
	}
	return names
}
