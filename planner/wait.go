package planner

import (
	"strconv"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Wait is a finished spec.Wait: the GET to repeat and what to look for.
type Wait struct {
	Read  Request  `json:"read"`
	At    string   `json:"at,omitempty"`
	Until []string `json:"until,omitempty"`
	Fail  []string `json:"fail,omitempty"`
	Error string   `json:"error,omitempty"`
	Gone  bool     `json:"gone,omitempty"`
	// Absent and Only say, beside 404, which answers mean that it is gone: one that
	// says so, and one that is none of ours any more.
	Absent *spec.Optional `json:"absent,omitempty"`
	Only   *spec.Cond     `json:"only,omitempty"`
	// All says that the answer is a list, and that what is waited for is to hold
	// for each of its rows; Other that it is not the object itself.
	All   bool `json:"all,omitempty"`
	Other bool `json:"other,omitempty"`
	// Settle is how long a look that ends the wait at once is not believed.
	Settle time.Duration `json:"settle,omitempty"`
	Max    time.Duration `json:"max"`
}

// PageSize is the most entries of a list that Atlas gives at once.
const PageSize = 500

// wait finishes what a call is followed by.
func (b *builder) wait(c *spec.Call, w *spec.Wait, params Params) *Wait {
	k := b.r.Kind
	out := &Wait{At: w.At, Until: w.Until, Fail: w.Fail, Error: w.Error, Gone: w.Gone, All: w.All, Settle: w.Settle, Max: w.Max}
	read := k.Get
	if w.Read != nil {
		read, out.Other, out.Only = *w.Read, true, w.Read.Only
		out.Read = b.request(&spec.Call{Route: read.Route, Version: read.Version, Params: c.Params}, params)
	} else {
		out.Absent, out.Only = k.Optional, k.List.Only
		out.Read = b.request(&spec.Call{Route: read.Route, Version: read.Version}, b.params)
	}
	out.Read.Ordered = read.Ordered
	query := map[string]any{}
	for name, values := range read.Query {
		query[name] = values
	}
	if read.Paged {
		query["itemsPerPage"] = strconv.Itoa(PageSize)
	}
	if len(query) > 0 {
		out.Read.Query = query
	}
	return out
}
