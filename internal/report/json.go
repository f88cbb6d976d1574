package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Document is the JSON form of every command's result, described by
// schemas/report.schema.json.
type Document struct {
	FormatVersion string              `json:"formatVersion"`
	Command       string              `json:"command"`
	Summary       planner.Summary     `json:"summary"`
	Steps         []*planner.Step     `json:"steps"`
	Findings      []planner.Finding   `json:"findings"`
	Diagnostics   spec.Diagnostics    `json:"diagnostics"`
	Violations    []planner.Violation `json:"violations"`
	LeftOut       []spec.LeftOut      `json:"leftOut,omitempty"`
	Done          []planner.Done      `json:"done"`
	Adopted       any                 `json:"adopted,omitempty"` // what drift --adopt has done
	Errors        []string            `json:"errors"`
	Stats         Stats               `json:"stats"`
	Policies      []planner.RuleCount `json:"policies,omitempty"` // the rules that files declare
	Shard         *Shard              `json:"shard,omitempty"`    // of which part of the files it is; nil: all
	// Access says who may do more or less by the plan; AccessUnread names the lists
	// that would tell more.
	Access       []planner.AccessChange `json:"access"`
	AccessUnread []string               `json:"accessUnread,omitempty"`

	Time  time.Time                  `json:"-"` // when the run ended
	Fails func(planner.Finding) bool `json:"-"` // which findings are drift; nil: none
	Watch spec.Watch                 `json:"-"` // how far unmanaged objects were looked for
	// Coverage is what the command of that name found; its JSON has members of its own.
	Coverage *Coverage `json:"-"`
	Full     bool      `json:"-"` // equal steps are not folded, long values not shortened

	CommandLine string `json:"-"` // what was typed, without what may be secret
	Tool        string `json:"-"` // the program's version
}

// Stats say what a run cost.
type Stats struct {
	Requests  int   `json:"requests"`
	Retries   int   `json:"retries"`
	Throttled int   `json:"throttled"`
	WallMs    int64 `json:"wallMs"`
}

// FormatVersion is the version of the JSON that commands print.
const FormatVersion = "1"

// NewDocument returns the document of a plan; p may be nil.
func NewDocument(command string, p *planner.Plan) *Document {
	d := &Document{FormatVersion: FormatVersion, Command: command}
	if p != nil {
		d.Summary, d.Steps, d.Findings, d.Diagnostics, d.Violations = p.Summary, p.Steps, p.Findings, p.Diagnostics, p.Violations
		d.Done, d.LeftOut = p.Done, p.LeftOut
		if command != "drift" {
			d.Access, d.AccessUnread = p.Access, p.AccessUnread
		}
	}
	return d
}

// Fill makes lists of what would be null.
func (d *Document) Fill() {
	if d.Steps == nil {
		d.Steps = []*planner.Step{}
	}
	if d.Findings == nil {
		d.Findings = []planner.Finding{}
	}
	if d.Diagnostics == nil {
		d.Diagnostics = spec.Diagnostics{}
	}
	if d.Violations == nil {
		d.Violations = []planner.Violation{}
	}
	if d.Done == nil {
		d.Done = []planner.Done{}
	}
	if d.Access == nil {
		d.Access = []planner.AccessChange{}
	}
	if d.Errors == nil {
		d.Errors = []string{}
	}
}

// Write prints the document. Lists are never null.
func (d *Document) Write(w io.Writer) error {
	if d.Command == "coverage" {
		return d.writeCoverage(w)
	}
	d.Fill()
	return encode(w, d)
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
