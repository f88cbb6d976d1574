// Package adopt writes what is live into the files that declare it otherwise: into the
// very lines, and leaves all others as they are.
package adopt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Side is one version of the files, and how Atlas differs from it.
type Side struct {
	State       *spec.State
	Files       []spec.File
	Differences []planner.Difference
}

// An Adopter changes files until nothing chosen differs any more.
type Adopter struct {
	Catalog *spec.Catalog
	// Compare reads the files anew and compares them with what is live. Files that
	// are not valid are an error of its Diagnostics.
	Compare func([]spec.File) (Side, spec.Diagnostics, error)
	// Choose returns what of a difference is to be adopted; nil if nothing is.
	Choose func(planner.Difference) *planner.Difference
}

// A Result is what became of the files.
type Result struct {
	Files   []File  // those that were changed
	Adopted []Entry // what the files say now
	Left    []Entry // what differs still, and why
}

// A File is a text before and after.
type File struct{ Name, Before, After string }

// An Entry is one resource that was adopted, or left.
type Entry struct {
	Address spec.Address   `json:"address"`
	Class   planner.Class  `json:"class"`
	Path    string         `json:"path,omitempty"`
	Source  *spec.Position `json:"source,omitempty"`
	Why     string         `json:"why,omitempty"` // it was left
}

// An effort is how much of a resource is written anew. What is written first is as
// little as can be; where the files then still differ, more.
type effort int

const (
	values effort = iota // the values that differ
	fields               // the fields that they are in, whole
	whole                // all declared fields
	none                 // nothing: it is left
)

// Adopt changes the files of a side. What stands in something that was added is looked
// at, and added, once that is declared.
func (a *Adopter) Adopt(before Side) (*Result, error) {
	whole, after, err := a.once(before)
	for known := before; err == nil && deeper(known, after); {
		known = after
		var next *Result
		if next, after, err = a.once(known); err == nil {
			whole.add(next)
		}
	}
	return whole, err
}

// deeper tells whether a side has to be adopted in its turn: something came to light by
// what was declared.
func deeper(before, after Side) bool {
	return slices.ContainsFunc(after.Differences, func(d planner.Difference) bool {
		return d.Class == planner.Unmanaged && !slices.ContainsFunc(before.Differences, func(b planner.Difference) bool { return b.Address == d.Address })
	})
}

// add takes over what a later go has done beside the earlier ones.
func (r *Result) add(next *Result) {
	r.Adopted, r.Left = append(r.Adopted, next.Adopted...), next.Left
	for _, f := range next.Files {
		if i := slices.IndexFunc(r.Files, func(was File) bool { return was.Name == f.Name }); i >= 0 {
			r.Files[i].After = f.After
		} else {
			r.Files = append(r.Files, f)
		}
	}
}

// once adopts what a side differs in, and returns the side as it is then.
func (a *Adopter) once(before Side) (*Result, Side, error) {
	was := map[spec.Address]bool{}
	chosen := map[spec.Address]planner.Difference{}
	part := map[spec.Address]bool{} // of which only some values are chosen
	for _, d := range before.Differences {
		was[d.Address] = true
		if c := a.Choose(d); c != nil && !a.saysNothing(d) {
			chosen[d.Address], part[d.Address] = *c, len(c.Changes) < len(d.Changes)
		}
	}
	efforts := map[spec.Address]effort{}
	whyNot := map[string]string{}
	var last spec.Diagnostics
	for {
		w := &writing{catalog: a.Catalog, side: before, speller: export.NewSpeller(a.Catalog), files: map[string]*edit.File{}, added: map[place]*added{}, whyNot: whyNot}
		var tried []spec.Address
		for _, d := range before.Differences {
			if c, ok := chosen[d.Address]; ok && efforts[d.Address] < none && !w.inGone(d) {
				w.adopt(c, efforts[d.Address])
				tried = append(tried, d.Address)
			}
		}
		texts, broken := w.texts()
		after, diags, err := a.Compare(texts)
		if err != nil {
			return nil, Side{}, err
		}
		for i := range after.Differences {
			if c := a.Choose(after.Differences[i]); c != nil && !a.saysNothing(*c) {
				after.Differences[i] = *c
			} else if _, ok := chosen[after.Differences[i].Address]; ok {
				after.Differences[i].Class = "" // what is left of it was not chosen
			}
		}
		after.Differences = slices.DeleteFunc(after.Differences, func(d planner.Difference) bool { return d.Class == "" })
		more := w.again(after, diags, was, chosen, broken)
		if diags.HasErrors() {
			last = diags
		}
		raised := false
		for _, address := range more {
			if efforts[address] < none && slices.Contains(tried, address) {
				if efforts[address]++; part[address] {
					efforts[address] = none
				}
				raised = true
			}
		}
		if raised {
			continue
		}
		if diags.HasErrors() {
			return nil, Side{}, fmt.Errorf("the files would not be valid then: %w", diags.Err())
		}
		return w.result(texts, after, chosen, efforts, last), after, nil
	}
}

