package fleet

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Report is the document of one shard, and the file that holds it.
type Report struct {
	File     string
	Document *report.Document
}

// Check finds out whether reports belong together and which shards they lack. of is
// how many share the projects; 0: as many as the reports say. What does not belong
// together is an error: nothing true could be said of it.
func Check(reports []Report, of int) (missing []spec.Shard, err error) {
	first := reports[0]
	said := Report{} // the first that says how many share the projects
	have := map[int]string{}
	var errs []error
	for _, r := range reports {
		s, f := r.Document.Shard, first.Document.Shard
		switch {
		case r.Document.Command != first.Document.Command:
			errs = append(errs, differ(first, r, "command", first.Document.Command, r.Document.Command))
		case s.Tool != f.Tool:
			errs = append(errs, differ(first, r, "version of the program", f.Tool, s.Tool))
		case s.BaseURL != f.BaseURL && s.BaseURL != "" && f.BaseURL != "":
			errs = append(errs, differ(first, r, "address of Atlas", f.BaseURL, s.BaseURL))
		case !slices.Equal(s.Chosen, f.Chosen):
			errs = append(errs, differ(first, r, "choice of what to look at", chosen(f), chosen(s)))
		case s.FailUnder != f.FailUnder:
			errs = append(errs, differ(first, r, "--fail-under", f.FailUnder, s.FailUnder))
		case !slices.Equal(s.FailOn, f.FailOn):
			errs = append(errs, differ(first, r, "--fail-on", f.FailOn, s.FailOn))
		case s.Unmanaged != f.Unmanaged:
			errs = append(errs, differ(first, r, "--unmanaged", f.Unmanaged, s.Unmanaged))
		}
		if s.Index < 0 || s.Index > max(s.Of, 0) || s.Of > spec.MostShards {
			return nil, fmt.Errorf("%s: there is no shard %d of %d", r.File, s.Index, s.Of)
		}
		switch {
		case s.Of == 0:
		case said.Document == nil:
			said = r
		case said.Document.Shard.Of != s.Of:
			errs = append(errs, differ(said, r, "number of shards", said.Document.Shard.Of, s.Of))
		}
		if other, twice := have[s.Index]; twice {
			errs = append(errs, fmt.Errorf("%s and %s are both of shard %s: give one of them", other, r.File, s.Part()))
		}
		have[s.Index] = r.File
	}
	errs = append(errs, sameFiles(reports)...)
	if said.Document != nil {
		if n := said.Document.Shard.Of; of != 0 && of != n {
			errs = append(errs, fmt.Errorf("--of %d, and %s is of %d shards", of, said.File, n))
		} else {
			of = n
		}
	}
	if of == 0 {
		errs = append(errs, errors.New("no report says how many shards share the projects: give those of the projects too, or --of"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for i := range of + 1 {
		if _, there := have[i]; !there {
			missing = append(missing, spec.Shard{Index: i, Of: of})
		}
	}
	return missing, nil
}

// sameFiles finds the reports of runs that had other files than the first that
// could read its own.
func sameFiles(reports []Report) (errs []error) {
	read := slices.DeleteFunc(slices.Clone(reports), func(r Report) bool { return r.Document.Shard.Files == "" })
	for _, r := range read {
		if r.Document.Shard.Files != read[0].Document.Shard.Files {
			errs = append(errs, fmt.Errorf("%s and %s are of different files: a project could be in both or in none", read[0].File, r.File))
		}
	}
	return errs
}

func chosen(s *report.Shard) string {
	return cmp.Or(strings.Join(s.Chosen, " "), "all")
}

func differ(a, b Report, what string, of, other any) error {
	return fmt.Errorf("%s and %s do not belong together: the %s is %v and %v", a.File, b.File, what, of, other)
}

// Merge joins reports that Check has found to belong together, in the order of their
// shards, into what one run would have said.
func Merge(reports []Report) *report.Document {
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b Report) int { return cmp.Compare(a.Document.Shard.Index, b.Document.Shard.Index) })
	out := report.NewDocument(reports[0].Document.Command, nil)
	also := reports[0].Document.Shard.FailOn
	out.Watch = reports[0].Document.Shard.Unmanaged
	if out.Command == "coverage" {
		out.Coverage = &report.Coverage{}
	}
	for _, r := range reports {
		add(out, r.Document)
	}
	steps(out)
	findings(out, also)
	out.Diagnostics.Sort()
	out.Done, out.LeftOut = distinct(out.Done), distinct(out.LeftOut)
	out.Access = access(out.Access)
	slices.Sort(out.AccessUnread)
	out.AccessUnread = slices.Compact(out.AccessUnread)
	return out
}

func add(out, d *report.Document) {
	sum(&out.Summary, d.Summary)
	out.Stats.Requests += d.Stats.Requests
	out.Stats.Retries += d.Stats.Retries
	out.Stats.Throttled += d.Stats.Throttled
	out.Stats.WallMs = max(out.Stats.WallMs, d.Stats.WallMs)
	out.Steps = append(out.Steps, d.Steps...)
	out.Findings = append(out.Findings, d.Findings...)
	out.Diagnostics = append(out.Diagnostics, d.Diagnostics...)
	out.Violations = append(out.Violations, d.Violations...)
	out.Done = append(out.Done, d.Done...)
	out.LeftOut = append(out.LeftOut, d.LeftOut...)
	out.Access = append(out.Access, d.Access...)
	out.AccessUnread = append(out.AccessUnread, d.AccessUnread...)
	for _, e := range d.Errors {
		out.Errors = append(out.Errors, fmt.Sprintf("shard %s: %s", d.Shard.Part(), e))
	}
	for _, p := range d.Policies {
		i := slices.IndexFunc(out.Policies, func(o planner.RuleCount) bool { return o.Rule == p.Rule && o.Source == p.Source })
		if i < 0 {
			out.Policies = append(out.Policies, p)
			continue
		}
		o := &out.Policies[i]
		o.Met, o.Exempt, o.Broken, o.Unseen = o.Met+p.Met, o.Exempt+p.Exempt, o.Broken+p.Broken, o.Unseen && p.Unseen
	}
	if d.Coverage != nil {
		for _, s := range d.Coverage.Scopes {
			out.Coverage.Add(s)
		}
	}
	if d.Shard.Ended.After(out.Time) {
		out.Time = d.Shard.Ended
	}
}

func sum(to *planner.Summary, s planner.Summary) {
	to.Create += s.Create
	to.Update += s.Update
	to.Delete += s.Delete
	to.Replace += s.Replace
	to.None += s.None
	to.Unmanaged += s.Unmanaged
	to.Unverifiable += s.Unverifiable
	to.Governed += s.Governed
	to.Live += s.Live
}

// Twice names what two shards tell of, which cannot be.
func Twice(d *report.Document) []string {
	seen := map[string]bool{}
	var out []string
	note := func(a spec.Address, id string) {
		if key := string(a) + "\x00" + id; seen[key] {
			out = append(out, fmt.Sprintf("%s is in two shards", a))
		} else {
			seen[key] = true
		}
	}
	for _, s := range d.Steps {
		note(s.Address, "")
	}
	if d.Coverage != nil {
		for _, s := range d.Coverage.Scopes {
			note(s.Address, s.ID)
		}
	}
	return out
}

// scopeOrder puts organizations before projects, each by address.
func scopeOrder(a, b spec.Address) int {
	project := func(a spec.Address) int { return min(len(a.Project()), 1) }
	return cmp.Or(cmp.Compare(project(a), project(b)), strings.Compare(string(a.Scope()), string(b.Scope())))
}
