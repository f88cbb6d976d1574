package spec

import "slices"

// circles reports resources that refer to themselves through others of their
// kind: nothing could be made first.
func (l *loader) circles() {
	next := map[*Resource][]*Resource{}
	var order []*Resource
	l.state.Resources(func(r *Resource) {
		for _, other := range l.state.References(l.catalog, r) {
			if other.Kind == r.Kind && !r.Absent {
				next[r] = append(next[r], other)
			}
		}
		if next[r] != nil {
			order = append(order, r)
		}
	})
	told := map[*Resource]bool{}
	for _, r := range order {
		var walk func(at *Resource, path []*Resource) bool
		walk = func(at *Resource, path []*Resource) bool {
			for _, other := range next[at] {
				switch {
				case other == r && !told[r]:
					for _, p := range path {
						told[p] = true
					}
					through := path[len(path)-1]
					r.EachRef(func(f *Field) string { return f.RefFor(r) }, func(f *Field, kind, key, place string) {
						if l.state.Referenced(r, l.catalog.Kind(kind), key) == path[min(1, len(path)-1)] {
							l.diags.Errorf(r.Source(place, f.Name), "take one of the references away", "%s refers to itself through %s", r.Address, through.Address)
						}
					})
					return true
				case !slices.Contains(path, other):
					if walk(other, append(slices.Clone(path), other)) {
						return true
					}
				}
			}
			return false
		}
		if !told[r] {
			walk(r, []*Resource{r})
		}
	}
}