// saysNothing tells whether there is nothing to declare of what no file declares.
func (a *Adopter) saysNothing(d planner.Difference) bool {
	return d.Class == planner.Unmanaged && d.Kind.Singleton && len(export.NewSpeller(a.Catalog).Resource(d.Kind, d.Values, "", "").Content) == 0
}

// again lists what is to be written with more effort, or not at all.
func (w *writing) again(after Side, diags spec.Diagnostics, was map[spec.Address]bool, chosen map[spec.Address]planner.Difference, broken []string) []spec.Address {
	var out []spec.Address
	files := slices.Clone(broken)
	for _, d := range diags {
		if d.Severity == spec.SeverityError {
			files = append(files, d.Source.File)
		}
	}
	for _, d := range after.Differences {
		if _, ok := chosen[d.Address]; ok {
			if !w.explained(d) {
				out = append(out, d.Address)
			}
		} else if !was[d.Address] && d.Resource != nil { // what was as declared is not so any more
			files = append(files, d.Resource.Source().File)
		}
	}
	for address, d := range chosen {
		if slices.ContainsFunc(placesOf(d), func(p spec.Position) bool { return slices.Contains(files, p.File) }) {
			out = append(out, address)
		}
	}
	if len(files) > 0 && len(out) == 0 { // it is at a place that nothing was written to
		for address := range chosen {
			out = append(out, address)
		}
	}
	return out
}

// explained tells whether it is known why all that is left of a difference was left.
func (w *writing) explained(d planner.Difference) bool {
	if w.why(d, "") != "" {
		return true
	}
	return len(d.Changes) > 0 && !slices.ContainsFunc(d.Changes, func(c planner.Change) bool { return w.why(d, c.Path) == "" })
}

// why says why something was left; "" if that is not known.
func (w *writing) why(d planner.Difference, path string) string {
	if why := w.whyNot[string(d.Address)]; why != "" {
		return why
	}
	return w.whyNot[strings.TrimSpace(string(d.Address)+" "+path)]
}

// placesOf returns where what differs is declared, or would be.
func placesOf(d planner.Difference) []spec.Position {
	r := d.Resource
	if r == nil {
		r = d.Parent
	}
	if r == nil {
		return nil
	}
	out := []spec.Position{r.Source()}
	out = append(out, r.Documents...)
	if sec := r.Section(d.Kind); sec != nil {
		out = append(out, sec.Source)
	}
	return out
}

// result tells what was adopted, and what is left.
func (w *writing) result(texts []spec.File, after Side, chosen map[spec.Address]planner.Difference, efforts map[spec.Address]effort, last spec.Diagnostics) *Result {
	r := &Result{}
	for i, f := range texts {
		if f.Text != w.side.Files[i].Text {
			r.Files = append(r.Files, File{f.Name, w.side.Files[i].Text, f.Text})
		}
	}
	left := map[spec.Address]bool{}
	for _, d := range after.Differences {
		if _, ok := chosen[d.Address]; !ok {
			continue
		}
		left[d.Address] = true
		paths := []string{""}
		if len(d.Changes) > 0 {
			paths = nil
			for _, c := range d.Changes {
				paths = append(paths, c.Path)
			}
		}
		for _, path := range paths {
			why := w.why(d, path)
			if why == "" && last.HasErrors() {
				why = "with it the files would not be valid: " + last.Err().Error()
			}
			if why == "" {
				if why = "the files cannot say it as Atlas has it"; d.Resource != nil && d.Resource.Ended {
					why = "its until is over: write a later day, if it is to stay"
				}
			}
			r.Left = append(r.Left, Entry{Address: d.Address, Class: d.Class, Path: path, Source: sourceOf(d, path), Why: why})
		}
	}
	for _, d := range w.side.Differences {
		if d, ok := chosen[d.Address]; ok && !left[d.Address] {
			entry := Entry{Address: d.Address, Class: d.Class, Source: sourceOf(d, "")}
			if len(d.Changes) == 0 {
				r.Adopted = append(r.Adopted, entry)
			}
			for _, c := range d.Changes {
				entry.Path, entry.Source = c.Path, sourceOf(d, c.Path)
				r.Adopted = append(r.Adopted, entry)
			}
		}
	}
	return r
}

func sourceOf(d planner.Difference, path string) *spec.Position {
	if d.Resource == nil {
		return nil
	}
	at := d.Resource.Place(path)
	if given, ok := d.Resource.GivenAt(path); ok {
		at = given
	}
	return &at
}

// inGone tells whether a difference goes with another: it stands in something that
// is not in Atlas any more.
func (w *writing) inGone(d planner.Difference) bool {
	for p := d.Parent; p != nil; p = p.Parent {
		for _, other := range w.side.Differences {
			if other.Class == planner.Missing && other.Resource == p {
				return true
			}
		}
	}
	return false
}
