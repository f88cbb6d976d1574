package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Loss is something that a file says and another does not.
type Loss struct {
	At   spec.Position
	What string // an address and field, a header, or a comment
}

// Lost returns what an old file says and a new one in its place would not, in
// the order of the old one: resources, fields, headers and comments.
func Lost(c *spec.Catalog, old, fresh spec.File) []Loss {
	var out []Loss
	has := map[string]string{}
	for _, f := range facts(c, fresh) {
		has[f.key()] = f.value
	}
	gone := map[spec.Address]bool{}
	for _, f := range facts(c, old) {
		v, there := has[f.key()]
		switch {
		case gone[f.address]: // told with the resource
		case f.what == "" && gone[f.parent]: // told with what it stands in
			gone[f.address] = true
		case there && v == f.value:
		default:
			gone[f.address] = f.what == ""
			out = append(out, Loss{f.at, strings.TrimSpace(string(f.address) + " " + f.what)})
		}
	}
	out = append(out, lostComments(old, fresh)...)
	slices.SortStableFunc(out, func(a, b Loss) int { return a.At.Line - b.At.Line })
	return out
}

// A fact is one thing that a file says.
type fact struct {
	address, parent spec.Address
	what            string // "" of the resource itself
	value           string
	at              spec.Position
}

func (f fact) key() string { return string(f.address) + " " + f.what }

// facts lists what a file says, parents before children.
func facts(c *spec.Catalog, file spec.File) []fact {
	// A part of a directory may lack what other files give: it says what it says.
	state, _ := spec.LoadFiles(c, []spec.File{file})
	var out []fact
	state.Resources(func(r *spec.Resource) {
		say := func(what string, value any, at spec.Position) {
			text, _ := json.Marshal(value) // values that the loader made can all be spelled
			f := fact{address: r.Address, what: what, value: string(text), at: at}
			if r.Parent != nil {
				f.parent = r.Parent.Address
			}
			out = append(out, f)
		}
		add := func(what string, value any, path ...string) { say(what, value, r.Source(path...)) }
		add("", nil)
		if r.Ident != "" {
			add(r.Kind.Ident, r.Ident, r.Kind.Ident)
		}
		if r.Absent {
			add("state", true, "state")
		}
		if r.Until != "" {
			add("until", r.Until, "until")
		}
		if r.Replace {
			add("replace", true, "replace")
		}
		leaves(r.Kind.Fields, r.Values, "", func(f *spec.Field, path string, v any) { say(path, spelled(f, v), r.Place(path)) })
		if _, ok := r.At["complete"]; ok && r.Kind.Document {
			add("complete", true, "complete")
		}
		for _, o := range r.ToBaselines() {
			say(o.Name, true, o.Source)
		}
		for _, sec := range r.Sections {
			if sec.Implied {
				continue
			}
			add(sec.Kind.Section, true) // declared, be it empty
			out[len(out)-1].at = sec.Source
			if sec.Prune != nil {
				add("prune "+sec.Kind.Section, true)
				out[len(out)-1].at = *sec.Prune
			}
		}
	})
	for _, p := range state.Protects {
		out = append(out, fact{address: p.Scope.Address, what: "protect " + p.Entry, at: p.Source})
	}
	return out
}

// leaves visits the values of fields, those of blocks, mappings and elements one
// by one, and elements that have nothing but what tells them apart.
func leaves(fields []spec.Field, values map[string]any, prefix string, visit func(*spec.Field, string, any)) {
	for i := range fields {
		f := &fields[i]
		v, ok := values[f.Name]
		block, isBlock := v.(map[string]any)
		list, isList := v.([]any)
		switch {
		case !ok:
		case isBlock && f.Type == spec.Object:
			leaves(f.Fields, block, prefix+f.Name+".", visit)
		case isBlock && f.Type == spec.Map:
			for _, key := range slices.Sorted(maps.Keys(block)) {
				visit(f, prefix+f.Name+"."+key, block[key])
			}
		case isList && f.Collection() && len(list) > 0:
			tokens := f.Tokens(list)
			for i, e := range list {
				rest := f.Untold(e)
				at := prefix + f.Name + tokens[i]
				if len(rest) == 0 {
					visit(f, at, true)
				}
				leaves(f.Fields, rest, at+".", visit)
			}
		default:
			visit(f, prefix+f.Name, v)
		}
	}
}

// spelled is a value in the form in which two of one meaning are equal.
func spelled(f *spec.Field, v any) any {
	list, ok := v.([]any)
	if !ok {
		return f.Canon(v)
	}
	out := make([]any, 0, len(list))
	for _, e := range sorted(f, list) {
		out = append(out, f.Canon(e))
	}
	return out
}

// lostComments returns the comment lines of a file that another lacks.
func lostComments(old, fresh spec.File) []Loss {
	has := map[string]int{}
	for _, c := range comments(fresh.Text) {
		has[c]++
	}
	lines := strings.Split(old.Text, "\n")
	used := map[int]bool{}
	var out []Loss
	for _, c := range comments(old.Text) {
		line := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, c) })
		for i := range lines {
			if strings.Contains(lines[i], c) && !used[i] {
				line, used[i] = i, true
				break
			}
		}
		if has[c]--; has[c] >= 0 {
			continue
		}
		if mayBeSecret.MatchString(c) {
			c = "a comment (not shown: it may hold something secret)"
		}
		out = append(out, Loss{spec.Position{File: old.Name, Line: line + 1}, c})
	}
	return out
}

// mayBeSecret finds comments that are not repeated: a value that somebody put
// aside, or anything as long as one and of its letters.
var mayBeSecret = regexp.MustCompile(`(?i)secret|passw|key|token|credential|[a-z0-9+/_]{20}`)

// leftHead begins the comment that says what export left out.
const leftHead = "# Live in Atlas, and not declared here:"

// comments lists a file's comment lines, but for those that export makes anew.
func comments(text string) []string {
	var out []string
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		for _, comment := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			inLeft := false
			for _, line := range strings.Split(comment, "\n") {
				inLeft = line == leftHead || inLeft && strings.HasPrefix(line, "#   ")
				if line = strings.TrimSpace(line); line != "" && !inLeft && !strings.HasPrefix(line, "# yaml-language-server:") {
					out = append(out, line)
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	dec := yaml.NewDecoder(strings.NewReader(text))
	for {
		var doc yaml.Node
		if err := dec.Decode(&doc); err != nil {
			return out // the end, or what the loader tells of
		}
		walk(&doc)
	}
}

// Documents counts the YAML documents of a file.
func Documents(text string) int {
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	for n := 0; ; {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) || err != nil {
			return n
		}
		if len(doc.Content) > 0 && doc.Content[0].Tag != "!!null" {
			n++
		}
	}
}
