package sandbox

import "time"

// streamPeerings are what other accounts have asked stream processing for. No
// operation makes one: see askForPeering, and the seed's streamVpcRequest.
var streamPeerings = &resource{
	name: "streamPeerings",
	list: "listGroupStreamVpcPeeringConnections", lists: []string{"listGroupStreamActiveVpcPeeringConnections"},
	remove: "deleteGroupStreamVpcPeeringConnection",
	actions: []action{
		{operation: "acceptGroupStreamVpcPeeringConnection", do: answerStreamPeering("REQUEST_ACCEPT")},
		{operation: "rejectGroupStreamVpcPeeringConnection", do: answerStreamPeering("REQUEST_REJECT")},
	},
	id: "_id", params: []string{"id=_id"},
	missing: "STREAM_VPC_PEERING_CONNECTION_NOT_FOUND",
	cycle: &cycle{
		removing: "REQUEST_DELETE",
		next: map[string]string{"REQUEST_ACCEPT": "ACCEPT_REQUESTED", "ACCEPT_REQUESTED": "ACTIVE",
			"REQUEST_REJECT": "REJECT_REQUESTED", "REJECT_REQUESTED": gone, "REQUEST_DELETE": "DELETE_REQUESTED", "DELETE_REQUESTED": gone},
	},
	show: func(_ *call, t *thing, v map[string]any) {
		v["localStatus"], v["cloudStatus"] = t.State, "pending-acceptance"
		if t.State == "ACTIVE" {
			v["cloudStatus"] = "active"
		}
	},
	filter: func(c *call, t *thing) bool {
		if c.id == "listGroupStreamActiveVpcPeeringConnections" {
			return t.State == "ACTIVE" || t.State == "ACCEPT_REQUESTED" || t.State == "REQUEST_ACCEPT"
		}
		return t.text("requesterAccountId") == c.query.Get("requesterAccountId")
	},
}

func answerStreamPeering(state string) func(*call, *thing, map[string]any) (any, error) {
	return func(c *call, t *thing, body map[string]any) (any, error) {
		for _, name := range []string{"requesterAccountId", "requesterVpcId"} {
			if sent := textOf(body, name); sent != "" && sent != t.text(name) {
				return nil, fail(404, "STREAM_VPC_PEERING_CONNECTION_NOT_FOUND", "No such VPC peering was asked for.")
			}
		}
		if t.State == "NONE" {
			t.become(state, c.now)
		}
		return map[string]any{}, nil
	}
}

// streamRequest is a peering that an account has asked for.
func streamRequest(project, account, vpc string, now time.Time) *thing {
	id := newID(now)
	t := &thing{Key: id, Made: now, Fields: map[string]any{
		"_id": id, "groupId": project, "name": "pcx-" + id[:17], "requesterAccountId": account, "requesterVpcId": vpc, "requesterCidr": "172.31.0.0/16",
		"accepterAccountId": "100000000001", "accepterVpcId": "vpc-" + id[7:], "accepterCidr": "192.168.248.0/21", "expirationTime": stamp(now.AddDate(0, 0, 7)),
	}}
	t.become("NONE", now)
	return t
}

// askForPeering is what happens in the other account: somebody asks for a peering.
func askForPeering(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	body, err := decode[struct {
		Account string `json:"requesterAccountId"`
		VPC     string `json:"requesterVpcId"`
	}](c, object{"requesterAccountId": required(anyText), "requesterVpcId": required(anyText)})
	if err != nil {
		return nil, err
	}
	t := streamRequest(p.ID, body.Account, body.VPC, c.now)
	c.write("streamPeerings", t)
	return t.Fields, nil
}
