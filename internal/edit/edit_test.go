package edit_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
)

func node(t interface{ Fatal(...any) }, text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

const sample = `# head
users: # people
  # Ana first
  - username: ana@example.com   # the owner
    roles: [ORG_OWNER, "ORG_MEMBER"] # two
  - {username: 'bo@example.com', roles: [ORG_MEMBER]}
tags: {env: prod, team: "a"}
notes: >-
  one
  two

limits:
- name: x
  value: 10GiB
empty:
last: plain text
  over two lines  # end
`

func TestEdits(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(f *edit.File)
		want []string // lines gone with -, new with +
	}{
		"a scalar keeps its quotes": {func(f *edit.File) { f.Replace(f.At(6, 16), node(t, "cy@example.com")) },
			[]string{"-  - {username: 'bo@example.com', roles: [ORG_MEMBER]}", "+  - {username: 'cy@example.com', roles: [ORG_MEMBER]}"}},
		"a member of a list in brackets goes and one comes": {func(f *edit.File) {
			list := f.At(5, 12)
			f.Remove(list, list.Content[0])
			f.Append(list, node(t, "ORG_READ_ONLY"))
		}, []string{`-    roles: [ORG_OWNER, "ORG_MEMBER"] # two`, `+    roles: ["ORG_MEMBER", ORG_READ_ONLY] # two`}},
		"the last of all": {func(f *edit.File) { list := f.At(6, 41); f.Remove(list, list.Content[0]) },
			[]string{"-  - {username: 'bo@example.com', roles: [ORG_MEMBER]}", "+  - {username: 'bo@example.com', roles: []}"}},
		"the first item of a block": {func(f *edit.File) { list := f.At(4, 3); f.Remove(list, list.Content[0]) },
			[]string{"-  - username: ana@example.com   # the owner", `-    roles: [ORG_OWNER, "ORG_MEMBER"] # two`}},
		"all items of a block": {func(f *edit.File) {
			list := f.At(4, 3)
			f.Remove(list, list.Content[0])
			f.Remove(list, list.Content[1])
		},
			[]string{"-users: # people", "+users: [] # people", "-  - username: ana@example.com   # the owner", `-    roles: [ORG_OWNER, "ORG_MEMBER"] # two`, "-  - {username: 'bo@example.com', roles: [ORG_MEMBER]}"}},
		"an item of a block": {func(f *edit.File) {
			f.Append(f.At(4, 3), node(t, "{username: cy, roles: [A, B], more: {x: 1}}"))
		}, []string{"+  - {username: cy, roles: [A, B], more: {x: 1}}"}},
		"a key of a block in a list": {func(f *edit.File) { f.Unset(f.At(13, 3), "name") },
			[]string{"-- name: x", "-  value: 10GiB", "+- value: 10GiB"}},
		"a new key": {func(f *edit.File) { f.Set(f.At(13, 3), "policy", node(t, "a:\n  - b\n")) },
			[]string{"+  policy:", "+    a:", "+      - b"}},
		"a new key in brackets": {func(f *edit.File) { f.Set(f.At(7, 7), "x", node(t, "y")); f.Unset(f.At(7, 7), "env") },
			[]string{`-tags: {env: prod, team: "a"}`, `+tags: {team: "a", x: y}`}},
		"text in a block": {func(f *edit.File) { f.Set(f.At(2, 1), "notes", node(t, "short")) },
			[]string{"-notes: >-", "-  one", "-  two", "+notes: short"}},
		"nothing becomes something": {func(f *edit.File) { f.Set(f.At(2, 1), "empty", node(t, "[a]")) },
			[]string{"-empty:", "+empty: [a]"}},
		"nothing becomes a block": {func(f *edit.File) { f.Set(f.At(2, 1), "empty", node(t, "- a: 1\n- b\n")) },
			[]string{"+  - a: 1", "+  - b"}},
		"a block becomes nothing": {func(f *edit.File) { f.Set(f.At(2, 1), "limits", node(t, "[]")) },
			[]string{"-limits:", "-- name: x", "-  value: 10GiB", "+limits: []"}},
		"text over two lines": {func(f *edit.File) { f.Set(f.At(2, 1), "last", node(t, "one")) },
			[]string{"-last: plain text", "-  over two lines  # end", "+last: one  # end"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := edit.Parse(sample)
			if err != nil {
				t.Fatal(err)
			}
			c.do(f)
			got, err := f.Text()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(lines(c.want), lines(changed(sample, got))); diff != "" {
				t.Errorf("%s\n%s", diff, got)
			}
		})
	}
}

