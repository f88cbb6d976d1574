// Package api holds the facts of the Atlas Administration API: its operations,
// their versions, parameters and answers, and the fields of what travels.
//
// They are text, one line a fact, made from the official description
// (make api OPENAPI=path) and corrected by what Atlas really does. The kinds
// take their fields from them, the emulator its shapes, and the contract check
// holds every exchange against them. They are embedded, and read only as far
// as they are asked for.
package api

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed facts.txt
var described string

//go:embed corrections.txt
var corrections string

// Facts are the facts, ready to be asked. They are safe for concurrent use.
type Facts struct {
	mu         sync.Mutex
	text       string
	spans      map[string][]span   // of the text, by root: "schema Group", "operation getGroup"
	lines      map[string][]string // of the roots that corrections have changed
	schemas    map[string]*Schema
	operations map[string]*Operation
	parameters map[string]*Parameter
	answers    map[string]map[string]*Body

	callsOnce sync.Once
	calls     map[string]string // method and path to the operation's id
}

// Load returns the corrected facts of the description that this version knows.
var Load = sync.OnceValue(func() *Facts {
	f, err := Read(described, corrections)
	if err != nil {
		panic(err) // a test reads all of them
	}
	return f
})

// Newer reads the facts of another description than this version's. Our
// corrections come over it where it still says what they correct.
func Newer(text string) (*Facts, error) {
	f, err := Read(text, "")
	if err != nil {
		return nil, err
	}
	if len(f.Operations()) == 0 {
		return nil, errors.New("it holds no facts")
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	if f, err = Read(text, ""); err != nil { // nothing of what was asked for is remembered
		return nil, err
	}
	for _, line := range strings.Split(corrections, "\n") {
		if root := rootOf(strings.TrimPrefix(line, "- ")); strings.HasPrefix(root, "answer ") || f.spans[root] != nil {
			_ = f.correct(line) // what it does not speak of any more needs none
		}
	}
	return f, nil
}

// Read reads facts, and corrections that come over them. What is wrong with
// single facts shows when they are asked for; Check asks for all.
func Read(text, over string) (*Facts, error) {
	f := &Facts{text: text, spans: map[string][]span{}, lines: map[string][]string{}, schemas: map[string]*Schema{}, operations: map[string]*Operation{},
		parameters: map[string]*Parameter{}, answers: map[string]map[string]*Body{}}
	root, from := "", 0
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], '\n') + 1
		if end == at {
			end = len(text)
		}
		if root == "" || !continues(text[at:end], root) {
			f.add(root, from, at)
			root, from = rootOf(text[at:end]), at
		}
		at = end
	}
	f.add(root, from, len(text))
	return f, f.correct(over)
}

// A span is a run of lines with one root.
type span struct{ from, to int }

func (f *Facts) add(root string, from, to int) {
	if root != "" {
		f.spans[root] = append(f.spans[root], span{from, to})
	}
}

// of returns the lines of a root.
func (f *Facts) of(root string) []string {
	if lines, changed := f.lines[root]; changed {
		return lines
	}
	var lines []string
	for _, sp := range f.spans[root] {
		lines = append(lines, strings.Split(strings.TrimSuffix(f.text[sp.from:sp.to], "\n"), "\n")...)
	}
	return lines
}

// ends are the characters that end a root.
const ends = " .:[{&|?"

// continues tells whether a line has the root that the one before had.
func continues(line, root string) bool {
	return len(line) > len(root) && line[:len(root)] == root && strings.IndexByte(ends, line[len(root)]) >= 0
}

// rootOf returns the two words that a line begins with, without what leads on
// into a schema; "" of a comment.
func rootOf(line string) string {
	line = strings.TrimSuffix(line, "\n")
	if line == "" || line[0] == '#' {
		return ""
	}
	first := strings.IndexByte(line, ' ') + 1
	end := strings.IndexAny(line[first:], ends)
	if end < 0 {
		return line
	}
	return line[:first+end]
}

