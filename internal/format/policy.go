package format

import (
	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// policy sorts the members of a policy and of its rules.
func policy(doc *yaml.Node) {
	sortMembers(doc, spec.PolicyWords)
	for _, rule := range entriesOf(doc, "rules") {
		sortMembers(rule, spec.RuleWords)
		if match := valueOf(rule, "match"); match != nil && match.Kind == yaml.MappingNode {
			sortMembers(match, spec.MatchWords)
		}
		for _, e := range entriesOf(rule, "exempt") {
			sortMembers(e, spec.ExemptionWords)
		}
	}
}

func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// entriesOf returns the mappings in the list below a key.
func entriesOf(n *yaml.Node, key string) []*yaml.Node {
	list := valueOf(n, key)
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	var out []*yaml.Node
	for _, e := range list.Content {
		if e.Kind == yaml.MappingNode {
			out = append(out, e)
		}
	}
	return out
}
