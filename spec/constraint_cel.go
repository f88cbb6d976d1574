package spec

import (
	"errors"
	"fmt"

	"cel.dev/cel-go/checker"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/containers"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/stdlib"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"
	"cel.dev/cel-go/parser"
)

// rules are the compiled constraints of a mapping, and of the blocks and elements
// that stand in it, by member.
type rules struct {
	own    []rule
	below  map[string]*rules
	derive map[string]interpreter.Interpretable // by field
}

type rule struct {
	Constraint
	program interpreter.Interpretable
	reads   []string // the members of self that it looks at
}

// holds tells whether a mapping keeps the rule, and if that cannot be told, why:
// then it does not.
func (r rule) holds(self map[string]any) (ok bool, why string) {
	in, err := interpreter.NewActivation(map[string]any{"self": self})
	if err != nil {
		return false, "it cannot be told: " + err.Error()
	}
	v := r.program.Eval(in)
	if err, isErr := v.(*types.Err); isErr {
		return false, "it cannot be told: " + err.Error()
	}
	return v == types.True, ""
}

// Compile compiles the constraints of kinds, by default of all. Tests do: else only those are
// compiled that a declared resource needs.
func (c *Catalog) Compile(kinds ...*Kind) error {
	var errs []error
	if kinds == nil {
		kinds = c.Kinds()
	}
	for _, k := range kinds {
		if _, err := c.rulesOf(k); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// rulesOf returns the compiled constraints of a kind; nil if it has none.
func (c *Catalog) rulesOf(k *Kind) (*rules, error) {
	if made, ok := c.rules[k]; ok || !constrained(k.Constraints, k.Fields) {
		return made, nil
	}
	fields := k.declarable()
	lang, err := newLanguage()
	if err != nil {
		return nil, err
	}
	lang.shapes.add(k.Name, fields)
	made, err := lang.compile(k.Name, k.Constraints, fields)
	if err != nil {
		return nil, fmt.Errorf("kind %w", err)
	}
	c.rules[k] = made
	return made, nil
}

// declarable are the fields of a kind, with its id and when what it grants ends, as
// more texts.
func (k *Kind) declarable() []Field {
	fields := k.Fields
	if k.Grants() {
		fields = append([]Field{{Name: "until", Type: String}}, fields...)
	}
	if k.Ident != "" && k.Field(k.Ident) == nil {
		return append([]Field{{Name: k.Ident, Type: String}}, fields...)
	}
	return fields
}

// A language is CEL with its standard functions, over mappings of known shapes.
// It is put together from the library's parts: the package that does it for all
// uses (cel) takes milliseconds at every start of the program.
type language struct {
	shapes      shapes
	parser      *parser.Parser
	interpreter interpreter.Interpreter
}

func newLanguage() (*language, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	l := &language{shapes: shapes{registry, map[string][]Field{}, nil}}
	if l.parser, err = parser.NewParser(parser.Macros(parser.AllMacros...)); err != nil {
		return nil, err
	}
	functions := interpreter.NewDispatcher()
	for _, f := range stdlib.Functions() {
		overloads, err := f.Bindings()
		if err != nil {
			return nil, err
		}
		if err := functions.Add(overloads...); err != nil {
			return nil, err
		}
	}
	names := containers.DefaultContainer
	l.interpreter = interpreter.NewInterpreter(functions, names, l.shapes, registry, interpreter.NewAttributeFactory(names, registry, l.shapes))
	return l, nil
}

// A mistake is what is wrong with an expression, and where: lines and columns count
// from 1.
type mistake struct {
	message, text string // what it is; that, with the line of the expression
	line, column  int
}

func (m *mistake) Error() string { return m.text }

func mistakeOf(errs *common.Errors) error {
	text := errs.ToDisplayString() // sorts them
	first := errs.GetErrors()[0]
	return &mistake{first.Message, text, first.Location.Line(), first.Location.Column() + 1}
}

// expression parses and checks an expression over some variables; want is the type
// that it is to have, nil any.
func (l *language) expression(text string, want *types.Type, vars ...*decls.VariableDecl) (*ast.AST, error) {
	source := common.NewTextSource(text)
	parsed, errs := l.parser.Parse(source)
	if len(errs.GetErrors()) > 0 {
		return nil, mistakeOf(errs)
	}
	env, err := checker.NewEnv(containers.DefaultContainer, l.shapes, checker.CrossTypeNumericComparisons(true))
	if err == nil {
		err = errors.Join(env.AddFunctions(stdlib.Functions()...), env.AddIdents(append(stdlib.Types(), vars...)...))
	}
	if err != nil {
		return nil, err
	}
	checked, errs := checker.Check(parsed, source, env)
	if len(errs.GetErrors()) > 0 {
		return nil, mistakeOf(errs)
	}
	if is := checked.GetType(checked.Expr().ID()); want != nil && !is.IsExactType(want) {
		return nil, fmt.Errorf("it is no %s but %s", want, is)
	}
	return checked, nil
}

func selfOf(shape string) *decls.VariableDecl {
	return decls.NewVariable("self", types.NewObjectType(shape))
}

// compile compiles the rules for the mapping of a type, and below it.
func (l *language) compile(name string, own []Constraint, fields []Field) (*rules, error) {
	made := &rules{below: map[string]*rules{}, derive: map[string]interpreter.Interpretable{}}
	for _, f := range fields {
		if f.Derive == "" {
			continue
		}
		checked, err := l.expression(f.Derive, types.StringType, selfOf(name))
		if err == nil {
			made.derive[f.Name], err = l.interpreter.NewInterpretable(checked)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %s is derived by %q: %w", name, f.Name, f.Derive, err)
		}
	}
	for _, c := range own {
		checked, err := l.expression(c.CEL, types.BoolType, selfOf(name))
		if err != nil {
			return nil, fmt.Errorf("%s: constraint %q: %w", name, c.CEL, err)
		}
		program, err := l.interpreter.NewInterpretable(checked)
		if err != nil {
			return nil, fmt.Errorf("%s: constraint %q: %w", name, c.CEL, err)
		}
		made.own = append(made.own, rule{c, program, readsOf(checked.Expr())})
	}
	for _, f := range fields {
		if constrained(f.Constraints, f.Fields) {
			below, err := l.compile(name+"."+f.Name, f.Constraints, f.Fields)
			if err != nil {
				return nil, err
			}
			made.below[f.Name] = below
		}
	}
	return made, nil
}

// readsOf lists the members of self that an expression looks at.
func readsOf(e ast.Expr) []string {
	var names []string
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.SelectKind {
			return
		}
		if of := e.AsSelect(); of.Operand().Kind() == ast.IdentKind && of.Operand().AsIdent() == "self" {
			names = append(names, of.FieldName())
		}
	}))
	return names
}
