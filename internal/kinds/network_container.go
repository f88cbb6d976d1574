package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// NetworkContainer operations: listGroupContainerAll, getGroupContainer,
// createGroupContainer, updateGroupContainer (wants cloud, block and region together),
// deleteGroupContainer. A cluster makes the one that it needs by itself.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "NetworkContainer", Section: "networkContainers", Parent: "Project", Variant: "providerName",
		Doc:    "The project's network in a region of a cloud (on GCP in all). Declare it before the first cluster there: Atlas then takes it, and its block cannot change any more.",
		Key:    []string{"providerName", "regionName|region|providerName"},
		Params: map[string]string{"containerId": "/id"},
		Role:   "Project Owner",
		Events: &spec.Events{Changed: []string{"CONTAINER_SUBNETS_UPDATE_REQUESTED"}, Gone: []string{"CONTAINER_DELETED"}},
		Blocks: []spec.Block{
			{Of: "delete", While: spec.Cond{At: "/provisioned", Values: []string{"true"}}, Why: "holds clusters or peerings", By: []string{"Cluster", "NetworkPeering"}},
			{Of: "change", While: spec.Cond{At: "/provisioned", Values: []string{"true"}}, Why: "holds clusters or peerings, so that Atlas does not change it"},
		},
		Fields: []spec.Field{
			{Name: "providerName", Required: true, Immutable: true, Enum: []string{"AWS", "AZURE", "GCP"}, Doc: "The cloud."},
			{Name: "regionName", For: []string{"AWS"}, Required: true, Immutable: true, OpenEnum: true, Doc: "The region, in Atlas's spelling."},
			{Name: "region", For: []string{"AZURE"}, Required: true, Immutable: true, OpenEnum: true, Doc: "The region, in Atlas's spelling."},
			{Name: "regions", Type: spec.Set, For: []string{"GCP"}, Required: false, OpenEnum: true, Doc: "The regions that it is for; left out, all."},
			{Name: "atlasCidrBlock", Norm: spec.CIDR, Pattern: `/[0-9]+$`, Doc: "Its private block: /21 to /24 on AWS, where Atlas can choose it, and on Azure, /18 or wider on GCP."},
			{Name: "vpcId", For: []string{"AWS"}, Output: true, Doc: "The VPC."},
			{Name: "azureSubscriptionId", For: []string{"AZURE"}, Output: true, Doc: "Atlas's subscription."},
			{Name: "vnetName", For: []string{"AZURE"}, Output: true, Doc: "The VNet."},
			{Name: "gcpProjectId", For: []string{"GCP"}, Output: true, Doc: "Atlas's project in GCP, which your network peers with."},
			{Name: "networkName", For: []string{"GCP"}, Output: true, Doc: "And its network."},
		},
		Omit: map[string]string{
			"/id":          "the id",
			"/provisioned": "guards changes and the deletion",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/containers/all", Version: "2023-01-01", Paged: true,
			Only: &spec.Cond{At: "/providerName", Values: []string{"AWS", "AZURE", "GCP"}}},
		Get: spec.Read{Route: "GET /groups/{groupId}/containers/{containerId}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/containers", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/containers/{containerId}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/containers/{containerId}", Version: "2023-01-01",
			// Its last cluster leaves it some minutes after it has gone.
			Retry: []string{"CONTAINERS_IN_USE"}}},
	}
})
