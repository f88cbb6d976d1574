// Package fleet joins the reports of the runs that share one set of files: what
// one run over all of them would have said.
package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// errNoReport says so: what the JSON library finds wrong names types of this program.
var errNoReport = errors.New("it is no report: write one with --report json=FILE")

// commands are those that take --shard, and show, which tells a saved plan's.
var commands = []string{"plan", "apply", "drift", "coverage", "show"}

// Read reads a report as a run with --shard and -o json or --report json=FILE
// writes it.
func Read(data []byte) (*report.Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("it is empty: its run was cut off")
	}
	var head struct {
		FormatVersion, Command string
		Shard                  *report.Shard
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, errNoReport
	}
	switch {
	case head.FormatVersion == "" || !slices.Contains(commands, head.Command):
		return nil, errNoReport
	case head.FormatVersion != report.FormatVersion:
		return nil, fmt.Errorf("its format version is %q, and this program reads %q", head.FormatVersion, report.FormatVersion)
	case head.Shard == nil:
		return nil, fmt.Errorf("it is of a %s without --shard, which there is nothing to merge with", head.Command)
	}
	d := &report.Document{}
	if err := decode(data, d); err != nil {
		return nil, errNoReport
	}
	if d.Command == "coverage" {
		d.Coverage = &report.Coverage{}
		if err := decode(data, d.Coverage); err != nil {
			return nil, errNoReport
		}
	}
	d.Time = d.Shard.Ended
	var given struct{ Findings []map[string]json.RawMessage }
	if err := json.Unmarshal(data, &given); err != nil {
		return nil, errNoReport
	}
	for i := range d.Findings {
		f := &d.Findings[i]
		f.Declared, f.Live = planner.Numbers(f.Declared), planner.Numbers(f.Live)
		if _, there := given.Findings[i]["declared"]; there && f.Declared == nil {
			f.Declared = spec.Null{}
		}
	}
	for _, s := range d.Steps {
		if s == nil {
			return nil, errNoReport
		}
		planner.Numbers(s.Live)
		planner.Numbers(s.Outputs)
	}
	return d, nil
}

func decode(data []byte, to any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return dec.Decode(to)
}
