package report

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Shard says of which part of the files a document is, and what it takes to
// merge it with those of the others.
type Shard struct {
	Index    int       `json:"index"`             // 0: the organizations'
	Of       int       `json:"of,omitempty"`      // how many share the projects, if that is known
	ExitCode int       `json:"exitCode"`          // of the run
	Ended    time.Time `json:"ended"`             // when the run ended
	Tool     string    `json:"tool"`              // the program's version
	Files    string    `json:"files,omitempty"`   // the SHA-256 of what the files say; "" if they could not be read
	BaseURL  string    `json:"baseURL,omitempty"` // where Atlas is; "" if that was not asked
	// Chosen are the flags that let the run look at less than all, or accept what it finds.
	Chosen []string `json:"chosen,omitempty"`
	// What the run was told that tells success from failure.
	FailOn    []planner.Class `json:"failOn,omitempty"`    // drift
	Unmanaged spec.Watch      `json:"unmanaged,omitempty"` // drift
	FailUnder float64         `json:"failUnder,omitempty"` // coverage, in percent
}

// Part returns the shard as --shard takes it.
func (s *Shard) Part() spec.Shard { return spec.Shard{Index: s.Index, Of: s.Of} }
