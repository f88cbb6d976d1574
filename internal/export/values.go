package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A holder is what has members: an object, a block, or an element.
type holder struct {
	fields  []spec.Field
	values  map[string]any
	variant any      // the value that says which members there are
	key     []string // the members that tell elements apart: they always stay
	name    string   // of variables for what is sensitive in it
}

func holderOf(fields []spec.Field, variant string, values map[string]any, key []string, name string) holder {
	h := holder{fields: fields, values: values, key: key, name: name}
	if variant != "" {
		h.key = append(slices.Clone(key), variant)
		h.variant = values[variant]
	}
	for i := range fields {
		if f := &fields[i]; f.Name == variant && h.variant == nil {
			h.variant = f.Default
		}
	}
	return h
}

// members writes what can be declared of what has members.
func (w *writer) members(into *yaml.Node, h holder) {
	for i := range h.fields {
		f := &h.fields[i]
		v, there := h.values[f.Name]
		if s, ok := v.(string); ok && s == "" && !f.Required || there && spec.IsMask(v) && len(f.Fields) == 0 || f.Nullable && there && f.Same(v, f.NullAs) {
			there = false
		}
		switch {
		case f.Assumed != "":
			put(into, f.Name, plain(true))
			into.Content[len(into.Content)-1].LineComment = "# " + f.Assumed
		case f.ReadOnly || f.Local || f.Steer || f.Carry || f.CreateOnly && !f.Required || !f.Fits(h.variant):
		case f.Unless != "" && slices.ContainsFunc(h.fields, func(flag spec.Field) bool { return flag.Name == f.Unless && flag.Assumed != "" }):
		case f.IgnoredFor != nil && h.values[f.IgnoredFor.Field] == f.IgnoredFor.Is:
		case f.Sensitive:
			w.secret(into, f, h)
		case !there:
		case slices.Contains(h.key, f.Name):
			put(into, f.Name, w.value(f, v, h))
		case f.Type == spec.Object:
			w.block(into, f, v, h)
		case isEmpty(v) && (f.MinItems > 0 || w.SkipDefaults && !f.Required):
		case w.SkipDefaults && !f.Required && f.IsDefault(v):
		default:
			put(into, f.Name, w.value(f, v, h))
		}
	}
}

// value writes a value; the elements of a collection as the objects that they are.
func (w *writer) value(f *spec.Field, v any, in holder) *yaml.Node {
	list, isList := v.([]any)
	if !isList || !f.Collection() {
		return spell(f, v)
	}
	out := &yaml.Node{Kind: yaml.SequenceNode}
	for i, e := range sorted(f, list) {
		m, isObject := e.(map[string]any)
		if !isObject {
			out.Content = append(out.Content, plain(e))
			continue
		}
		item := &yaml.Node{Kind: yaml.MappingNode}
		w.members(item, holderOf(f.Fields, f.Variant, m, f.ElemKey, in.name+"_"+f.Name+"_"+strings.Trim(f.Element(e, i), "[]")))
		if flat(item) {
			item.Style = yaml.FlowStyle
		}
		out.Content = append(out.Content, item)
	}
	return inBraces(out)
}

// flat tells whether an element fits on one line.
func flat(item *yaml.Node) bool {
	length := 0
	for _, n := range item.Content {
		if n.Kind != yaml.ScalarNode || n.LineComment != "" || strings.Contains(n.Value, "\n") {
			return false
		}
		length += len(n.Value) + 2
	}
	return length < maxFlow
}

// block writes an Object field; one that is switched off says nothing.
func (w *writer) block(into *yaml.Node, f *spec.Field, v any, in holder) {
	members, ok := v.(map[string]any)
	if !ok || f.Switch != nil && members[f.Switch.Field] != true || f.Void != nil && f.Void.Holds(v) {
		return
	}
	block := &yaml.Node{Kind: yaml.MappingNode}
	w.members(block, holderOf(f.Fields, f.Variant, members, nil, in.name+"_"+f.Name))
	if len(block.Content) == 0 && !f.Required {
		return
	}
	put(into, f.Name, inBraces(block))
}

// secret writes a reference in place of a sensitive value, unless something else
// stands in for it, or Atlas, which would show a mask of it, has none.
func (w *writer) secret(into *yaml.Node, f *spec.Field, h holder) {
	_, instead := h.values[f.Instead]
	if _, there := h.values[f.Name]; instead || !there && !f.Required && (w.certain || !f.NotReturned) {
		return
	}
	if f.Type != spec.Map {
		put(into, f.Name, w.reference(h.name+"_"+f.Name))
		return
	}
	all, _ := h.values[f.Name].(map[string]any)
	refs := &yaml.Node{Kind: yaml.MappingNode}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		put(refs, name, w.reference(h.name+"_"+f.Name+"_"+name))
	}
	put(into, f.Name, refs)
}

func (w *writer) reference(name string) *yaml.Node {
	ref := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle,
		LineComment: "# Atlas does not return it: put it into this variable, or say fromFile"}
	put(ref, "fromEnv", text(w.variable(name)))
	return ref
}

// variable makes the name of a variable that no other value of the document has.
func (w *writer) variable(of string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToUpper(of), "_"), "_")
	if w.variables == nil {
		w.variables = map[string]int{}
	}
	if w.variables[name]++; w.variables[name] > 1 {
		return w.variable(fmt.Sprintf("%s_%d", name, w.variables[name]))
	}
	return name
}

// onlyDefaults tells whether an object is as Atlas makes it.
func onlyDefaults(fields []spec.Field, values map[string]any) bool {
	for i := range fields {
		f := &fields[i]
		v, there := values[f.Name]
		block, isBlock := v.(map[string]any)
		switch {
		case !there || f.ReadOnly || f.Carry || isEmpty(v) || f.IsDefault(v):
		case f.Switch != nil && block[f.Switch.Field] != true:
		case f.Switch == nil && f.Type == spec.Object && isBlock && onlyDefaults(f.Fields, block):
		default:
			return false
		}
	}
	return true
}
