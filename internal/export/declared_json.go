package export

import (
	"maps"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A DeclaredResource is what the files declare of one resource, after
// everything is merged.
type DeclaredResource struct {
	Address spec.Address   `json:"address"`
	Kind    string         `json:"kind"`
	Absent  bool           `json:"absent,omitempty"`
	Until   string         `json:"until,omitempty"`
	Values  map[string]any `json:"values"`
	// Places says where each value stands, by its path.
	Places map[string]spec.Position `json:"places"`
	// Origins say what fills the placeholders of a baseline, by the value's path.
	Origins map[string][]spec.Origin `json:"origins,omitempty"`
	// LeftOut is what a project does not take from its baselines.
	LeftOut []spec.LeftOut `json:"leftOut,omitempty"`
}

// DeclaredDocument is what explain prints of organizations and projects with
// -o json.
type DeclaredDocument struct {
	FormatVersion string             `json:"formatVersion"`
	Resources     []DeclaredResource `json:"resources"`
}

// DeclaredResources lists what the files declare of organizations and projects.
func DeclaredResources(scopes []*spec.Resource) DeclaredDocument {
	d := DeclaredDocument{FormatVersion: report.FormatVersion}
	var add func(*spec.Resource)
	add = func(r *spec.Resource) {
		places := map[string]spec.Position{}
		for _, path := range slices.Sorted(maps.Keys(r.At)) {
			if path != "" && r.At[path].Line > 0 {
				places[path] = r.At[path]
			}
		}
		for path, at := range r.Given {
			places[path] = at
		}
		origins := map[string][]spec.Origin{}
		for path, at := range places {
			if all := r.Origins(at); len(all) > 0 {
				origins[path] = all
			}
		}
		d.Resources = append(d.Resources, DeclaredResource{Address: r.Address, Kind: r.Kind.Name, Absent: r.Absent, Until: r.Until, Values: r.Values, Places: places,
			Origins: origins, LeftOut: r.Without})
		for _, sec := range r.Sections {
			for _, child := range sec.Resources {
				add(child)
			}
		}
	}
	for _, scope := range scopes {
		add(scope)
	}
	return d
}
