package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// StreamVpcPeering operations: listGroupStreamVpcPeeringConnections (of one account),
// listGroupStreamActiveVpcPeeringConnections for export,
// acceptGroupStreamVpcPeeringConnection, deleteGroupStreamVpcPeeringConnection. Nothing makes one: the
// other side asks for it.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "StreamVpcPeering", Section: "streamVpcPeerings", Parent: "Project",
		Doc:        "A peering of one of your VPCs with that of the project's stream processing. Your side asks for it in AWS; declared, it is accepted.",
		Key:        []string{"requesterAccountId", "requesterVpcId"},
		Params:     map[string]string{"requesterAccountId": "requesterAccountId", "id": "/_id"},
		IdentAt:    "/_id",
		Role:       "Project Owner",
		DeleteNote: "Connections over it break; your side has to ask again.",
		Lapse:      &spec.Lapse{At: "/localStatus", Values: []string{"REQUEST_REJECT", "REJECT_REQUESTED", "REQUEST_DELETE", "DELETE_REQUESTED"}, What: "deletion"},
		Failure:    &spec.Failure{At: "/localStatus", Values: []string{"SCAN_FAILED", "UPDATE_FAILED"}, Reason: "/statusMessage"},
		Constraints: []spec.Constraint{{At: "accepted", CEL: "!has(self.accepted) || self.accepted",
			Message: "what is accepted is taken back by state: absent"}},
		Fields: []spec.Field{
			{Name: "requesterAccountId", ReadOnly: false, Required: true, Pattern: `^[0-9]{12}$`, Doc: "Your AWS account."},
			{Name: "requesterVpcId", ReadOnly: false, Required: true, Pattern: `^vpc-`, Doc: "Your VPC."},
			{Name: "accepted", Type: spec.Bool, Wire: "/localStatus", True: "ACTIVE|ACCEPT_REQUESTED|REQUEST_ACCEPT", Required: true, Doc: "true: that your side asked is accepted."},
			{Name: "accepterAccountId", ReadOnly: true, Output: true, Doc: "Atlas's account."},
			{Name: "accepterVpcId", ReadOnly: true, Output: true, Doc: "And its VPC."},
			{Name: "accepterCidr", ReadOnly: true, Output: true, Doc: "And its block, which your routes lead to."},
			{Name: "name", ReadOnly: true, Output: true, Doc: "The peering, as AWS shows it."},
			{Name: "requesterCidr", ReadOnly: true, Doc: "Your VPC's block."},
			{Name: "cloudStatus", ReadOnly: true, Doc: "How far AWS is with it."},
		},
		Omit: map[string]string{
			"/_id":            "the id",
			"/expirationTime": "until when it waits",
			"/groupId":        "the project",
			"/statusMessage":  "told as the failure",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/streams/vpcPeeringConnections", Version: "2023-02-01", Paged: true,
			Ask: map[string]string{"requesterAccountId": "requesterAccountId"}},
		Across: &spec.Across{Param: "requesterAccountId", At: "/requesterAccountId",
			Read: spec.Read{Route: "GET /groups/{groupId}/streams/activeVpcPeeringConnections", Version: "2024-11-13", Paged: true}},
		Update: []spec.Call{{Route: "POST /groups/{groupId}/streams/vpcPeeringConnections/{id}:accept", Version: "2023-02-01",
			When: &spec.When{Field: "accepted", Is: true}, Idempotent: true,
			Body: spec.Body{Set: map[string]spec.Expr{"/requesterAccountId": {Field: "requesterAccountId"}, "/requesterVpcId": {Field: "requesterVpcId"}}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/streams/vpcPeeringConnections/{id}", Version: "2023-02-01"}},
		Untested: map[string]string{
			"export": "nothing in the API makes one", "part": "nothing in the API makes one", "leaves": "nothing in the API makes one",
		},
	}
})
