package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A variable is a value that a document gives to the baselines of its scope.
type variable struct {
	node *yaml.Node
	file string
	at   Position // of its name
	of   Address  // whose document declares it
	name bool     // it is a scope's name or tag, in which nothing is escaped
}

// variables are what placeholders can stand for in one scope, by what they call it.
type variables struct {
	scope  *Resource
	values map[string]*variable
	places map[Position]place
	owner  *Resource // the declared organization of a project
	says   []Origin  // what the scope's documents say to baselines: variables and exceptions
}

// text returns a text of the variable's as it is sent.
func (v *variable) text(n *yaml.Node) string {
	if v.name || !strings.Contains(n.Value, "$${") {
		return n.Value
	}
	return partsOf(n.Value)[0].text
}

// An Origin is a value of a project's that stands in the place of a baseline's
// placeholder.
type Origin struct {
	Name   string   `json:"name"`   // as placeholders have it: vars.size, name, tags.env
	Source Position `json:"source"` // where it is declared
}

func (o Origin) String() string {
	return fmt.Sprintf("%s at %s:%d", o.Name, o.Source.File, o.Source.Line)
}

// Origins returns what fills the placeholders at the place of a resource's value;
// none if the value stands there as it is.
func (r *Resource) Origins(at Position) []Origin {
	v := r.Root().vars
	if v == nil || at == r.At[""] && !v.places[at].text { // it stands nowhere by itself, and follows from others
		return nil
	}
	var out []Origin
	for _, name := range v.places[at].names {
		if of := v.values[name]; of != nil {
			out = append(out, Origin{name, of.at})
		}
	}
	return out
}

// ToBaselines returns what the documents of an organization or project say to
// baselines: their variables (vars.size) and what they leave out (without teams/a).
func (r *Resource) ToBaselines() []Origin {
	if r.vars == nil {
		return nil
	}
	return r.vars.says
}

// maxNested is how deep the value of a variable may nest.
const maxNested = 50

// variables decodes the vars of a document.
func (l *loader) variables(file string, m member) map[string]*variable {
	out := map[string]*variable{}
	for _, v := range l.members(file, m.value, m.name) {
		if !varName.MatchString(v.name) {
			l.diags.Errorf(pos(file, v.key), "letters, digits, - and _, a letter first", "this is no name of a variable")
			continue
		}
		if l.plainValue(file, v.name, v.value, 0) {
			out[v.name] = &variable{node: v.value, file: file, at: pos(file, v.key)}
		}
	}
	return out
}

// plainValue checks that the value of a variable holds no placeholders.
func (l *loader) plainValue(file, name string, n *yaml.Node, depth int) bool {
	if n = unalias(n); !l.visit(file, n) {
		return false
	}
	if depth > maxNested {
		l.diags.Errorf(pos(file, n), "", "%s.%s nests deeper than %d levels", varsName, name, maxNested)
		return false
	}
	good := true
	for _, c := range n.Content {
		good = l.plainValue(file, name, c, depth+1) && good
	}
	if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "${") {
		parts := partsOf(n.Value)
		if len(parts) > 1 || parts[0].name != "" {
			l.locate(file, n, parts)
			l.noPlaceholder(parts, "this is the value of a variable, and only a baseline's placeholders are replaced", "a literal ${ is written $${")
			return false
		}
	}
	return good
}

// declareVars joins the variables of the documents of a scope, its name and its
// tags. A project has its organization's variables too; its own win.
func (l *loader) declareVars(scope *Resource, docs []*document) {
	v := &variables{scope: scope, values: map[string]*variable{}, places: l.places}
	scope.vars = v
	for _, doc := range docs {
		for _, name := range sortedKeys(doc.vars) {
			of := doc.vars[name]
			if was := v.values[varsName+"."+name]; was != nil {
				l.diags.Errorf(of.at, "", "%s: %s.%s is declared already, at %s", scope.Address, varsName, name, was.at)
				continue
			}
			of.of = scope.Address
			v.values[varsName+"."+name] = of
			v.says = append(v.says, Origin{varsName + "." + name, of.at})
		}
		for _, e := range doc.without {
			v.says = append(v.says, Origin{withoutName + " " + e.text, e.source})
		}
	}
	if scope.Kind.Parent == "" {
		return
	}
	if owner := l.state.owner(scope); owner != nil && owner.vars != nil {
		v.owner = owner
		for name, of := range owner.vars.values {
			if v.values[name] == nil {
				v.values[name] = of
			}
		}
	}
	own := func(name, text, field string) {
		at := scope.Source(field)
		v.values[name] = &variable{node: &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}, file: at.File, at: at, of: scope.Address, name: true}
	}
	for i := range scope.Kind.Fields {
		f := &scope.Kind.Fields[i]
		switch value := scope.Values[f.Name].(type) {
		case string:
			if scope.Kind.IsKey(f.Name) {
				own(f.Name, value, f.Name)
			}
		case map[string]any:
			for key, entry := range value {
				if text, ok := entry.(string); ok && f.Type == Map && !f.Sensitive {
					own(f.Name+"."+key, text, f.Name)
				}
			}
		}
	}
}

// unusedVars reports variables that no baseline asks for: where one is for the
// scope the name is misspelt there or here, and else the files may have been
// loaded without it.
func (l *loader) unusedVars() {
	for _, scope := range l.state.Scopes {
		asked := map[string]bool{}
		for b := range l.givers[scope] {
			maps.Copy(asked, b.scan.names)
		}
		for _, name := range sortedKeys(scope.vars.values) {
			of := scope.vars.values[name]
			if !strings.HasPrefix(name, varsName+".") || of.of != scope.Address || asked[name] {
				continue
			}
			if len(l.givers[scope]) == 0 {
				l.diags.Warnf(of.at, "load the baseline too, or leave it out", "there is no baseline for %s that could ask for %s", scope.Address, name)
				continue
			}
			known := slices.DeleteFunc(sortedKeys(asked), func(n string) bool { return !strings.HasPrefix(n, varsName+".") })
			hint := didYouMean(name, known)
			if hint == "" {
				hint = "leave it out, or ask for it: ${" + name + "}"
			}
			l.diags.Errorf(of.at, hint, "no baseline of %s asks for %s", scope.Address, name)
		}
	}
}
