package sandbox

import "strings"

// peers are connections of a project's networks with those of its users. Somebody
// accepts one in the other account, which the sandbox has to be told: see
// answerPeer. On GCP a peering waits for a peering from the other side.
var peers = &resource{
	name: "peers",
	list: "listGroupPeers", get: "getGroupPeer", create: "createGroupPeer", update: "updateGroupPeer", remove: "deleteGroupPeer",
	id: "id", params: []string{"peerId=id"},
	missing: "PEER_NOT_FOUND",
	cycle: &cycle{
		created: peerBegun, removing: peerEnding, updated: "",
		next:    map[string]string{peerEnding: gone},
		becomes: peerBecomes,
	},
	prepare: func(c *call, old *thing, body map[string]any) error {
		if old == nil && body["providerName"] == nil {
			body["providerName"] = onAWS
		}
		if old != nil && old.text("providerName") != onAWS {
			return fail(400, "INVALID_ATTRIBUTE", "Only peerings on AWS can be changed.")
		}
		if old != nil && body["vpcId"] != nil && body["vpcId"] != old.Fields["vpcId"] {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute vpcId specified.")
		}
		if id := textOf(body, "containerId"); id != "" && networkNamed(c, id) == nil {
			return fail(404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND", "No container %s exists in the project.", id)
		}
		return nil
	},
	check: func(c *call, old, t *thing) error {
		if old != nil && old.State == peerEnding {
			return fail(409, "PEER_ALREADY_REQUESTED_DELETION", "The peering is already being deleted.")
		}
		network := networkNamed(c, t.text("containerId"))
		if network != nil && network.text("providerName") != t.text("providerName") {
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute containerId specified.")
		}
		return nil
	},
	removable: func(_ *call, t *thing) error {
		if t.State == peerEnding {
			return fail(409, "PEER_ALREADY_REQUESTED_DELETION", "The peering is already being deleted.")
		}
		return nil
	},
	eventsOf: func(t *thing) [3]string {
		cloud := map[string]string{onAzure: "AZURE_", onGCP: "GCP_"}[t.text("providerName")]
		return [3]string{cloud + "PEER_CREATED", cloud + "PEER_UPDATED", cloud + "PEER_DELETED"}
	},
	show:   showPeer,
	filter: func(c *call, t *thing) bool { return t.text("providerName") == c.provider() },
	blocks: "CANNOT_CLOSE_GROUP_ACTIVE_PEERING_CONNECTIONS",
}

// The states of a peering, as answers of AWS spell them.
const (
	peerBegun    = "INITIATING"
	peerWaiting  = "PENDING_ACCEPTANCE"
	peerFinal    = "FINALIZING"
	peerThere    = "AVAILABLE"
	peerRejected = "FAILED"
	peerEnding   = "TERMINATING"
)

func peerBecomes(_ *call, t *thing) string {
	switch {
	case t.State == peerEnding:
		return gone
	case t.State == peerFinal:
		return peerThere
	case t.State != peerBegun:
		return ""
	case t.text("providerName") == onAzure:
		return peerThere
	}
	return peerWaiting
}

// showPeer tells the state in the words of the cloud. A region that is the
// network's own is left out.
func showPeer(c *call, t *thing, v map[string]any) {
	if t.text("providerName") != onAWS {
		v["status"] = map[string]string{peerBegun: "ADDING_PEER", peerWaiting: "WAITING_FOR_USER", peerFinal: "ADDING_PEER", peerEnding: "DELETING"}[t.State]
		if v["status"] == "" {
			v["status"] = t.State
		}
		return
	}
	v["statusName"] = t.State
	if t.State == peerRejected {
		v["errorStateName"] = "REJECTED"
	}
	if t.State != peerBegun {
		v["connectionId"] = "pcx-" + t.text("id")[:17]
	}
	if network := networkNamed(c, t.text("containerId")); network != nil && awsRegion(network.text("regionName")) == awsRegion(t.text("accepterRegionName")) {
		delete(v, "accepterRegionName")
	}
}

// awsRegion is how AWS spells a region.
func awsRegion(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

func networkNamed(c *call, id string) *thing {
	for _, t := range c.things("containers") {
		if t.text("id") == id {
			return t
		}
	}
	return nil
}

// answerPeer is what happens in the other account: a peering is accepted or rejected there.
func answerPeer(c *call) (any, error) {
	body, err := decode[struct {
		Accepted bool `json:"accepted"`
	}](c, object{"accepted": required(boolean{})})
	if err != nil {
		return nil, err
	}
	for _, t := range c.things("peers") {
		if t.text("id") != c.param("peerId") || t.State != peerWaiting {
			continue
		}
		next := t.clone()
		next.become(map[bool]string{true: peerFinal, false: peerRejected}[body.Accepted], c.now)
		c.write("peers", next)
		return next.Fields, nil
	}
	return nil, fail(404, "PEER_NOT_FOUND", "No peering %s waits to be accepted.", c.param("peerId"))
}
