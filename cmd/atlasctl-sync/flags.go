package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// options are the flags of the commands that work on files and Atlas.
type options struct {
	env *Environment

	files             []string
	orgs, projects    []string
	kinds             []string
	targets, excludes []string
	shardText         string
	shard             *spec.Shard // nil: everything

	output  string
	asked   string // -o of commands that print no report
	reports []string
	quiet   bool
	full    bool
	summary bool
	verbose int
	noColor bool
	noPager bool

	orgIDs, projectIDs []string // as the Atlas CLI calls them

	profile     string
	baseURL     string
	sandboxDir  string
	parallelism int
	maxRPS      float64
	timeout     time.Duration

	maxDeletes        string
	allow             []string
	rewriteSecrets    bool
	resendInvitations bool
	rotate            []string
	detailedExitCode  bool
	strict            bool
	autoApprove       bool
	onError           string
	out               string
	failOn            []string
	base              string
	accept            string
	notifyURL         string
	unmanaged         string
	notifyState       string
	link              string
	into              spec.Rebuild
	rebuild           *rebuilding // nil: the files mean the organization that they say
	adopting          adopting
	receipt           string
	who               bool
	since             string
	least             float64 // --fail-under of coverage, in percent

	commandLine string // what was typed, without what may be secret
}

// defaultSandbox is where --sandbox without a directory keeps its state.
const defaultSandbox = ".atlas-sandbox"

// addFiles adds the flags that say which files to read, and what of them.
func (o *options) addFiles(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.files, "file", "f", nil, "file or directory to read, or - for standard input; repeatable (default: this directory)")
}

// addStrict adds the flag of the commands that tell warnings.
func (o *options) addStrict(f *pflag.FlagSet) {
	f.BoolVar(&o.strict, "strict", false, "take warnings for errors: exit 6, and write nothing")
}

func (o *options) addOutput(f *pflag.FlagSet) {
	o.addReports(f, "text, json, markdown, github, junit, html, or prometheus (drift)")
	f.BoolVar(&o.full, "full", false, "tell each step by itself and long values whole")
	f.BoolVar(&o.noColor, "no-color", false, "no colours (NO_COLOR does the same)")
}

// addReports adds the flags of every command that prints a report.
func (o *options) addReports(f *pflag.FlagSet, formats string) {
	f.StringVarP(&o.output, "output", "o", "text", formats)
	f.StringArrayVar(&o.reports, "report", nil, "write a report besides, as FORMAT=FILE; repeatable")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress on standard error")
	f.CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
}

func (o *options) addSummary(f *pflag.FlagSet) {
	f.BoolVar(&o.summary, "summary", false, "count the steps by organization and project; show only what takes something away")
}

func (o *options) addSelection(f *pflag.FlagSet) {
	f.StringArrayVar(&o.orgs, "org", nil, "only this organization and its projects; repeatable")
	f.StringArrayVar(&o.projects, "project", nil, "only this project; repeatable")
	f.StringArrayVar(&o.kinds, "kind", nil, "only this kind or section; repeatable")
	f.StringArrayVar(&o.targets, "target", nil, "only this address and what is below it; repeatable")
	f.StringArrayVar(&o.orgIDs, "orgId", nil, "only this organization, by id")
	f.StringArrayVar(&o.projectIDs, "projectId", nil, "only this project, by id")
	_ = f.MarkHidden("orgId") // the names that the Atlas CLI has; they exist
	_ = f.MarkHidden("projectId")
	f.StringArrayVar(&o.excludes, "exclude", nil, "not this address and what is below it; repeatable")
}

func (o *options) addConnection(f *pflag.FlagSet) {
	f.StringVar(&o.sandboxDir, "sandbox", "", "run against the built-in Atlas emulator, its state kept in DIR (--sandbox=DIR)")
	f.Lookup("sandbox").NoOptDefVal = defaultSandbox
	f.StringVarP(&o.profile, "profile", "P", "", "profile of the Atlas CLI to take the credentials from (default: the environment, else the profile default)")
	f.StringVar(&o.baseURL, "base-url", "", "where Atlas is (default: MONGODB_ATLAS_BASE_URL, else https://cloud.mongodb.com)")
	f.IntVar(&o.parallelism, "parallelism", 10, "how many requests may be under way at once")
	f.Float64Var(&o.maxRPS, "max-rps", 0, "requests a second at most; 0: no limit of our own")
	f.DurationVar(&o.timeout, "timeout", 0, "how long the whole run may take; 0: as long as it needs")
}

