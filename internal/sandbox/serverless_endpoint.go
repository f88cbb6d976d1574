package sandbox

import (
	"slices"
	"strings"
	"time"
)

// The states of a private endpoint. Those in which Atlas works pass into the
// next one on a later read.
const (
	endpointRequested  = "RESERVATION_REQUESTED"
	endpointReserved   = "RESERVED"
	endpointInitiating = "INITIATING"
	endpointAvailable  = "AVAILABLE"
	endpointFailed     = "FAILED"
	endpointDeleting   = "DELETING"
)

// brokenEndpoint ends the one AWS id that never works, so that failure can be
// tried.
var brokenEndpoint = strings.Repeat("0", 17)

type serverlessEndpoint struct {
	ID      string    `json:"id"`
	Comment string    `json:"comment"`
	CloudID string    `json:"cloudProviderEndpointId,omitempty"`
	IP      string    `json:"privateEndpointIpAddress,omitempty"`
	Service string    `json:"endpointServiceName"`
	Status  string    `json:"status"`
	Error   string    `json:"errorMessage,omitempty"`
	Since   time.Time `json:"since"`
	Read    bool      `json:"read"` // whether the status has been seen
}

func (e *serverlessEndpoint) become(status string, now time.Time) {
	e.Status, e.Since, e.Read = status, now, false
}

// settle lets Atlas finish what it has had the time for.
func (e *serverlessEndpoint) settle(now time.Time, p pace) {
	if !p.over(e.Read, e.Since, now) {
		return
	}
	switch e.Status {
	case endpointRequested:
		e.become(endpointReserved, now)
	case endpointInitiating:
		if strings.HasSuffix(e.CloudID, brokenEndpoint) {
			e.Error = "the interface endpoint " + e.CloudID + " does not exist"
			e.become(endpointFailed, now)
			return
		}
		e.become(endpointAvailable, now)
	}
}

// progress is one read of an endpoint. It reports whether it is still there: a
// deleted one is shown once.
func (s *serverless) progress(e *serverlessEndpoint, now time.Time, p pace) bool {
	if e.Status == endpointDeleting && p.over(e.Read, e.Since, now) {
		s.Endpoints = slices.DeleteFunc(s.Endpoints, func(f *serverlessEndpoint) bool { return f == e })
		return false
	}
	e.settle(now, p)
	e.Read = true
	return true
}

type endpointView struct {
	ID       string `json:"_id"`
	Provider string `json:"providerName"`
	Comment  string `json:"comment,omitempty"`
	CloudID  string `json:"cloudProviderEndpointId,omitempty"`
	IP       string `json:"privateEndpointIpAddress,omitempty"`
	Link     string `json:"privateLinkServiceResourceId,omitempty"`
	Service  string `json:"endpointServiceName,omitempty"`
	Status   string `json:"status"`
	Error    string `json:"errorMessage,omitempty"`
}

func (e *serverlessEndpoint) view(s *serverless) any {
	v := endpointView{
		ID: e.ID, Provider: s.Provider, Comment: e.Comment, CloudID: e.CloudID, IP: e.IP,
		Status: e.Status, Error: e.Error,
	}
	if e.Status == endpointRequested {
		return v // Atlas names its service when it is reserved
	}
	v.Service = e.Service
	if s.Provider == "AZURE" {
		v.Link = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/atlas/providers/Microsoft.Network/privateLinkServices/" + e.Service
	}
	return v
}
