package sandbox

import "slices"

// pinnedNamespaces are the collections of a cluster whose latency is measured
// always. A PUT sets them, a PATCH adds some, and another takes some away.
var pinnedNamespaces = &resource{
	name: "pinnedNamespaces", of: clusters, singleton: true,
	get: "listGroupClusterCollStatPinnedNamespaces", update: "updateGroupClusterCollStatPinnedNamespaces",
	replace:  "pinGroupClusterCollStatPinnedNamespaces",
	defaults: map[string]any{"pinnedNamespaces": []any{}},
	actions: []action{{operation: "unpinGroupClusterCollStatUnpinNamespaces", do: func(_ *call, t *thing, body map[string]any) (any, error) {
		t.Fields["pinnedNamespaces"] = slices.DeleteFunc(slices.Clone(listIn(t.Fields, "pinnedNamespaces")), func(name any) bool {
			return slices.Contains(listIn(body, "namespaces"), name)
		})
		return t, nil
	}}},
	prepare: func(_ *call, _ *thing, body map[string]any) error {
		body["pinnedNamespaces"] = eachOnce(listIn(body, "namespaces"))
		delete(body, "namespaces")
		return nil
	},
	merge: func(_ *call, old *thing, body map[string]any) (map[string]any, error) {
		return map[string]any{"pinnedNamespaces": eachOnce(slices.Concat(listIn(old.Fields, "pinnedNamespaces"), listIn(body, "pinnedNamespaces")))}, nil
	},
	show: func(c *call, _ *thing, v map[string]any) {
		v["clusterId"], v["groupId"] = c.pathCluster().Fields["id"], c.param("groupId")
	},
}

func eachOnce(all []any) []any {
	once := []any{}
	for _, v := range all {
		if !slices.Contains(once, v) {
			once = append(once, v)
		}
	}
	return once
}
