package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"
	"gopkg.in/yaml.v3"
)

// The variables of rules besides self, kind and address.
const (
	varScope    = "scope"
	varParent   = "parent"
	varSections = "sections"
	varStep     = "step"
)

// The names of their types: no expression can spell them, so that step.takes is a
// member and no name of a type.
const (
	scopeShape = "/scope"
	stepShape  = "/step"
)

// scopeFields and stepFields are the shapes of two of them.
var (
	scopeFields = []Field{{Name: "kind", Type: String}, {Name: "name", Type: String}, {Name: "organization", Type: String}, {Name: "tags", Type: Map}}
	stepFields  = []Field{{Name: "action", Type: String}, {Name: "kind", Type: String}, {Name: "address", Type: String},
		{Name: "changes", Type: List, Fields: []Field{{Name: "path", Type: String}, {Name: "before", Type: Document}, {Name: "after", Type: Document},
			{Name: "added", Type: Document}, {Name: "removed", Type: Document}, {Name: "destructive", Type: Bool}}},
		{Name: "takes", Type: List, Fields: []Field{{Name: "address", Type: String}, {Name: "path", Type: String}, {Name: "member", Type: String}}}}
)

// CompilePolicies compiles the declared rules, and reports those that are none at
// their place in the policy.
func (s *State) CompilePolicies() Diagnostics {
	var diags Diagnostics
	if len(s.Rules) == 0 {
		return nil
	}
	lang, err := newLanguage()
	if err != nil {
		diags.Errorf(s.Rules[0].Source, "this is a mistake in the program: please report it", "%v", err)
		return diags
	}
	lang.shapes.catalog = s.Catalog
	lang.shapes.add(scopeShape, scopeFields)
	lang.shapes.add(stepShape, stepFields)
	for _, r := range s.Rules {
		r.programs = map[*Kind]interpreter.Interpretable{}
		kinds := r.Kinds
		if len(kinds) == 0 {
			kinds = []*Kind{nil}
		}
		for _, k := range kinds {
			if err := r.compile(lang, k); err != nil {
				s.misruled(&diags, r, k, err)
				break // the other kinds would mostly repeat it
			}
			if k != nil && r.At != "" && !k.declares(r.At) {
				diags.Errorf(pos(r.file, r.at), "explain "+k.Name+" lists them", "rule %s: at: a %s has no member %s that can be declared", r.Name, k.Name, r.At)
			}
		}
	}
	diags.Sort()
	s.Sources.Annotate(diags)
	return diags
}

// misruled reports what is wrong with an expression, at its place as far as that can
// be told.
func (s *State) misruled(diags *Diagnostics, r *PolicyRule, k *Kind, err error) {
	at, where, hint := pos(r.file, r.cel), "", ""
	message := err.Error()
	if m := (*mistake)(nil); errors.As(err, &m) {
		message = m.message
		where = fmt.Sprintf(" (column %d)", m.column)
		if strings.Contains(r.CEL, "\n") {
			where = fmt.Sprintf(" (line %d, column %d)", m.line, m.column)
		}
		at = s.Sources.inScalar(at, r.cel, m)
	}
	if _, rest, ok := strings.Cut(message, "undefined field '"); ok {
		hint = didYouMean(strings.TrimRight(rest, "'"), s.Catalog.membersFor(k))
		if hint == "" && k != nil {
			hint = "explain " + k.Name + " lists what can be declared"
		}
	}
	diags.Errorf(at, hint, "rule %s: it does not compile: %s%s", r.Name, message, where)
}

// membersFor lists the names of all members that an expression about a kind can mean.
func (c *Catalog) membersFor(k *Kind) []string {
	var names []string
	var add func(fields []Field)
	add = func(fields []Field) {
		for _, f := range fields {
			if !f.ReadOnly {
				names = append(names, f.Name)
			}
			add(f.Fields)
		}
	}
	add(scopeFields)
	add(stepFields)
	if k != nil {
		add(k.declarable())
		names = append(names, c.sections(k)...)
	}
	return names
}

