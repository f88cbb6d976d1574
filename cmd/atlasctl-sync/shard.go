package main

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func (o *options) addShard(f *pflag.FlagSet) {
	f.StringVar(&o.shardText, "shard", "", "only this part of the files: K/N (a share of the projects), or organizations (0/N)")
}

func (o *options) checkShard() error {
	if o.shardText == "" {
		return nil
	}
	var err error
	o.shard, err = spec.ParseShard(o.shardText)
	return err
}

// tellShard says how much the shard holds: an empty one looks like "no changes".
func (s *session) tellShard() {
	if s.shard == nil || s.quiet || s.output == "json" {
		return
	}
	of, held := 0, 0
	for _, scope := range s.state.Scopes {
		if (scope.Kind.Parent == "") != (s.shard.Index == 0) {
			continue
		}
		of++
		if s.shard.Holds(scope) {
			held++
		}
	}
	what := "declared project"
	if s.shard.Index == 0 {
		what = "declared organization"
	}
	s.logf("Shard %s: %d of %s.", s.shard, held, report.Count(of, what))
}

// inShard notes in the document which shard it is of, and how the run ended.
func (s *session) inShard(d *report.Document, code int) {
	if s.shard == nil {
		return
	}
	d.Shard = &report.Shard{Index: s.shard.Index, Of: s.shard.Of, ExitCode: code, Ended: d.Time.UTC(), Tool: d.Tool, Files: s.digest(), BaseURL: s.where, Chosen: s.chosen()}
	switch d.Command {
	case "drift":
		d.Shard.Unmanaged = s.watch
		for _, c := range s.failOn {
			d.Shard.FailOn = append(d.Shard.FailOn, planner.Class(c))
		}
	case "coverage":
		d.Shard.FailUnder = s.least
	}
}

// chosen are the flags by which a run looks at less than its whole shard, or accepts
// what it finds, in one order.
func (s *session) chosen() []string {
	var out []string
	for _, c := range []struct {
		flag   string
		values []string
	}{{"--org", s.orgs}, {"--project", s.projects}, {"--kind", s.kinds}, {"--target", s.targets}, {"--exclude", s.excludes}} {
		for _, v := range slices.Sorted(slices.Values(c.values)) {
			out = append(out, c.flag+" "+v)
		}
	}
	if s.acceptSum != "" {
		out = append(out, "--accept (SHA-256 "+s.acceptSum+")")
	}
	return out
}

// digest tells whether two runs had the same files, wherever they lie and whatever
// they are called.
func (s *session) digest() string {
	if s.diags.HasErrors() {
		return "" // what is wrong with a file may be a secret in it
	}
	all := slices.Concat(s.env.definitions, s.shown)
	if s.state != nil {
		all = append(all, s.state.Sources.Files()...)
	}
	if len(all) == 0 {
		return ""
	}
	var sums []string
	for _, f := range all {
		sum := sha256.Sum256([]byte(f.Text))
		sums = append(sums, string(sum[:]))
	}
	slices.Sort(sums)
	h := sha256.New()
	for _, sum := range slices.Compact(sums) {
		h.Write([]byte(sum))
	}
	return hex.EncodeToString(h.Sum(nil))
}
