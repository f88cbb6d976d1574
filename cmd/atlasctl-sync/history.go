package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/seal"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newHistory(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1, output: "text"}
	var of string
	c := o.command("history DIR", "List the receipts of a directory",
		`history lists the receipts that apply --receipt DIR has kept, the newest first: when,
by whom, from which revision of the files, what was done, and how it ended.
--of ADDRESS lists only those that touched a resource, or what is below it. It calls
nothing.`,
		func(cmd *cobra.Command, args []string) error {
			return o.session(cmd.Context(), "history", func(s *session) error { return s.history(args[0], spec.Address(of)) })
		})
	c.Args = cobra.ExactArgs(1)
	c.Flags().StringVar(&of, "of", "", "only runs that touched this address, or what is below it")
	addTextOrJSON(c, &o.asked)
	return c
}

func (s *session) history(dir string, of spec.Address) error {
	all, others, err := receipt.List(dir, s.env.Getenv(seal.KeyVariable))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no directory %s: no apply --receipt %s has written anything yet", dir, dir)
	}
	if err != nil {
		return err
	}
	if of != "" {
		all = slices.DeleteFunc(all, func(r receipt.Listed) bool {
			return !slices.ContainsFunc(r.Steps, func(step receipt.Step) bool { return step.Address.Within(of) })
		})
	}
	for _, o := range others {
		s.logf("left out: %s", report.Clean(o))
	}
	err = inEither(s.out, s.asked, func(w io.Writer) error {
		if len(all) == 0 {
			fmt.Fprintln(w, "No receipts.")
			return nil
		}
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, r := range all {
			done := r.Done()
			fmt.Fprintf(t, "%s\t%s\t+%d ~%d -%d\t%s\t%s\t%s\n", r.Begun.Local().Format("2006-01-02 15:04:05"), r.Outcome(),
				done[planner.Create], done[planner.Update], done[planner.Delete]+done[planner.Replace], report.Clean(short(r.Commit)), report.Clean(r.By), report.Clean(r.File))
			if of == "" {
				continue
			}
			for _, step := range r.Steps {
				if step.Address.Within(of) {
					fmt.Fprintf(t, "  %s %s %s\t\t\t\t\t\n", step.Action.Symbol(), report.Clean(string(step.Address)), endedAs(step.Status))
				}
			}
		}
		return t.Flush()
	}, func() (any, error) {
		if all == nil {
			all = []receipt.Listed{}
		}
		return map[string]any{"formatVersion": report.FormatVersion, "receipts": all}, nil
	})
	if err != nil {
		return err
	}
	return s.finish(exitOK)
}

// short is a revision as people write it.
func short(commit string) string {
	if len(commit) < 40 {
		return commit
	}
	return commit[:10] + commit[40:]
}

func endedAs(status planner.Status) string {
	if status == planner.Verified {
		return ""
	}
	return "(" + string(status) + ")"
}
