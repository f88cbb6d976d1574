package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Declared writes what the files declare of an organization or project, after
// everything is merged, with the place of each value in a comment.
func Declared(scope *spec.Resource) ([]byte, error) {
	doc := &yaml.Node{Kind: yaml.MappingNode}
	put(doc, "apiVersion", text(spec.APIVersion))
	put(doc, "kind", text(scope.Kind.Name))
	declare(doc, scope)
	return setApart(encoded(doc))
}

func declare(into *yaml.Node, r *spec.Resource) {
	if r.Ident != "" {
		put(into, r.Kind.Ident, from(text(r.Ident), r.Source(r.Kind.Ident)))
	}
	declareFields(into, r, r.Kind.Fields, r.Values, "")
	if r.Absent {
		put(into, "state", from(text("absent"), r.Source("state")))
	}
	if r.Until != "" {
		put(into, "until", from(text(r.Until), r.Source("until")))
	}
	for _, sec := range r.Sections {
		if sec.Implied {
			continue
		}
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, child := range sec.Resources {
			item := &yaml.Node{Kind: yaml.MappingNode}
			declare(item, child)
			list.Content = append(list.Content, item)
		}
		if sec.Kind.Singleton && len(list.Content) == 1 {
			list = list.Content[0]
		}
		put(into, sec.Kind.Section, list)
	}
}

func declareFields(into *yaml.Node, r *spec.Resource, fields []spec.Field, values map[string]any, prefix string) {
	for i := range fields {
		f := &fields[i]
		v, ok := values[f.Name]
		if !ok {
			continue
		}
		path := strings.TrimPrefix(prefix+"."+f.Name, ".")
		switch v := v.(type) {
		case map[string]any:
			if len(v) == 0 {
				put(into, f.Name, from(plain(v), r.Source(path)))
				continue
			}
			block := &yaml.Node{Kind: yaml.MappingNode}
			if f.Type == spec.Object {
				declareFields(block, r, f.Fields, v, path)
			} else {
				for _, key := range slices.Sorted(maps.Keys(v)) {
					put(block, key, from(plain(v[key]), r.Source(path+"."+key, path)))
				}
			}
			put(into, f.Name, block)
		case []any:
			if !f.Collection() || len(v) == 0 {
				put(into, f.Name, from(spell(f, v), r.Source(path)))
				continue
			}
			list := &yaml.Node{Kind: yaml.SequenceNode}
			for i, e := range v {
				item := &yaml.Node{Kind: yaml.MappingNode}
				m, _ := e.(map[string]any)
				declareFields(item, r, f.Fields, m, fmt.Sprintf("%s[%d]", path, i))
				list.Content = append(list.Content, item)
			}
			put(into, f.Name, list)
		default:
			put(into, f.Name, from(spell(f, v), r.Source(path)))
		}
	}
}

func from(n *yaml.Node, at spec.Position) *yaml.Node {
	if n.Kind == yaml.SequenceNode && n.Style != yaml.FlowStyle {
		n.HeadComment = fmt.Sprintf("# %s:%d", report.Clean(at.File), at.Line)
		return n
	}
	n.LineComment = fmt.Sprintf("# %s:%d", report.Clean(at.File), at.Line)
	return n
}