// inScalar returns the place of a mistake in the text of a scalar, or where the
// scalar begins, if its text does not stand in the file as it is.
func (s *Sources) inScalar(begin Position, n *yaml.Node, m *mistake) Position {
	lines, value := s.lines[begin.File], strings.Split(n.Value, "\n")
	row := n.Line
	if n.Style == yaml.LiteralStyle {
		row += m.line
	}
	if m.line < 1 || m.line > len(value) || row > len(lines) {
		return begin
	}
	line, from := []rune(lines[row-1]), 0
	if row == n.Line {
		from = min(n.Column-1, len(line))
	}
	before, _, found := strings.Cut(string(line[from:]), value[m.line-1])
	if !found {
		return begin
	}
	return Position{begin.File, row, from + len([]rune(before)) + m.column}
}

// declares tells whether files can declare the member at a dotted path.
func (k *Kind) declares(path string) bool {
	in := k.declarable()
	for _, name := range strings.Split(path, ".") {
		f := fieldNamed(in, name)
		if f == nil || f.ReadOnly {
			return false
		}
		if in = nil; f.Type == Object {
			in = f.Fields
		}
	}
	return true
}

// compile compiles the rule for one kind; nil: for any.
func (r *PolicyRule) compile(lang *language, k *Kind) error {
	untyped := types.NewMapType(types.StringType, types.DynType)
	self, parent, sections := untyped, untyped, untyped
	if k != nil {
		lang.shapes.add(k.Name, k.declarable())
		self, sections = types.NewObjectType(k.Name), types.NewObjectType(k.Name+inSections)
		if above := lang.shapes.catalog.Kind(k.Parent); above != nil && !k.Document {
			lang.shapes.add(above.Name, above.declarable())
			parent = types.NewObjectType(above.Name)
		}
	}
	vars := []*decls.VariableDecl{decls.NewVariable("self", self), decls.NewVariable("kind", types.StringType), decls.NewVariable("address", types.StringType),
		decls.NewVariable(varScope, types.NewObjectType(scopeShape)), decls.NewVariable(varSections, sections)}
	if k == nil || !k.Document {
		vars = append(vars, decls.NewVariable(varParent, parent))
	}
	if r.OnSteps {
		vars = append(vars, decls.NewVariable(varStep, types.NewObjectType(stepShape)))
	}
	checked, err := lang.expression(r.CEL, nil, vars...)
	if err != nil {
		return err
	}
	if is := checked.GetType(checked.Expr().ID()); !is.IsExactType(types.BoolType) && !is.IsExactType(types.DynType) {
		return fmt.Errorf("it is to be true or false, and it is %s", is)
	}
	r.programs[k], err = lang.interpreter.NewInterpretable(checked, interpreter.Optimize(),
		interpreter.CompileRegexConstants(interpreter.MatchesRegexOptimization), interpreter.CostObserver(interpreter.CostTrackerFactory(bounded)))
	return err
}

// Concerns tells whether the rule is about resources of a kind.
func (r *PolicyRule) Concerns(k *Kind) bool {
	return len(r.Kinds) == 0 || slices.Contains(r.Kinds, k)
}

// A View is what rules see of one resource, or of the step on it: made where it is
// looked at, and once.
type View struct {
	of *Resource
	in interpreter.Activation
}

// View returns what rules see of a resource; step is what those about steps see as
// that, nil for the others.
func (s *State) View(of *Resource, step map[string]any) *View {
	vars := map[string]any{
		"kind": of.Kind.Name, "address": string(of.Address),
		"self":      func() any { return of.declared() },
		varScope:    func() any { return s.scopeOf(of) },
		varParent:   func() any { return of.Parent.declared() },
		varSections: func() any { return s.declaredBelow(of) },
	}
	if step != nil {
		vars[varStep] = step
	}
	in, err := interpreter.NewActivation(vars)
	if err != nil {
		panic(err) // only what is no mapping is refused
	}
	return &View{of, in}
}