func lines(in []string) map[string]int {
	out := map[string]int{}
	for _, l := range in {
		out[l]++
	}
	return out
}

// changed lists the lines that only one of two texts has.
func changed(a, b string) []string {
	count := map[string]int{}
	for _, l := range strings.Split(a, "\n") {
		count[l]--
	}
	for _, l := range strings.Split(b, "\n") {
		count[l]++
	}
	var out []string
	for l, n := range count {
		for ; n < 0; n++ {
			out = append(out, "-"+l)
		}
		for ; n > 0; n-- {
			out = append(out, "+"+l)
		}
	}
	return out
}

// TestShared: what an alias elsewhere means too is told.
func TestShared(t *testing.T) {
	f, err := edit.Parse("a: &x\n  b: [c]\nd: *x\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Shared(f.At(2, 6)); got != 3 {
		t.Errorf("used at line %d", got)
	}
	f.Replace(f.At(3, 4), node(t, "{b: [e]}"))
	got, err := f.Text()
	if want := "a: &x\n  b: [c]\nd: {b: [e]}\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
}

// TestRandomEdits: whatever is changed of whatever text, what is read of it then is
// what was meant, and all comments are still there that were not inside of what went.
func TestRandomEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		f, err := edit.Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		whole := node(t, text)
		want := decode(t, whole)
		n := rapid.IntRange(1, 4).Draw(t, "edits")
		touched := map[string]bool{}
		for i := range n {
			want = drawEdit(t, i, f, whole, want, nil, touched)
		}
		got, err := f.Text()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		var is any
		if err := yaml.Unmarshal([]byte(got), &is); err != nil {
			t.Fatalf("%v\n%s\nbecame\n%s", err, text, got)
		}
		if diff := cmp.Diff(want, is); diff != "" {
			t.Fatalf("%s\n%s\nbecame\n%s", diff, text, got)
		}
		if ends := strings.Count(got, "\r\n"); strings.Contains(text, "\r\n") && ends != strings.Count(got, "\n") {
			t.Fatalf("%q\nbecame\n%q", text, got)
		}
	})
}

func decode(t *rapid.T, n *yaml.Node) any {
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// drawText draws a mapping in random styles, with comments.
func drawText(t *rapid.T) string {
	var value func(depth int, label string) *yaml.Node
	styles := []yaml.Style{0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.LiteralStyle, yaml.FoldedStyle}
	words := rapid.SampledFrom([]string{"a", "b c", "x: y", "# no", "it's", `q"q`, "1", "true", "two\nlines\n", "", "ü", "a, b", "[x"})
	value = func(depth int, label string) *yaml.Node {
		kind := rapid.IntRange(0, 3).Draw(t, label)
		if depth > 3 {
			kind = 0
		}
		n := &yaml.Node{}
		switch kind {
		case 0, 1:
			n.SetString(words.Draw(t, label+"v"))
			n.Style = rapid.SampledFrom(styles).Draw(t, label+"s")
			if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && n.Value == "" {
				n.Style = yaml.DoubleQuotedStyle
			}
			if n.Style == 0 {
				n.SetString(n.Value)
			}
		case 2:
			n.Kind = yaml.SequenceNode
			for i := range rapid.IntRange(0, 3).Draw(t, label+"n") {
				n.Content = append(n.Content, value(depth+1, fmt.Sprint(label, i)))
			}
		case 3:
			n.Kind = yaml.MappingNode
			for i := range rapid.IntRange(0, 3).Draw(t, label+"n") {
				n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprintf("k%d", i)}, value(depth+1, fmt.Sprint(label, i)))
			}
		}
		if kind > 1 {
			n.Style = rapid.SampledFrom([]yaml.Style{0, yaml.FlowStyle}).Draw(t, label+"f")
			if len(n.Content) == 0 {
				n.Style = yaml.FlowStyle
			}
		} else if rapid.IntRange(0, 5).Draw(t, label+"c") == 0 && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
			n.LineComment = "# why"
		}
		return n
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	for i := range rapid.IntRange(1, 4).Draw(t, "keys") {
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprintf("k%d", i)}, value(0, fmt.Sprint("v", i)))
	}
	data, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "crlf") {
		data = []byte(strings.ReplaceAll(string(data), "\n", "\r\n"))
	}
	var back any
	if yaml.Unmarshal(data, &back) != nil || !reflect.DeepEqual(back, decode(t, root)) && !strings.Contains(string(data), "\r") {
		t.Skip("the encoder's own slip")
	}
	return string(data)
}

