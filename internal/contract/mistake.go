package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

var english = message.NewPrinter(language.English)

// mistakes are what a person wants to know of a failed validation: where, and
// what is wrong there; of several alternatives only the one that comes closest.
func mistakes(e *jsonschema.ValidationError) []string {
	var lines []string
	for _, leaf := range leaves(e) {
		line := location(leaf.InstanceLocation) + ": " + leaf.ErrorKind.LocalizedString(english)
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	if _, ok := e.ErrorKind.(*kind.AnyOf); ok {
		return closest(e.Causes)
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// closest are the leaves of the alternative that the value fails the least.
// That it could have been null is never what is meant.
func closest(alternatives []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	var best []*jsonschema.ValidationError
	for _, a := range alternatives {
		candidate := leaves(a)
		wanted, ok := candidate[0].ErrorKind.(*kind.Type)
		if ok && len(alternatives) > 1 && slices.Equal(wanted.Want, []string{"null"}) {
			continue
		}
		if best == nil || len(candidate) < len(best) {
			best = candidate
		}
	}
	return best
}

// location writes a place in a body like "body.roles[0].name".
func location(tokens []string) string {
	var b strings.Builder
	b.WriteString("body")
	for _, t := range tokens {
		if _, err := strconv.Atoi(t); err == nil {
			b.WriteString("[" + t + "]")
		} else {
			b.WriteString("." + t)
		}
	}
	return b.String()
}
