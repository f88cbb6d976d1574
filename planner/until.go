package planner

import (
	"fmt"
	"math"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// notice is how long before the end of what is granted drift tells of it.
const notice = 14 * 24 * time.Hour

// endsSoon tells of a grant whose end is near: somebody has to decide whether it
// is to go on.
func (p *planning) endsSoon(r *spec.Resource) {
	if r.Until == "" {
		return
	}
	end, err := spec.EndOf(r.Until)
	left := end.Sub(p.opts.Now)
	if err != nil || left > notice {
		return
	}
	in := spec.Counted(int(math.Ceil(left.Hours()/24)), "day")
	if left <= 24*time.Hour {
		in = "a day"
	}
	at := r.Source("until")
	p.find(Finding{Class: Outside, Address: r.Address, Kind: r.Kind.Name, Path: "until", Source: &at,
		Message: fmt.Sprintf("ends within %s (until %s): apply then removes it, unless the file says a later day", in, r.Until)})
}

// Over says why a resource that files do not call absent is to go.
func Over(r *spec.Resource) string { return fmt.Sprintf("until %s is over", r.Until) }

func ended(r *spec.Resource) string {
	if r.Ended {
		return r.Until
	}
	return ""
}
