package spec

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// A Position is a place in a declared file; lines and columns count from 1,
// columns in characters.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Severity tells errors from warnings.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// A Diagnostic is something to tell about a declared file, with its place.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Source   Position `json:"source"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	// Related are other places that have to do with it, such as where a value is
	// declared that a baseline asks for.
	Related []Related `json:"related,omitempty"`
	// Rule is the rule of a policy that is broken, if it is about one.
	Rule string `json:"rule,omitempty"`
	// Excerpt is the offending line with a caret below it, sensitive parts masked.
	Excerpt string `json:"-"`
}

// Related is a place that a diagnostic has to do with, and what stands there.
type Related struct {
	Message string   `json:"message"`
	Source  Position `json:"source"`
}

func (r Related) String() string { return r.Message + " at " + r.Source.String() }

// Error returns the diagnostic on one line.
func (d Diagnostic) Error() string {
	s := d.Source.String() + ": " + d.Message
	if d.Hint != "" {
		s += " (" + d.Hint + ")"
	}
	for _, r := range d.Related {
		s += "; " + r.String()
	}
	return s
}

// Diagnostics collects what is to be told; everything at once, not the first only.
type Diagnostics []Diagnostic

// Errorf adds an error.
func (ds *Diagnostics) Errorf(at Position, hint, format string, args ...any) {
	*ds = append(*ds, Diagnostic{Severity: SeverityError, Source: at, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning.
func (ds *Diagnostics) Warnf(at Position, hint, format string, args ...any) {
	*ds = append(*ds, Diagnostic{Severity: SeverityWarning, Source: at, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// HasErrors tells whether there is an error among them.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == SeverityError })
}

// Warnings returns those that are no errors.
func (ds Diagnostics) Warnings() Diagnostics {
	return slices.DeleteFunc(slices.Clone(ds), func(d Diagnostic) bool { return d.Severity == SeverityError })
}

// Strictly makes errors of the warnings.
func (ds Diagnostics) Strictly() {
	for i := range ds {
		ds[i].Severity = SeverityError
	}
}

// Sort orders by place, then message, and drops exact repetitions.
func (ds *Diagnostics) Sort() {
	slices.SortStableFunc(*ds, func(a, b Diagnostic) int {
		return cmp.Or(
			strings.Compare(a.Source.File, b.Source.File),
			cmp.Compare(a.Source.Line, b.Source.Line),
			cmp.Compare(a.Source.Column, b.Source.Column),
			strings.Compare(a.Message, b.Message),
		)
	})
	*ds = slices.CompactFunc(*ds, func(a, b Diagnostic) bool { return a.Source == b.Source && a.Message == b.Message })
}

// Err returns the errors as one error, or nil if there are none.
func (ds Diagnostics) Err() error {
	var all *multierror.Error
	for _, d := range ds {
		if d.Severity == SeverityError {
			all = multierror.Append(all, d)
		}
	}
	return Joined(all)
}

// Joined returns what a multierror holds as one error on one line, or nil if
// it is empty.
func Joined(all *multierror.Error) error {
	if all == nil {
		return nil
	}
	all.ErrorFormat = func(errs []error) string {
		parts := make([]string, len(errs))
		for i, err := range errs {
			parts[i] = err.Error()
		}
		return strings.Join(parts, "; ")
	}
	return all.ErrorOrNil()
}

// DiagnosticsOf returns the diagnostics that an error made by Err holds.
func DiagnosticsOf(err error) Diagnostics {
	var ds Diagnostics
	var all *multierror.Error
	if errors.As(err, &all) {
		for _, e := range all.Errors {
			var d Diagnostic
			if errors.As(e, &d) {
				ds = append(ds, d)
			}
		}
		return ds
	}
	var d Diagnostic
	if errors.As(err, &d) {
		ds = append(ds, d)
	}
	return ds
}
