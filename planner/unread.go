package planner

import (
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Fail records that a list could not be read: why is an error of its own.
func (l *Live) Fail(k *spec.Kind, params Params) {
	path, _ := ListKey(k, params)
	l.fail(path)
}

// FailAcross records that it could not be read which lists of a kind there are.
func (l *Live) FailAcross(k *spec.Kind, parent Params) {
	path, _ := Fill(k.Across.Read.Route, parent)
	l.fail(path)
}

// BreakOff records that reading has ended before all was read.
func (l *Live) BreakOff() { l.fail("") }

func (l *Live) fail(path string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed[path] = true
}

func (l *Live) hasFailed(path string, err error) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.failed[""] || err == nil && l.failed[path]
}

// failedBehind tells whether a read that failed is why nothing is known of a
// resource.
func (l *Live) failedBehind(r *spec.Resource) bool {
	for ; r != nil; r = r.Parent {
		if l.hasFailed(ListKey(r.Kind, l.ListParams(r))) {
			return true
		}
	}
	return false
}

// unread reports a resource of which nothing is known. To do nothing would be
// to say that it is as declared.
func (p *planning) unread(r *spec.Resource) {
	if !p.live.failedBehind(r) {
		p.errorf(r.Source(r.Kind.KeyFields()...), "please report this: it is a mistake of this program", "%s: it was not read", r.Address)
	}
}

// listed returns the lists of what is live in a section, as far as they were
// read. One that was needed and was not is an error, as for a resource.
func (p *planning) listed(sec *spec.Section) []*Listing {
	parent := p.live.Find(sec.Parent)
	if parent.Object == nil {
		if parent.Unread && len(sec.Resources) == 0 && !p.live.failedBehind(sec.Parent) {
			p.unreadSection(sec)
		}
		return nil
	}
	params := p.live.Params(sec.Parent)
	if k := sec.Kind; k.Across != nil && (!sec.Wide || p.live.hasFailed(Fill(k.Across.Read.Route, params))) {
		return nil
	}
	var out []*Listing
	for _, list := range p.live.Lists(sec.Kind, params) {
		listing, ok := p.live.Listing(sec.Kind, list)
		switch {
		case ok:
			out = append(out, listing)
		case !p.live.hasFailed(ListKey(sec.Kind, list)):
			p.unreadSection(sec)
		}
	}
	return out
}

func (p *planning) unreadSection(sec *spec.Section) {
	p.errorf(sec.Source, "please report this: it is a mistake of this program", "%s: its %s were not read", sec.Parent.Address, sec.Kind.Section)
}