func (o *options) addPlanning(f *pflag.FlagSet) {
	f.StringVar(&o.maxDeletes, "max-deletes", planner.DefaultCeiling.String(), "refuse a plan that removes more than N things, or N%")
	f.StringSliceVar(&o.allow, "allow", nil, "switch a guard off: last-owner, own-credentials; repeatable")
	f.BoolVar(&o.rewriteSecrets, "rewrite-secrets", false, "send declared values that Atlas does not return, though they cannot be compared")
	f.StringArrayVar(&o.rotate, "rotate", nil, "replace the secret of the service account at this address now; repeatable")
	f.BoolVar(&o.resendInvitations, "resend-invitations", false, "send expired and rejected invitations again")
}

// check finds flag values that cannot work.
func (o *options) check(command string) error {
	if o.output != "text" {
		if _, err := report.FormatFor(command, o.output); err != nil {
			return fmt.Errorf("-o: %w, or text", err)
		}
	}
	targets := map[string]bool{o.out: o.out != ""}
	for _, r := range o.reports {
		name, file, _ := strings.Cut(r, "=")
		switch {
		case file == "" || file == "-":
			return fmt.Errorf("--report takes FORMAT=FILE, not %q; -o says what goes to standard output", r)
		case targets[filepath.Clean(file)]:
			return fmt.Errorf("--report %s: another report, or the plan, goes to the same file", r)
		}
		targets[filepath.Clean(file)] = true
		if _, err := report.FormatFor(command, name); err != nil {
			return fmt.Errorf("--report: %w (text goes to standard output)", err)
		}
		if err := files.Place(file); err != nil {
			return fmt.Errorf("--report %s: %w", r, err)
		}
	}
	if o.out != "" && (command == "plan" || command == "rebuild") { // others make a directory
		if err := files.Place(o.out); err != nil {
			return fmt.Errorf("--out %s: %w", o.out, err)
		}
	}
	if err := receipt.Vacant(o.receipt); err != nil {
		return fmt.Errorf("--receipt: %w", err)
	}
	if err := o.checkShard(); err != nil {
		return err
	}
	switch {
	case o.parallelism < 1:
		return fmt.Errorf("--parallelism is to be at least 1, not %d", o.parallelism)
	case o.onError != "continue" && o.onError != "stop" && o.onError != "":
		return fmt.Errorf("--on-error takes continue or stop, not %q", o.onError)
	case slices.ContainsFunc(o.allow, func(g string) bool { return !slices.Contains(guardsOf(command), g) }):
		return fmt.Errorf("--allow takes %s", strings.Join(guardsOf(command), " or "))
	case o.sandboxDir != "" && o.baseURL != "":
		return fmt.Errorf("--sandbox is where Atlas is: leave --base-url out")
	case o.maxRPS < 0 || o.timeout < 0:
		return fmt.Errorf("--max-rps and --timeout cannot be negative")
	}
	return nil
}

func (o *options) filter() spec.Filter {
	return spec.Filter{Organizations: o.orgs, Projects: o.projects, Kinds: o.kinds,
		Targets: addresses(o.targets), Excludes: addresses(o.excludes), Shard: o.shard}
}

// chose has the run be of what a saved plan was chosen by.
func (o *options) chose(f spec.Filter) {
	o.orgs, o.projects, o.kinds, o.shard = f.Organizations, f.Projects, f.Kinds, f.Shard
	o.targets, o.excludes = spelled(f.Targets), spelled(f.Excludes)
}

func spelled(in []spec.Address) []string {
	out := make([]string, len(in))
	for i, a := range in {
		out[i] = string(a)
	}
	return out
}

func addresses(in []string) []spec.Address {
	out := make([]spec.Address, len(in))
	for i, s := range in {
		out[i] = spec.Address(s)
	}
	return out
}

// paths joins -f and the positional paths.
func (o *options) paths(args []string) []string {
	paths := append(append([]string{}, o.files...), args...)
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}

// planning returns the choices that the flags make for a plan.
func (o *options) planning() (planner.Options, error) {
	ceiling := planner.DefaultCeiling
	if o.maxDeletes != "" {
		var err error
		if ceiling, err = planner.ParseCeiling(o.maxDeletes); err != nil {
			return planner.Options{}, err
		}
	}
	return planner.Options{Now: o.env.now(), RewriteSecrets: o.rewriteSecrets, MaxDeletes: ceiling, AllowGuards: o.allow, Rotate: addresses(o.rotate),
		Allow: map[string]bool{"resend-invitations": o.resendInvitations}}, nil
}

// command makes a command whose flags are o.
func (o *options) command(use, short, long string, run func(*cobra.Command, []string) error) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Long: long, Args: cobra.ArbitraryArgs}
	c.Flags().SortFlags = false
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := o.check(cmd.Name()); err != nil {
			return err
		}
		o.commandLine = typedLine(cmd, args)
		return run(cmd, args)
	}
	return c
}