// correct puts lines over those that say something of the same, or takes them
// away ("-" before the line's path).
func (f *Facts) correct(over string) error {
	for n, line := range strings.Split(over, "\n") {
		line, source, _ := strings.Cut(line, " # ")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		at := fmt.Sprintf("corrections.txt:%d", n+1)
		if source == "" {
			return fmt.Errorf("%s: a correction names its source, after ' # '", at)
		}
		drop := strings.HasPrefix(line, "- ")
		line = strings.TrimPrefix(line, "- ")
		path, attributes, ok := strings.Cut(line, ": ")
		if !ok && !drop {
			return fmt.Errorf("%s: what is to be said of %s?", at, line)
		}
		root := rootOf(line)
		f.lines[root] = f.of(root)
		i := slices.IndexFunc(f.lines[root], func(l string) bool { return strings.HasPrefix(l, path+": ") })
		add, isAdd := strings.CutPrefix(attributes, "+")
		switch {
		case i < 0 && (drop || isAdd):
			return fmt.Errorf("%s: the description does not speak of %s any more", at, path)
		case drop:
			f.lines[root] = slices.Delete(f.lines[root], i, i+1)
		case isAdd:
			f.lines[root][i] += " " + strings.TrimSpace(add)
		case i < 0:
			f.lines[root] = append(f.lines[root], line)
		default:
			f.lines[root][i] = line
		}
	}
	return nil
}

// roots are all that there are, those that only corrections know too.
func (f *Facts) roots() map[string]bool {
	out := map[string]bool{}
	for root := range f.spans {
		out[root] = true
	}
	for root, lines := range f.lines {
		out[root] = len(lines) > 0
		if len(lines) == 0 {
			delete(out, root)
		}
	}
	return out
}

// names lists what there is of a sort.
func (f *Facts) names(sort string) []string {
	var out []string
	for root := range f.roots() {
		if name, ok := strings.CutPrefix(root, sort+" "); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Operations returns the ids of all operations, sorted.
func (f *Facts) Operations() []string { return f.names("operation") }

// Schemas returns the names of all schemas, sorted.
func (f *Facts) Schemas() []string { return f.names("schema") }

// Schema returns the schema of that name, or nil.
func (f *Facts) Schema(name string) *Schema {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.schemas[name]; s != nil {
		return s
	}
	lines := f.of("schema " + name)
	if lines == nil {
		return nil
	}
	s := f.node(lines, "schema "+name)
	s.Name = name
	f.schemas[name] = s
	return s
}

// Operation returns the operation of that id, or nil.
func (f *Facts) Operation(id string) *Operation {
	f.mu.Lock()
	defer f.mu.Unlock()
	if op := f.operations[id]; op != nil {
		return op
	}
	lines := f.of("operation " + id)
	if lines == nil {
		return nil
	}
	op := f.operation(id, lines)
	f.operations[id] = op
	return op
}

// Call returns the operation of a method and a path with its placeholders, or nil.
func (f *Facts) Call(method, path string) *Operation {
	f.callsOnce.Do(func() {
		f.calls = map[string]string{}
		for _, id := range f.Operations() {
			root := "operation " + id
			if l, ok := find(f.of(root), root); ok && len(l.words) > 0 {
				f.calls[l.words[0]+" "+l.text("path")] = id
			}
		}
	})
	return f.Operation(f.calls[method+" "+path])
}

// Check reads every fact, and tells the first that cannot be read or that
// refers to nothing.
func (f *Facts) Check() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	var refs func(at string, s *Schema)
	refs = func(at string, s *Schema) {
		if s == nil {
			return
		}
		if s.Ref != "" && f.Schema(s.Ref) == nil {
			panic(fmt.Sprintf("%s refers to %s, which there is not", at, s.Ref))
		}
		if s.Discriminator != nil {
			for _, name := range slices.Sorted(maps.Values(s.Discriminator.Mapping)) {
				if f.Schema(name) == nil {
					panic(fmt.Sprintf("%s refers to %s, which there is not", at, name))
				}
			}
		}
		for step, p := range s.parts() {
			refs(at+step, p)
		}
	}
	for _, name := range f.Schemas() {
		refs(name, f.Schema(name))
	}
	for _, id := range f.Operations() {
		op := f.Operation(id)
		for _, p := range op.Parameters {
			refs(id, p.Schema)
		}
		for _, b := range op.Requests {
			refs(id, b.Schema)
		}
		for _, bodies := range op.Answers {
			for _, b := range bodies {
				refs(id, b.Schema)
			}
		}
	}
	return nil
}

// Described returns the embedded facts as text, without corrections.
func Described() string { return described }
