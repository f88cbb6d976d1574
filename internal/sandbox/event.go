package sandbox

import (
	"cmp"
	"net"
	"slices"
	"time"
)

// An event is one thing that a request did: who, when, what. Each operation
// that Atlas has a type of event for names it beside its route; a handler that
// knows better says so with happened.
type event struct {
	ID       string    `json:"id"`
	Type     string    `json:"type"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`              // client id or public key
	KeyID    string    `json:"keyId,omitempty"` // of an API key
	From     string    `json:"from,omitempty"`  // the address
	Org      string    `json:"org"`
	Project  string    `json:"project,omitempty"`
	Username string    `json:"username,omitempty"` // whom it was done to
	Team     string    `json:"team,omitempty"`
	Cluster  string    `json:"cluster,omitempty"` // what clusterNames finds it by
	// ProjectName is what the project was called then.
	ProjectName string `json:"projectName,omitempty"`
	// More are members of its answer that only events of its type have.
	More map[string]string `json:"more,omitempty"`
}

// maxEvents is how many events are kept: the newest.
const maxEvents = 10_000

func (w *world) log(e *event) {
	w.Events = append(w.Events, e)
	if len(w.Events) > maxEvents {
		w.Events = slices.Clone(w.Events[len(w.Events)-maxEvents:])
	}
}

// An about is what an event of a request would be about. The lookups of the
// path's objects fill it, and the handlers of what they create.
type about struct {
	org, project, team, username string
	projectName, cluster         string
	more                         map[string]string
}

// An occurrence is an event that is not written down yet.
type occurrence struct {
	kind  string // its type
	about about
}

// happened tells that the request did something that has a type of event, to
// what the call is about at this moment.
func (c *call) happened(kind string) { c.events = append(c.events, occurrence{kind, c.about}) }

// tell adds a member to what the events of a request tell.
func (c *call) tell(name, value string) {
	more := map[string]string{name: value}
	for name, value := range c.about.more {
		if more[name] == "" {
			more[name] = value
		}
	}
	c.about.more = more
}

// logEvents keeps what happened, for the operation's own type if the handler
// said nothing else.
func (c *call) logEvents(usual string) {
	if usual == "" {
		usual = usualEvents[c.id]
	}
	if len(c.events) == 0 && usual != "" {
		c.happened(usual)
	}
	who := c.principal()
	// Settings come in no order.
	slices.SortStableFunc(c.events, func(a, b occurrence) int { return cmp.Compare(a.kind, b.kind) })
	for _, o := range c.events {
		if o.kind == nothing {
			continue
		}
		e := &event{
			ID: newID(c.now), Type: o.kind, At: c.now, By: who.id, KeyID: who.keyID, From: c.address(),
			Org: o.about.org, Project: o.about.project, More: o.about.more, ProjectName: o.about.projectName,
			Cluster: cmp.Or(o.about.cluster, c.param("clusterName")),
		}
		switch eventTypes[o.kind].about {
		case aUser:
			e.Username = o.about.username
		case aTeam:
			e.Team = o.about.team
		}
		c.world.log(e)
		c.changed(change{Event: e})
	}
}

// nothing is for happened: the operation did not do what it usually does.
const nothing = ""

// address is where the request came from, if it is of the form that the API
// shows.
func (c *call) address() string {
	host, _, err := net.SplitHostPort(c.request.RemoteAddr)
	if ip := net.ParseIP(host); err != nil || ip == nil || ip.To4() == nil {
		return ""
	}
	return host
}
