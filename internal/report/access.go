package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// An Access is what access prints: who may do what, and how it comes. Its JSON is
// described by schemas/access.schema.json.
type Access struct {
	FormatVersion string          `json:"formatVersion"`
	Command       string          `json:"command"`
	Rights        []planner.Right `json:"rights"`
	Errors        []string        `json:"errors"` // what could not be read: the list is not whole then
	Stats         Stats           `json:"stats"`
}

// AccessFormats are the formats in which access prints.
var AccessFormats = []string{"text", "csv", "markdown", "json"}

// Write prints in one of the AccessFormats.
func (a *Access) Write(w io.Writer, format string) error {
	switch format {
	case "text":
		return a.text(w)
	case "csv":
		return a.csv(w)
	case "markdown":
		return a.markdown(w)
	}
	if a.Rights == nil {
		a.Rights = []planner.Right{}
	}
	if a.Errors == nil {
		a.Errors = []string{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(a)
}

func (a *Access) text(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	principals := map[string]bool{}
	for i, r := range a.Rights {
		if i == 0 {
			fmt.Fprintln(t, "WHO\tWHERE\tROLE\tHOW")
		}
		principals[r.PrincipalKind+" "+r.Principal] = true
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", named(r.PrincipalKind, r.Principal), Clean(string(r.Target)), Clean(r.Role), how(r))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "Access: %s of %s.\n", Count(len(a.Rights), "role"), Count(len(principals), "principal"))
	return err
}

func (a *Access) csv(w io.Writer) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"principal", "principalKind", "target", "role", "by", "through", "grant", "pending", "until"}) // Error tells
	for _, r := range a.Rights {
		_ = c.Write([]string{noFormula(r.Principal), r.PrincipalKind, noFormula(string(r.Target)), noFormula(r.Role), r.Way.By, noFormula(r.Way.Name + r.Way.Role), noFormula(string(r.Grant)), fmt.Sprint(r.Pending), noFormula(r.Until)})
	}
	c.Flush()
	return c.Error()
}

// noFormula spells a text such that no table calculator takes it for a formula.
func noFormula(s string) string {
	if s = Clean(s); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (a *Access) markdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| who | where | role | how |\n|---|---|---|---|\n")
	cell := func(s string) string { return strings.ReplaceAll(prose(s), "|", `\|`) }
	for _, r := range a.Rights {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(named(r.PrincipalKind, r.Principal)), cell(string(r.Target)), cell(r.Role), cell(how(r)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// named calls somebody by what it is, people by their name alone.
func named(kind, name string) string {
	if kind == "user" {
		return Clean(name)
	}
	return kindWords(kind) + " " + Clean(name)
}

// kindWords spells the kind of a principal: databaseUser, database user.
func kindWords(kind string) string {
	return strings.ToLower(strings.Join(spec.Words(kind), " "))
}

// how says how a role comes to somebody, and until when.
func how(r planner.Right) string {
	out := through(r.Way)
	if out == "" {
		out = planner.Own
	}
	if r.Pending {
		out += ", once the invitation is accepted"
	}
	if r.Until != "" {
		out += ", until " + Clean(r.Until)
	}
	return out
}

// through says by way of what a role comes; "" for one's own.
func through(w planner.Way) string {
	switch {
	case w.By == planner.Own:
		return ""
	case w.Role != "":
		return fmt.Sprintf("through the %s (%s)", w.By, Clean(w.Role))
	}
	return fmt.Sprintf("through %s %s", kindWords(w.By), Clean(w.Name))
}
