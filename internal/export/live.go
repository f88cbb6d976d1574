package export

import (
	"fmt"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Live writes one live object as YAML: its id and its fields, those too that
// cannot be declared; none that is sensitive.
func Live(o *planner.Object, values map[string]any, head string) ([]byte, error) {
	doc := &yaml.Node{Kind: yaml.MappingNode, HeadComment: "# " + report.Clean(head)}
	id := spec.TextAt(o.Raw, o.Kind.IDAt())
	if name := o.Kind.Ident; name != "" {
		put(doc, name, text(id))
	} else if id != "" && o.Kind.Field("id") == nil {
		put(doc, "id", text(id))
	}
	showFields(doc, o.Kind.Fields, values)
	return edit.Encode(doc)
}

// LiveValue writes one value of a live object: text and numbers as they are, the
// rest as YAML; none that is sensitive.
func LiveValue(f *spec.Field, v any) ([]byte, error) {
	n := shown(f, v)
	if n.Kind != yaml.ScalarNode {
		if len(n.Content) > 0 {
			n.Style = 0 // one line each, as scripts like it
		}
		return edit.Encode(n)
	}
	return []byte(fmt.Sprintln(Plain(f, v))), nil
}

// Plain is a live value as scripts take it: a duration as text, none that is
// sensitive.
func Plain(f *spec.Field, v any) any {
	switch v := v.(type) {
	case time.Duration:
		return v.String()
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, Plain(f, e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, below := range v {
			switch sub := f.Sub(name); {
			case sub == nil:
				out[name] = Plain(&spec.Field{Type: spec.Document}, below)
			case !sub.Sensitive:
				out[name] = Plain(sub, below)
			}
		}
		return out
	}
	return v
}

func showFields(into *yaml.Node, fields []spec.Field, values map[string]any) {
	for i := range fields {
		f := &fields[i]
		if v, ok := values[f.Name]; ok && !f.Sensitive {
			put(into, f.Name, shown(f, v))
		}
	}
}

// shown writes a value with all that is in it, but nothing that is sensitive.
func shown(f *spec.Field, v any) *yaml.Node {
	switch v := v.(type) {
	case map[string]any:
		if len(f.Fields) == 0 {
			break
		}
		below := &yaml.Node{Kind: yaml.MappingNode}
		showFields(below, f.Fields, v)
		return inBraces(below)
	case []any:
		if !f.Collection() {
			break
		}
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, e := range sorted(f, v) {
			list.Content = append(list.Content, shown(f, e))
		}
		return inBraces(list)
	}
	return spell(f, v)
}
