package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
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
	text, err := setApart(edit.Encode(doc))
	for _, o := range scope.Without {
		text = append(text, "# Left out: "+report.LeftOut(o)+"\n"...)
	}
	return text, err
}

func declare(into *yaml.Node, r *spec.Resource) {
	if r.Ident != "" {
		put(into, r.Kind.Ident, from(text(r.Ident), r, r.Kind.Ident))
	}
	declareFields(into, r, r.Kind.Fields, r.Values, "")
	if r.Absent {
		put(into, "state", from(text("absent"), r, "state"))
	}
	if r.Until != "" {
		put(into, "until", from(text(r.Until), r, "until"))
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
				put(into, f.Name, from(plain(v), r, path))
				continue
			}
			block := &yaml.Node{Kind: yaml.MappingNode}
			if f.Type == spec.Object {
				declareFields(block, r, f.Fields, v, path)
			} else {
				for _, key := range slices.Sorted(maps.Keys(v)) {
					put(block, key, from(plain(v[key]), r, path+"."+key, path))
				}
			}
			put(into, f.Name, block)
		case []any:
			if !f.Collection() || len(v) == 0 {
				put(into, f.Name, from(spell(f, v), r, path))
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
			put(into, f.Name, from(spell(f, v), r, path))
		}
	}
}

// from says where a value of a resource stands, and what fills the placeholders
// there.
func from(n *yaml.Node, r *spec.Resource, path ...string) *yaml.Node {
	at := r.Source(path...)
	comment := fmt.Sprintf("# %s:%d", report.Clean(at.File), at.Line)
	for _, o := range r.Origins(at) {
		comment += ", " + report.Clean(o.String())
	}
	if n.Kind == yaml.SequenceNode && n.Style != yaml.FlowStyle {
		n.HeadComment = comment
		return n
	}
	n.LineComment = comment
	return n
}
