package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newDoctor(env *Environment) *cobra.Command {
	o := &options{env: env, output: "text"}
	c := o.command("doctor", "Check the way to Atlas: address, credentials, roles, clock, rate limits",
		`doctor tries the way to Atlas and says what to fix: whether it can be reached,
whether it takes the credentials, which organizations and projects they see and
with which roles, whether this machine's clock is right, and how much of the
rate limit is left. Of the files it looks at which kinds they declare, for calls that
Atlas ends. It sends nothing but GET requests.

Exit codes: 0 all is well (there may be warnings), 1 something has to be fixed.`,
		func(cmd *cobra.Command, _ []string) error {
			if o.asked != "text" && o.asked != "json" {
				return fmt.Errorf("-o takes text or json, not %q", o.asked)
			}
			return o.session(cmd.Context(), "doctor", func(s *session) error { return s.doctor() })
		})
	c.Args = cobra.NoArgs
	addTextOrJSON(c, &o.asked)
	o.addFiles(c.Flags())
	o.addConnection(c.Flags())
	c.Flags().CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	return c
}

// A finding is one line of doctor's: ok, try, warn or fail.
type finding struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

// maxSkew is how far this machine's clock may be from Atlas's: tokens and the
// age of secrets are judged by it.
const maxSkew = 30 * time.Second

// lowHeadroom is the share of a rate limit below which doctor warns.
const lowHeadroom = 0.1

func (s *session) doctor() error {
	bad := false
	checks := []finding{}
	s.examine(func(mark, format string, args ...any) {
		bad = bad || mark == "FAIL"
		c := finding{strings.ToLower(mark), fmt.Sprintf(format, args...)}
		checks = append(checks, c)
		if s.asked == "text" {
			fmt.Fprintf(s.out, "%-5s %s\n", mark, report.Clean(c.Message))
		}
	})
	err := inEither(s.out, s.asked, func(io.Writer) error { return nil },
		func() (any, error) {
			return map[string]any{"formatVersion": report.FormatVersion, "checks": checks}, nil
		})
	switch {
	case err != nil:
		return err
	case bad:
		return s.finish(exitError)
	}
	return s.finish(exitOK)
}

// examine looks at one thing after the other and says how it is.
func (s *session) examine(say func(mark, format string, args ...any)) {
	if err := s.connect(); err != nil {
		say("FAIL", "credentials: %v", err)
		return
	}
	say("ok", "atlasctl-sync %s, Atlas at %s", version(), s.where)
	say("try", "%s", s.credentials)
	seen := map[*spec.Kind][]*planner.Object{}
	for _, k := range s.env.catalog().Documents() {
		items, err := s.reader.List(s.ctx, k, nil)
		if err != nil {
			say("FAIL", "%s: %v", strings.ToLower(k.Name)+"s", err)
			if len(seen) == 0 {
				break // the next would end the same way
			}
			continue
		}
		if len(seen) == 0 {
			say("ok", "Atlas takes the credentials")
		}
		seen[k] = []*planner.Object{}
		var names []string
		for _, raw := range items {
			o, err := planner.NewObject(k, raw, nil)
			if err != nil {
				say("FAIL", "%s: %v", k.List.Route, err)
				continue
			}
			seen[k] = append(seen[k], o)
			names = append(names, k.NameOf(raw))
		}
		slices.Sort(names)
		const most = 5
		shown := strings.Join(names[:min(len(names), most)], ", ")
		if len(names) > most {
			shown += fmt.Sprintf(" and %d more", len(names)-most)
		}
		if len(names) == 0 {
			say("warn", "no %s to be seen: give the credentials a role in one", strings.ToLower(k.Name))
			continue
		}
		say("ok", "%s: %s", report.Count(len(names), strings.ToLower(k.Name)), shown)
	}
	s.checkRoles(say, seen)
	s.checkSunsets(say)
	h := s.client.Health()
	switch skew := h.Skew; {
	case h.Seen == 0:
	case skew.Abs() > maxSkew:
		say("warn", "this machine's clock is %s off: set it, or due secrets and expired tokens are misjudged", skew.Round(time.Second))
	default:
		say("ok", "clock: within %s of Atlas's", (skew.Abs() + time.Second).Round(time.Second))
	}
	switch {
	case h.Limit == 0 && h.Seen > 0:
		say("ok", "rate limits: Atlas sends no RateLimit headers")
	case h.Seen > 0 && float64(h.Remaining) < lowHeadroom*float64(h.Limit):
		say("warn", "rate limit: %d of %s left; others use the same credentials or address, lower --max-rps", h.Remaining, report.Count(h.Limit, "request"))
	case h.Seen > 0:
		say("ok", "rate limit: %d of %s left", h.Remaining, report.Count(h.Limit, "request"))
	}
}

// checkRoles looks the own service account up, for its roles in organizations and
// projects: whoever may not even do that is no owner.
func (s *session) checkRoles(say func(string, string, ...any), seen map[*spec.Kind][]*planner.Object) {
	own := s.credentials.ClientID
	if own == "" {
		return // Atlas does not tell an API key's roles to the key itself
	}
	for _, k := range s.env.catalog().Kinds() {
		parent := s.env.catalog().Kind(k.Parent)
		if k.Rotation == nil || k.Field("roles") == nil || k.Ident != clientID {
			continue // no accounts
		}
		in := seen[parent]
		if len(in) > mostAsked {
			say("ok", "roles in %s: not asked for, there are so many", report.Count(len(in), strings.ToLower(parent.Name)))
			continue
		}
		for _, o := range in {
			items, err := s.reader.List(s.ctx, k, o.Params)
			name := parent.NameOf(o.Raw)
			if err != nil {
				say("warn", "roles in %s cannot be read (%v): plan and drift need read access, apply the roles that kinds and explain tell", name, err)
				continue
			}
			if i := slices.IndexFunc(items, func(raw any) bool { return spec.TextAt(raw, k.IDAt()) == own }); i >= 0 {
				say("ok", "roles in %s: %v; explain KIND tells which a kind needs", name, k.DecodeObject(items[i])["roles"])
			}
		}
	}
}

// clientID is what the kinds of accounts that can log in call their id.
const clientID = "clientId"

// mostAsked is in how many organizations or projects doctor looks for its roles.
const mostAsked = 20
