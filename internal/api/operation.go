package api

import (
	"slices"
	"strings"
)

// An Operation is one call of the API.
type Operation struct {
	ID         string
	Method     string
	Path       string // "/api/atlas/v2/groups/{groupId}"
	Tag        string
	Roles      []string // that the description says it needs
	Deprecated bool

	Parameters []*Parameter
	// Requests and Answers hold bodies by version: "2025-02-19", "preview",
	// "2023-01-01+gzip" for what is no JSON. Nil: not further described.
	Requests        map[string]*Body
	RequestRequired bool
	Answers         map[string]map[string]*Body // by status: "200"
}

// A Body is what travels in one version of an operation.
type Body struct {
	Schema  *Schema // nil where only its media type is known
	Sunset  string  // the day on which the version ends: "2026-05-30"; ""
	Preview bool
}

// A Parameter is one of a path or a query.
type Parameter struct {
	Name     string
	In       string // path or query
	Required bool
	Schema   *Schema
}

// Versions returns the dates in which the operation answers with success, old to new.
func (op *Operation) Versions() []string {
	var all []string
	for status, bodies := range op.Answers {
		if strings.HasPrefix(status, "2") {
			for v := range bodies {
				if !strings.Contains(v, "+") {
					all = append(all, v)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// At returns the version that Atlas serves for a date: the newest that is not
// later, or "".
func At(versions []string, date string) string {
	best := ""
	for _, v := range versions {
		if v <= date && v > best && (v == "preview") == (date == "preview") {
			best = v
		}
	}
	return best
}
