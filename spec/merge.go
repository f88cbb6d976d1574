package spec

import (
	"fmt"
	"slices"
	"strings"
)

// merge joins the documents of each organization and project, gives every
// resource its address and finds what is declared twice.
func (l *loader) merge() {
	for _, group := range l.groups() {
		first := group.docs[0]
		scope := &Resource{Kind: first.resource.Kind, Values: map[string]any{}, At: map[string]Position{"": first.source}}
		scope.Address = l.scopeAddress(scope.Kind, group)
		for _, doc := range group.docs {
			l.join(scope, doc)
			scope.Documents = append(scope.Documents, doc.source)
		}
		l.state.Scopes = append(l.state.Scopes, scope)
		l.state.byAddress[scope.Address] = scope
		l.applyBaselines(scope, group.docs)
		before := len(l.diags)
		for _, sec := range scope.Sections {
			l.adopt(sec, scope)
		}
		l.relate(scope, before)
		for _, doc := range group.docs {
			l.headers(scope, doc, group.docs)
		}
		for _, doc := range group.docs {
			if doc.complete != nil {
				scope.At["complete"] = *doc.complete
				l.catalog.imply(scope, *doc.complete, false)
			}
		}
	}
}

type group struct {
	docs []*document
	name string // the scope's name, else its id
	org  string // the declared organization, for names that several projects have
}

// groups puts the documents of one scope together: same kind, same name, and
// no two different organizations.
func (l *loader) groups() []*group {
	var groups []*group
	byName := map[string][]*group{}
	place := func(doc *document, withOrg bool) {
		r := doc.resource
		name, org := scopeName(r), within(r)
		if (org != "") != withOrg {
			return
		}
		if name == "" { // reported already; what stands in it is checked all the same
			name = "(at " + doc.source.String() + ")"
		}
		key := r.Kind.Name + "/" + name
		for _, g := range byName[key] {
			if org == "" && len(byName[key]) > 1 {
				l.diags.Errorf(doc.source, "say which with "+strings.Join(r.Kind.Within, ", ")+":", "several declared %ss are called %q", strings.ToLower(r.Kind.Name), name)
				return
			}
			if org == "" || g.org == org {
				g.docs = append(g.docs, doc)
				return
			}
		}
		g := &group{docs: []*document{doc}, name: name, org: org}
		groups, byName[key] = append(groups, g), append(byName[key], g)
	}
	for _, doc := range l.docs {
		place(doc, true)
	}
	for _, doc := range l.docs {
		place(doc, false)
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		return l.catalog.Rank(a.docs[0].resource.Kind) - l.catalog.Rank(b.docs[0].resource.Kind)
	})
	for _, g := range groups {
		for _, other := range byName[g.docs[0].resource.Kind.Name+"/"+g.name] {
			if other != g {
				g.name = g.org + "/" + g.name // addresses have to tell them apart
				break
			}
		}
	}
	return groups
}

func scopeName(r *Resource) string {
	if name := strings.Join(r.KeyParts(), "/"); name != "" {
		return name
	}
	return r.Ident
}

