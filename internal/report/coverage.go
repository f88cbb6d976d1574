package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Coverage says which live objects the files govern, scope by scope.
type Coverage struct {
	Summary Tally           `json:"summary"`
	Scopes  []ScopeCoverage `json:"scopes"` // organizations before projects, by address
}

// A Tally counts live objects, and those of them that a file declares.
type Tally struct {
	Live     int `json:"live"`
	Governed int `json:"governed"`
}

// MarshalJSON adds the share, rounded down to four digits: only all is 1.
func (t Tally) MarshalJSON() ([]byte, error) {
	type plain Tally
	return json.Marshal(struct {
		plain
		Share float64 `json:"share"`
	}{plain(t), math.Floor(t.share()*1e4) / 1e4})
}

// share is between 0 and 1; where nothing is live, nothing is left to govern.
func (t Tally) share() float64 {
	if t.Live == 0 {
		return 1
	}
	return float64(t.Governed) / float64(t.Live)
}

// Percent spells the share, rounded down to a tenth: only all is 100%.
func (t Tally) Percent() string {
	return fmt.Sprintf("%.1f%%", math.Floor(t.share()*1000)/10)
}

// Under tells whether the share is less than so many percent.
func (t Tally) Under(percent float64) bool {
	return t.Live > 0 && float64(t.Governed)*100 < percent*float64(t.Live)
}

// A ScopeCoverage is what an organization or project holds, itself included.
type ScopeCoverage struct {
	Address  spec.Address `json:"address"`
	ID       string       `json:"id"`       // Atlas's
	Declared bool         `json:"declared"` // whether any file declares it
	Live     int          `json:"live"`
	Governed int          `json:"governed"`
	// Kinds are those of which something is live, by name.
	Kinds []KindCoverage `json:"kinds"`
}

// A KindCoverage counts the objects of one kind in a scope.
type KindCoverage struct {
	Kind       string         `json:"kind"`
	Live       int            `json:"live"`
	Governed   int            `json:"governed"`
	Ungoverned []spec.Address `json:"ungoverned"` // sorted
}

// Count adds an object to its scope.
func (s *ScopeCoverage) Count(kind string, a spec.Address, governed bool) {
	i, there := slices.BinarySearchFunc(s.Kinds, kind, func(k KindCoverage, name string) int { return strings.Compare(k.Kind, name) })
	if !there {
		s.Kinds = slices.Insert(s.Kinds, i, KindCoverage{Kind: kind, Ungoverned: []spec.Address{}})
	}
	k := &s.Kinds[i]
	s.Live++
	k.Live++
	if governed {
		s.Governed++
		k.Governed++
		return
	}
	at, _ := slices.BinarySearch(k.Ungoverned, a)
	k.Ungoverned = slices.Insert(k.Ungoverned, at, a)
}

// Add puts a scope in its place and counts what it holds.
func (c *Coverage) Add(s ScopeCoverage) {
	c.Summary.Live += s.Live
	c.Summary.Governed += s.Governed
	i, _ := slices.BinarySearchFunc(c.Scopes, s, func(a, b ScopeCoverage) int { return cmp.Compare(a.place(), b.place()) })
	c.Scopes = slices.Insert(c.Scopes, i, s)
}

// place sorts scopes: projects, whatever their address begins with, come last.
func (s ScopeCoverage) place() string {
	if s.Address.Project() == "" {
		return "0" + string(s.Address) + "\x00" + s.ID
	}
	return "1" + string(s.Address) + "\x00" + s.ID
}

// Line says how much of all is governed.
func (c *Coverage) Line() string {
	if c.Summary.Live == 0 {
		return "Nothing is live of what was asked for."
	}
	return fmt.Sprintf("%d of %d live objects are governed: %s.", c.Summary.Governed, c.Summary.Live, c.Summary.Percent())
}

// writeCoverage prints the document of the coverage command. Lists are never null.
func (d *Document) writeCoverage(w io.Writer) error {
	d.Fill()
	c := d.Coverage
	if c == nil { // it failed before anything was counted
		c = &Coverage{}
	}
	if c.Scopes == nil {
		c.Scopes = []ScopeCoverage{}
	}
	return encode(w, struct {
		FormatVersion string `json:"formatVersion"`
		Command       string `json:"command"`
		*Coverage
		Diagnostics spec.Diagnostics `json:"diagnostics"`
		Errors      []string         `json:"errors"`
		Stats       Stats            `json:"stats"`
		Shard       *Shard           `json:"shard,omitempty"`
	}{d.FormatVersion, d.Command, c, d.Diagnostics, d.Errors, d.Stats, d.Shard})
}
