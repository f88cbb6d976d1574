package sandbox

import (
	"encoding/json"
	"slices"
	"time"
)

var eventsPart = part{
	id: "events", name: "Events", scope: perUser,
	operations: []operation{
		{id: "listGroupEvents", method: "GET", path: "/groups/{groupId}/events", versions: oldest, may: projectReadOnly, status: 200, handle: listProjectEvents},
		{id: "getGroupEvent", method: "GET", path: "/groups/{groupId}/events/{eventId}", versions: oldest, may: projectReadOnly, status: 200, handle: getProjectEvent},
		{id: "listOrgEvents", method: "GET", path: "/orgs/{orgId}/events", versions: oldest, may: orgMember, status: 200, handle: listOrgEvents},
		{id: "getOrgEvent", method: "GET", path: "/orgs/{orgId}/events/{eventId}", versions: oldest, may: orgMember, status: 200, handle: getOrgEvent},
	},
}

type eventView struct {
	ID         string    `json:"id"`
	Type       string    `json:"eventTypeName"`
	Created    string    `json:"created"`
	Org        string    `json:"orgId"`
	Project    string    `json:"groupId,omitempty"`
	KeyID      string    `json:"apiKeyId,omitempty"`
	PublicKey  string    `json:"publicKey"` // a service account's client id stands here too
	From       string    `json:"remoteAddress,omitempty"`
	GlobalUser bool      `json:"isGlobalAdmin"`
	Username   string    `json:"targetUsername,omitempty"`
	Team       string    `json:"teamId,omitempty"`
	Raw        *rawEvent `json:"raw,omitempty"`
	Links      []link    `json:"links"`
}

type rawEvent struct {
	Type    string `json:"_t"`
	ID      string `json:"id"`
	Created string `json:"cre"`
	Project string `json:"cid,omitempty"`
	Org     string `json:"orgId"`
	Name    string `json:"gn,omitempty"` // of the project
}

func (e *event) view(raw bool) any {
	v := eventView{
		ID: e.ID, Type: e.Type, Created: stamp(e.At), Org: e.Org, Project: e.Project,
		KeyID: e.KeyID, PublicKey: e.By, From: e.From, Username: e.Username, Team: e.Team, Links: []link{},
	}
	if raw {
		v.Raw = &rawEvent{e.Type, e.ID, v.Created, e.Project, e.Org, e.ProjectName}
	}
	if e.More == nil {
		return v
	}
	var all map[string]any
	if err := json.Unmarshal([]byte(jsonOf(v)), &all); err != nil {
		panic(err) // it has just become JSON
	}
	for name, value := range e.More {
		all[name] = value
	}
	return all
}

func (c *call) orgEvents() ([]*event, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	return c.world.eventsWhere(func(e *event) bool { return e.Org == org.ID && eventTypes[e.Type].org }), nil
}

func (c *call) projectEvents() ([]*event, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return c.world.eventsWhere(func(e *event) bool { return e.Project == p.ID && eventTypes[e.Type].project }), nil
}

// eventsWhere lists the newest first.
func (w *world) eventsWhere(is func(*event) bool) []*event {
	var found []*event
	for _, e := range slices.Backward(w.Events) {
		if is(e) {
			found = append(found, e)
		}
	}
	return found
}

func listOrgEvents(c *call) (any, error) {
	all, err := c.orgEvents()
	if err != nil {
		return nil, err
	}
	return c.eventPage(all)
}

func listProjectEvents(c *call) (any, error) {
	all, err := c.projectEvents()
	if err != nil {
		return nil, err
	}
	if excluded := c.list("excludedEventType"); excluded != nil {
		all = slices.DeleteFunc(all, func(e *event) bool { return slices.Contains(excluded, e.Type) })
	}
	if names := c.list("clusterNames"); names != nil {
		all = slices.DeleteFunc(all, func(e *event) bool { return !slices.Contains(names, e.Cluster) })
	}
	return c.eventPage(all)
}

// eventPage applies the filters that both lists have.
func (c *call) eventPage(all []*event) (any, error) {
	since, err := c.date("minDate")
	if err != nil {
		return nil, err
	}
	until, err := c.date("maxDate")
	if err != nil {
		return nil, err
	}
	raw, err := c.flag("includeRaw", false)
	if err != nil {
		return nil, err
	}
	types := c.list("eventType")
	all = slices.DeleteFunc(all, func(e *event) bool {
		return types != nil && !slices.Contains(types, e.Type) ||
			!since.IsZero() && e.At.Before(since) || !until.IsZero() && e.At.After(until)
	})
	return page(c, all, func(e *event) any { return e.view(raw) })
}

// date reads a time of the query, zero if it is not there.
func (c *call) date(name string) (time.Time, error) {
	text := c.query.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fail(400, "INVALID_QUERY_PARAMETER", "query parameter %s must be a time such as 2026-01-31T12:00:00Z", name)
}

func getOrgEvent(c *call) (any, error) {
	all, err := c.orgEvents()
	if err != nil {
		return nil, err
	}
	return c.oneEvent(all)
}

func getProjectEvent(c *call) (any, error) {
	all, err := c.projectEvents()
	if err != nil {
		return nil, err
	}
	return c.oneEvent(all)
}

func (c *call) oneEvent(all []*event) (any, error) {
	raw, err := c.flag("includeRaw", false)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.ID == c.param("eventId") {
			return e.view(raw), nil
		}
	}
	return nil, fail(404, "EVENT_NOT_FOUND", "no event with id %s exists", c.param("eventId"))
}