func within(r *Resource) string {
	var parts []string
	for _, name := range r.Kind.Within {
		if s, ok := r.Values[name].(string); ok {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "/")
}

// scopeAddress is project/payments, or org/Acme/project/payments where
// several declared organizations have a project of that name.
func (l *loader) scopeAddress(k *Kind, g *group) Address {
	if org, name, several := strings.Cut(g.name, "/"); several && g.org == org {
		return ScopeAddress("org", org).Child(k.addressPrefix(), name)
	}
	return ScopeAddress(k.addressPrefix(), g.name)
}

func (k *Kind) addressPrefix() string {
	if k.Parent == "" {
		return "org"
	}
	return strings.ToLower(k.Name)
}

// join adds one document's fields and sections to its scope.
func (l *loader) join(scope *Resource, doc *document) {
	r := doc.resource
	for name, v := range r.Values {
		if _, twice := scope.Values[name]; twice {
			if scope.Kind.IsKey(name) || slices.Contains(scope.Kind.Within, name) {
				continue
			}
			l.diags.Errorf(r.At[name], "", "%s: %s is declared already, at %s", scope.Address, name, scope.At[name])
			continue
		}
		scope.Values[name] = v
	}
	for path, at := range r.At {
		if _, ok := scope.At[path]; !ok {
			scope.At[path] = at
		}
	}
	if r.Ident != "" {
		if scope.Ident != "" && scope.Ident != r.Ident {
			l.diags.Errorf(r.At[r.Kind.Ident], "", "%s: another %s is declared at %s", scope.Address, r.Kind.Ident, scope.At[r.Kind.Ident])
		}
		scope.Ident = r.Ident
	}
	scope.Absent, scope.Replace = scope.Absent || r.Absent, scope.Replace || r.Replace
	for _, sec := range r.Sections {
		l.joinSection(scope, scope.Address, sec)
	}
}

func (l *loader) joinSection(scope *Resource, at Address, sec *Section) {
	if was := scope.Section(sec.Kind); was != nil {
		if sec.Kind.Singleton && holdsSectionsOnly(was) && holdsSectionsOnly(sec) {
			for _, child := range sec.Resources[0].Sections {
				l.joinSection(was.Resources[0], at.Child(sec.Kind.Section), child)
			}
			return
		}
		if sec.Kind.Singleton {
			l.diags.Errorf(sec.Source, "", "%s is declared already, at %s", at.Child(sec.Kind.Section), was.Source)
			return
		}
		was.Resources = append(was.Resources, sec.Resources...)
		return
	}
	scope.Sections = append(scope.Sections, sec)
}

// holdsSectionsOnly tells whether a singleton says nothing of its own: several
// files may add to what stands in it.
func holdsSectionsOnly(sec *Section) bool {
	return len(sec.Resources) == 1 && len(sec.Resources[0].Values) == 0 && !sec.Resources[0].Absent
}

// adopt gives the resources of a section their parent and address.
func (l *loader) adopt(sec *Section, parent *Resource) {
	sec.Parent = parent
	kept := sec.Resources[:0]
	for _, r := range sec.Resources {
		r.Parent = parent
		r.Address = parent.Address.Child(sec.Kind.Section, addressKey(r)...)
		for n := 2; r.Kind.Paired && l.state.byAddress[r.Address] != nil; n++ {
			r.Address = parent.Address.Child(sec.Kind.Section, append(addressKey(r), fmt.Sprint(n))...)
		}
		if was := l.state.byAddress[r.Address]; was != nil && (r.Ident != "" || r.Kind.Singleton || strings.Join(r.KeyParts(), "") != "") {
			l.diags.Errorf(r.Source(sec.Kind.KeyFields()...), "", "%s is declared already, at %s", r.Address, was.Source(sec.Kind.KeyFields()...))
			continue
		}
		l.state.byAddress[r.Address] = r
		kept = append(kept, r)
		for _, child := range r.Sections {
			l.adopt(child, r)
		}
	}
	sec.Resources = kept
}

func addressKey(r *Resource) []string {
	if r.Kind.Singleton {
		return nil
	}
	parts := r.Kind.AddressParts(r.Values)
	if strings.Join(parts, "") == "" {
		return []string{r.Ident}
	}
	return parts
}

// AddressParts returns the key of an object as addresses spell it.
func (k *Kind) AddressParts(values map[string]any) []string {
	if k.Singleton {
		return nil
	}
	parts := make([]string, 0, len(k.Key))
	for _, part := range k.Key {
		text, f := k.keyPart(part, values)
		if text == "" && k.Paired {
			continue // one that has no such part
		}
		parts = append(parts, fmt.Sprint(f.Canon(text)))
	}
	return parts
}

func (l *loader) childKind(parent *Kind, e headerEntry) *Kind {
	if k := l.catalog.Section(parent, e.text); k != nil {
		return k
	}
	known := l.catalog.sections(parent)
	hint := didYouMean(e.text, known)
	if hint == "" && len(known) > 0 {
		hint = "sections here: " + strings.Join(known, ", ")
	}
	l.diags.Errorf(e.source, hint, "kind %s has no section %q", parent.Name, e.text)
	return nil
}

// check does what takes the whole state: references and protections.
func (l *loader) check() {
	l.inputs()
	l.circles()
	l.state.Resources(func(r *Resource) {
		before := len(l.diags)
		defer func() { l.relate(r.Root(), before) }()
		l.rule(r)
		l.constraints(r)
		l.segments(r)
		for i := range l.state.Protects {
			if p := &l.state.Protects[i]; r.Absent && p.Covers(r.Address) {
				l.diags.Errorf(r.Source("state"), fmt.Sprintf("protected at %s", p.Source), "%s is protected and cannot be absent", r.Address)
			}
		}
		if r.Absent && len(r.Sections) > 0 {
			l.diags.Errorf(r.Sections[0].Source, "leave its sections out", "%s is declared absent and goes with all that it holds", r.Address)
		}
		l.references(r)
		for i := range r.Kind.Fields {
			f := &r.Kind.Fields[i]
			if ig := f.IgnoredFor; ig != nil && r.Values[f.Name] != nil && r.Values[ig.Field] == ig.Is {
				l.diags.Warnf(r.Source(f.Name), ig.Why, "%s has no effect on %s", f.Name, ig.Is)
			}
		}
	})
}

// references reports values that refer to a resource declared absent.
func (l *loader) references(r *Resource) {
	if r.Absent {
		return
	}
	for i := range r.Kind.Fields {
		if f := &r.Kind.Fields[i]; f.Ref != nil && f.Ref.If != "" && f.RefFor(r) == "" {
			l.namesake(r, f)
		}
	}
	r.EachRef(func(f *Field) string { return f.RefFor(r) }, func(f *Field, kind, key, path string) {
		if other := l.state.Referenced(r, l.catalog.Kind(kind), key); other != nil && other.Absent {
			l.diags.Errorf(r.Source(path, f.Name), fmt.Sprintf("declared at %s", other.Source()),
				"%s refers to %s, which is declared absent", f.Name, other.Address)
		}
	})
}

// namesake reports a resource that has the name of another which it could
// have referred to: made beside it, Atlas could not tell the two apart.
func (l *loader) namesake(r *Resource, f *Field) {
	key, _ := r.Values[f.Name].(string)
	if other := l.state.Referenced(r, l.catalog.Kind(f.Ref.Kind), key); other != nil && !other.Absent && r.Ident == "" {
		l.diags.Errorf(r.Source(f.Name), fmt.Sprintf("say %s: true if that is meant, or choose another name", f.Ref.If),
			"%s has the name of %s, declared at %s", r.Address, other.Address, other.Source(f.Name))
	}
}

// RefFor returns the kind that the field's values refer to in a resource, or "".
func (f *Field) RefFor(r *Resource) string {
	switch {
	case f.Backref != nil:
		return f.Backref.Kind
	case f.Ref == nil, r.Flag(f.Ref.Unless), f.Ref.If != "" && !r.Flag(f.Ref.If):
		return ""
	}
	return f.Ref.Kind
}

// Builtin tells whether a value is one that Atlas knows by itself.
func (f *Field) Builtin(key string) bool {
	return f.Ref != nil && slices.Contains(f.Ref.Known, key)
}

// MayRefer returns the kind that the field's values refer to where such a
// resource is declared: also if a flag makes it needless.
func (f *Field) MayRefer(r *Resource) string {
	if f.Backref == nil && f.Ref != nil && r.Flag(f.Ref.Unless) {
		return f.Ref.Kind
	}
	return f.RefFor(r)
}

// Referenced returns the declared resource of a kind that a resource means by
// a key: in its own scope, in the organization that its scope names, or, for
// an organization, by that name. It returns nil if no file declares it.
func (s *State) Referenced(from *Resource, target *Kind, key string) *Resource {
	scope := from.Root()
	if target.Document {
		return s.byAddress[ScopeAddress(target.addressPrefix(), key)]
	}
	if scope.Kind.Name != target.Parent {
		if scope = s.owner(scope); scope == nil {
			return nil
		}
	}
	return s.byAddress[scope.Address.Child(target.Section, target.AddressParts(target.Called(key))...)]
}

// owner returns the declared organization of a project: the one it names, or
// the only one there is.
func (s *State) owner(scope *Resource) *Resource {
	if name := within(scope); name != "" {
		return s.byAddress[ScopeAddress("org", name)]
	}
	var only *Resource
	for _, r := range s.Scopes { // organizations come first
		if r.Kind.Parent != "" {
			break
		}
		if only != nil {
			return nil
		}
		only = r
	}
	return only
}
