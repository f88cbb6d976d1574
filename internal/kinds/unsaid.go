package kinds

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// unsaid lists the properties of a kind's bodies that its fields do not hold
// and that it does not omit either, by their path.
func (d described) unsaid(k *spec.Kind) []string {
	known := map[string]bool{}
	var fields func(base string, list []spec.Field)
	fields = func(base string, list []spec.Field) {
		for i := range list {
			f := &list[i]
			if !f.Local && f.Backref == nil {
				at := withoutIndex(base + f.WireAt())
				known[at], known[withoutIndex(base+f.SendPointer())] = true, true
				fields(at, f.Fields)
			}
		}
	}
	fields("", k.Fields)
	known[k.IDAt()] = true
	if k.Rotation != nil {
		known[k.Rotation.Live], known["/"+k.Rotation.Expiry] = true, true
	}
	for pointer := range k.Omit {
		known[pointer] = true
	}
	missing := map[string]bool{}
	var look func(base string, s *api.Schema, depth int)
	look = func(base string, s *api.Schema, depth int) {
		for _, part := range whole(api.Elements([]*api.Schema{s})[0]) {
			for name, p := range part.Properties {
				pointer := base + "/" + name
				below := slices.ContainsFunc(slices.Collect(maps.Keys(known)), func(k string) bool { return strings.HasPrefix(k, pointer+"/") })
				switch {
				case name == "links", k.Omit[""] != "" && base == "" && !below:
				case below && depth < 6:
					look(pointer, p, depth+1)
				case !known[pointer]:
					missing[pointer] = true
				}
			}
		}
	}
	for _, s := range slices.Concat(d.created, d.updated, d.answered) {
		look("", s, 0)
	}
	return slices.Sorted(maps.Keys(missing))
}
