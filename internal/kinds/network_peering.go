package kinds

import (
	"fmt"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// NetworkPeering operations: listGroupPeers (one list a cloud), getGroupPeer,
// createGroupPeer, updateGroupPeer (on AWS alone, the whole peering),
// deleteGroupPeer. Two sides make one: Atlas asks, and somebody accepts in the other
// account.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "NetworkPeering", Section: "networkPeerings", Parent: "Project", Variant: "providerName",
		Doc:    "A peering of the project's network in a cloud with one of yours.",
		Key:    []string{"providerName", "awsAccountId|azureSubscriptionId|gcpProjectId", "vpcId|vnetName|networkName"},
		Ident:  "id",
		Params: map[string]string{"peerId": "/id"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"PEER_CREATED", "AZURE_PEER_CREATED", "GCP_PEER_CREATED"}, Changed: []string{"PEER_UPDATED", "AZURE_PEER_UPDATED", "GCP_PEER_UPDATED"},
			Gone: []string{"PEER_DELETED", "AZURE_PEER_DELETED", "GCP_PEER_DELETED"}},
		NamesNotUnique: true,
		Replaceable:    true,
		Lane:           &spec.Lane{Name: "peering", By: []string{"groupId"}},
		DeleteNote:     "Connections over it break; with the last one on AWS, security groups go from the access list.",
		Failure:        &spec.Failure{At: "/statusName|/status", Values: []string{"FAILED"}, Reason: "/errorStateName|/errorState|/errorMessage"},
		Lapse:          &spec.Lapse{At: "/statusName|/status", Values: []string{"TERMINATING", "DELETING"}, What: "deletion"},
		Blocks:         []spec.Block{{Of: "parent", While: spec.Cond{At: "/id", NotIn: []string{""}}, Why: "is in it"}},
		Outside: []spec.Outside{
			{What: "accept the peering connectionId in your AWS account, and route to the network's block", While: spec.Cond{At: "/statusName", Values: []string{"PENDING_ACCEPTANCE"}}},
			{What: "peer your network with the container's gcpProjectId and networkName", While: spec.Cond{At: "/status", Values: []string{"WAITING_FOR_USER"}}},
		},
		Fields: []spec.Field{
			{Name: "providerName", Required: true, Immutable: true, Doc: "The cloud."},
			{Name: "containerId", Required: true, Immutable: true, Pattern: `.`, Ref: &spec.Ref{Kind: "NetworkContainer", ByID: true, AnyID: true, Holds: true},
				Doc: "The project's network: cloud and region as networkContainers have them (AWS/US_EAST_1, GCP/GCP), or its id."},
			{Name: "accepterRegionName", For: []string{"AWS"}, Required: true, NotReturned: true, Derive: awsRegionOf("self.containerId"), Pattern: `^[a-z]+(-[a-z]+)+-[0-9]$`, Doc: "The region of your VPC, in AWS's spelling; by default the network's."},
			{Name: "awsAccountId", For: []string{"AWS"}, Required: true, Immutable: true, Doc: "Your AWS account."},
			{Name: "vpcId", For: []string{"AWS"}, Required: true, Immutable: true, Doc: "Your VPC."},
			{Name: "routeTableCidrBlock", For: []string{"AWS"}, Required: true, Norm: spec.CIDR, Doc: "The VPC's block."},
			{Name: "azureDirectoryId", For: []string{"AZURE"}, Required: true, Immutable: true, Norm: spec.Fold, Doc: "Your directory."},
			{Name: "azureSubscriptionId", For: []string{"AZURE"}, Required: true, Immutable: true, Norm: spec.Fold, Doc: "Your subscription."},
			{Name: "resourceGroupName", For: []string{"AZURE"}, Required: true, Immutable: true, Doc: "The resource group of your VNet."},
			{Name: "vnetName", For: []string{"AZURE"}, Required: true, Immutable: true, Doc: "Your VNet."},
			{Name: "gcpProjectId", For: []string{"GCP"}, Required: true, Immutable: true, Doc: "Your project in GCP."},
			{Name: "networkName", For: []string{"GCP"}, Required: true, Immutable: true, Doc: "Your network."},
			{Name: "connectionId", For: []string{"AWS"}, Output: true, Doc: "The peering, as AWS shows it to who accepts it."},
			{Name: "statusName", For: []string{"AWS"}, Doc: "How far it is."},
			{Name: "status", For: []string{"AZURE", "GCP"}, Doc: "How far it is."},
		},
		Omit: map[string]string{
			"/errorMessage":   "told as the failure",
			"/errorState":     "told as the failure",
			"/errorStateName": "told as the failure",
			"/id":             "the id",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/peers", Version: "2023-01-01", Paged: true,
			Over: &spec.Over{Param: "providerName", Values: []string{"AWS", "AZURE", "GCP"}}},
		Get: spec.Read{Route: "GET /groups/{groupId}/peers/{peerId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/peers", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}, Wait: peered()}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/peers/{peerId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay}, Wait: peered()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/peers/{peerId}", Version: "2023-01-01",
			Retry: []string{"PEER_ALREADY_REQUESTED_DELETION"},
			Wait:  &spec.Wait{Gone: true, Max: time.Hour}}},
	}
})

// peered waits until a peering stands, or somebody else has to act.
func peered() *spec.Wait {
	return &spec.Wait{At: "/statusName|/status", Until: []string{"AVAILABLE", "PENDING_ACCEPTANCE", "WAITING_FOR_USER"},
		Fail: []string{"FAILED"}, Error: "/errorStateName|/errorState|/errorMessage", Max: time.Hour}
}

// awsRegionOf is an expression for AWS's spelling of a container's region: Atlas leaves
// it out of answers where the other side's is the same.
func awsRegionOf(container string) string {
	var all []string
	for _, name := range strings.Fields(`US_EAST_1 US_EAST_2 US_WEST_1 US_WEST_2 CA_CENTRAL_1 CA_WEST_1 MX_CENTRAL_1 SA_EAST_1 EU_NORTH_1 EU_WEST_1
		EU_WEST_2 EU_WEST_3 EU_CENTRAL_1 EU_CENTRAL_2 EU_SOUTH_1 EU_SOUTH_2 AP_EAST_1 AP_EAST_2 AP_SOUTH_1 AP_SOUTH_2 AP_SOUTHEAST_1 AP_SOUTHEAST_2
		AP_SOUTHEAST_3 AP_SOUTHEAST_4 AP_SOUTHEAST_5 AP_SOUTHEAST_6 AP_SOUTHEAST_7 AP_NORTHEAST_1 AP_NORTHEAST_2 AP_NORTHEAST_3 CN_NORTH_1
		CN_NORTHWEST_1 ME_CENTRAL_1 ME_SOUTH_1 AF_SOUTH_1 IL_CENTRAL_1 US_GOV_WEST_1 US_GOV_EAST_1`) {
		all = append(all, fmt.Sprintf("'AWS/%s': '%s'", name, strings.ToLower(strings.ReplaceAll(name, "_", "-"))))
	}
	return "{" + strings.Join(all, ", ") + "}[" + container + "]"
}