// Holds evaluates the compiled rule. If it cannot be told whether the rule holds it
// does not, and why says so.
func (r *PolicyRule) Holds(v *View) (ok bool, why string) {
	k := v.of.Kind
	if len(r.Kinds) == 0 {
		k = nil
	}
	return verdict(r.programs[k], v.in)
}

// maxCost bounds what one evaluation may cost, in CEL's units: some ten million members
// looked at, which takes about a second.
const maxCost = 10_000_000

// tooCostly ends an evaluation: the library has no other way out of one.
type tooCostly struct{}

func bounded() (*cost.Tracker, error) {
	return cost.NewTracker(nil, cost.TrackerLimit(maxCost), cost.TrackerLimitExceededHandler(func() { panic(tooCostly{}) }))
}

func verdict(program interpreter.Interpretable, in interpreter.Activation) (ok bool, why string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case tooCostly:
			ok, why = false, "it takes too many steps"
		default:
			panic(r)
		}
	}()
	v := program.Eval(in)
	switch v := v.(type) {
	case types.Bool:
		return bool(v), ""
	case *types.Err:
		return false, v.Error()
	}
	return false, "it is to be true or false, and it is " + v.Type().TypeName()
}

// declared returns the declared values of a resource as expressions see them.
func (r *Resource) declared() map[string]any {
	if r == nil {
		return map[string]any{}
	}
	values := plain(r.Values).(map[string]any)
	inOneSpelling(r.Kind.Fields, values)
	if r.Ident != "" {
		values[r.Kind.Ident] = r.Ident
	}
	if r.Until != "" {
		values["until"] = r.Until
	}
	return values
}

// inOneSpelling rewrites texts that can be spelled in several ways as addresses spell
// them: no rule is passed by by writing 1.2.3.4/0 for 0.0.0.0/0.
func inOneSpelling(fields []Field, values map[string]any) {
	for name, v := range values {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		if i < 0 {
			continue
		}
		values[name] = fields[i].inOneSpelling(v)
	}
}

func (f *Field) inOneSpelling(v any) any {
	switch v := v.(type) {
	case map[string]any:
		inOneSpelling(f.Fields, v)
	case []any:
		for i, e := range v {
			v[i] = f.inOneSpelling(e)
		}
	case string:
		for _, known := range f.Enum {
			if f.Canon(known) == f.Canon(v) {
				return known
			}
		}
		if f.Norm != JSONDoc { // whose form is no text
			return f.Canon(v)
		}
	}
	return v
}

// declaredBelow returns what stands in a resource, by section, but for what is to
// be absent: also what a selection has left out.
func (s *State) declaredBelow(r *Resource) map[string]any {
	if s.below == nil {
		s.below = map[*Resource][]*Resource{}
		s.Every(func(child *Resource) {
			if child.Parent != nil && !child.Absent {
				s.below[child.Parent] = append(s.below[child.Parent], child)
			}
		})
	}
	out := map[string]any{}
	for _, child := range s.below[r] {
		section := child.Kind.Section
		if child.Kind.Singleton {
			out[section] = child.declared()
			continue
		}
		list, _ := out[section].([]any)
		out[section] = append(list, child.declared())
	}
	return out
}

// scopeOf returns what rules see of the organization or project that a resource is in.
func (s *State) scopeOf(r *Resource) map[string]any {
	root := r.Root()
	return map[string]any{"kind": root.Kind.Name, "name": scopeName(root), "organization": s.organization(root), "tags": s.tagsOf(root)}
}

// organization returns the name of an organization, or of the one that a project is
// in; "" if the files do not tell.
func (s *State) organization(scope *Resource) string {
	if scope.Kind.Parent == "" {
		return scopeName(scope)
	}
	if name := within(scope); name != "" {
		return name
	}
	if owner := s.owner(scope); owner != nil {
		return scopeName(owner)
	}
	return ""
}

// tags returns the declared tags of a scope.
func (r *Resource) tags() map[string]any {
	tags, ok := plain(r.Values["tags"]).(map[string]any)
	if !ok {
		return map[string]any{}
	}
	return tags
}
