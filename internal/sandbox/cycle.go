package sandbox

import "time"

// A cycle are the states of an object. Atlas works in a state for as long as the
// sandbox's pace says, or until an answer has shown it; then next follows.
type cycle struct {
	// member shows the state in answers; "" leaves that to show.
	member string
	// The states to which a creation, an update and a removal lead. With
	// updated "" an update leaves the state alone; with removing "" a removed
	// object is gone at once.
	created, updated, removing string
	// next is what becomes of a state by itself; gone for an object that
	// vanishes. A state that is not in it stays.
	next map[string]string
	// becomes decides instead of next, "" for staying.
	becomes func(c *call, t *thing) string
	// reached changes a thing that has just come into its state by itself.
	reached func(c *call, t *thing)
}

// gone is the state after the last one.
const gone = "\x00gone"

// passed brings a thing to the state in which it is now, nil if it has gone or
// expired. It never changes t: what comes back is a copy if anything is different.
func (c *call) passed(r *resource, t *thing) *thing {
	if r.expires != "" {
		if at := instant(t.text(r.expires)); !at.IsZero() && !at.After(c.now) {
			return nil
		}
	}
	if r.cycle == nil {
		return t
	}
	for copied := false; ; {
		to := r.cycle.follows(c, t)
		if to == "" || !c.server.pace().over(t.Seen, t.Since, c.now) {
			return t
		}
		if to == gone {
			return nil
		}
		since := t.Since.Add(c.server.pace().lasts)
		if since.After(c.now) {
			since = c.now // it was read before the time was over
		}
		if !copied {
			t, copied = t.clone(), true
		}
		t.become(to, since)
		if r.cycle.reached != nil {
			r.cycle.reached(c, t)
		}
	}
}

func (k *cycle) follows(c *call, t *thing) string {
	if k.becomes != nil {
		return k.becomes(c, t)
	}
	return k.next[t.State]
}

// A pace is how fast states pass in which Atlas works.
type pace struct {
	lasts time.Duration
	reads bool // a read ends one too
}

func (s *Server) pace() pace {
	if s.options.Pace > 0 {
		return pace{lasts: s.options.Pace}
	}
	return pace{lasts: 200 * time.Millisecond, reads: true}
}

// over says whether a state has passed.
func (p pace) over(seen bool, since, now time.Time) bool {
	return p.reads && seen || now.Sub(since) >= p.lasts
}