// drawEdit changes something in a value, in the file and in what is expected of it.
func drawEdit(t *rapid.T, i int, f *edit.File, whole *yaml.Node, want any, path []string, touched map[string]bool) any {
	at := ""
	if len(path) > 0 {
		at = "/" + strings.Join(path, "/")
	}
	label := fmt.Sprint("e", i, at)
	here := func() *yaml.Node { return inFile(f, whole, path) }
	fresh := func() (*yaml.Node, any) {
		text := rapid.SampledFrom([]string{"new", "[p, q]", "{m: 1}", "- r\n- {s: 't'}\n", "m:\n  n: [1]\n"}).Draw(t, label+"with")
		var v any
		_ = yaml.Unmarshal([]byte(text), &v)
		return node(t, text), v
	}
	for p := range touched {
		if p == at || strings.HasPrefix(at+"/", p+"/") {
			return want // inside of what was changed already
		}
	}
	deeper := rapid.IntRange(0, 2).Draw(t, label+"deeper") > 0
	switch v := want.(type) {
	case map[string]any:
		if len(v) > 0 && deeper {
			key := rapid.SampledFrom(sortedKeys(v)).Draw(t, label+"key")
			v[key] = drawEdit(t, i, f, whole, v[key], append(path, key), touched)
			return v
		}
		touched[at+"/+"] = true
		if len(path) == 0 || rapid.Bool().Draw(t, label+"add") {
			n, value := fresh()
			key := fmt.Sprintf("new%d", i)
			f.Set(here(), key, n)
			v[key] = value
			touched[at+"/"+key] = true
		}
		return v
	case []any:
		if len(v) > 0 && deeper && !touched[at+"/#"] {
			k := rapid.IntRange(0, len(v)-1).Draw(t, label+"index")
			if here() == nil || k >= len(here().Content) {
				return v
			}
			v[k] = drawEdit(t, i, f, whole, v[k], append(path, fmt.Sprint("#", k)), touched)
			return v
		}
		if touched[at+"/#"] || inside(touched, at) {
			return v
		}
		touched[at+"/#"] = true
		list := here()
		out := []any{}
		for k, e := range v {
			if rapid.Bool().Draw(t, fmt.Sprint(label, "drop", k)) {
				f.Remove(list, list.Content[k])
				continue
			}
			out = append(out, e)
		}
		if rapid.Bool().Draw(t, label+"append") {
			n, value := fresh()
			f.Append(list, n)
			out = append(out, value)
		}
		return out
	}
	if len(path) == 0 {
		return want
	}
	touched[at] = true
	n, value := fresh()
	f.Replace(here(), n)
	return value
}

// inside tells whether something below a path was changed.
func inside(touched map[string]bool, at string) bool {
	for p := range touched {
		if strings.HasPrefix(p, at+"/") {
			return true
		}
	}
	return false
}

// inFile finds the file's own node at a path.
func inFile(f *edit.File, whole *yaml.Node, path []string) *yaml.Node {
	n := whole
	for _, p := range path {
		if strings.HasPrefix(p, "#") {
			var i int
			_, _ = fmt.Sscanf(p, "#%d", &i)
			n = n.Content[i]
			continue
		}
		n, _ = edit.Member(n, p)
	}
	return f.At(n.Line, n.Column)
}

func sortedKeys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	for i := range out {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}
