package export

import (
	"bytes"

	"gopkg.in/yaml.v3"

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
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	visible(doc)
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	return spelledOut(b.Bytes()), enc.Close()
}

func showFields(into *yaml.Node, fields []spec.Field, values map[string]any) {
	for i := range fields {
		f := &fields[i]
		v, ok := values[f.Name]
		block, isBlock := v.(map[string]any)
		switch {
		case !ok || f.Sensitive:
		case isBlock && f.Type == spec.Object:
			below := &yaml.Node{Kind: yaml.MappingNode}
			showFields(below, f.Fields, block)
			if len(below.Content) == 0 {
				below.Style = yaml.FlowStyle
			}
			put(into, f.Name, below)
		default:
			put(into, f.Name, spell(f, v))
		}
	}
}
