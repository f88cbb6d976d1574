package sandbox_test

import "testing"

// Requests and answers of a service call the cloud and the region by other names;
// its endpoints are told by it alone.
func TestPrivateEndpointServices(t *testing.T) {
	a := acme(t)
	path := a.in("/privateEndpoint")
	made := a.post(path+"/endpointService", `{"providerName":"AWS","region":"EU_WEST_1"}`).want(200)
	equal(t, made.at("status")+made.at("regionName")+made.at("endpointServiceName"), "INITIATINGEU_WEST_1")
	a.post(path+"/endpointService", `{"providerName":"AWS","region":"EU_WEST_1"}`).want(409, "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION")
	a.post(path+"/endpointService", `{"providerName":"AWS","region":"eu-west-2"}`).want(400)
	one := path + "/AWS/endpointService/" + made.at("id")
	for a.get(one).at("status") == "INITIATING" {
	}
	a.patch(path+"/endpointService/"+made.at("id"), `{"cloudProvider":"AWS","supportedRemoteRegions":["EU_WEST_1"]}`).want(400, "CROSS_REGION_PRIVATE_LINK_SELF_REGION")
	a.patch(path+"/endpointService/"+made.at("id"), `{"cloudProvider":"AWS","supportedRemoteRegions":["EU_WEST_2"]}`).want(200)
	equal(t, a.get(path+"/AZURE/endpointService").body, "[]\n")

	const id = "vpce-0a1b2c3d4e5f60718"
	end := a.post(one+"/endpoint", `{"id":"`+id+`"}`).want(200)
	equal(t, end.at("connectionStatus")+end.at("interfaceEndpointId"), "PENDING"+id)
	equal(t, a.get(one).at("interfaceEndpoints.0"), id)
	a.post(one+"/endpoint", `{"id":"`+id+`"}`).want(409)
	for a.get(one+"/endpoint/"+id).at("connectionStatus") == "PENDING" {
	}
	equal(t, a.get(one+"/endpoint/"+id).at("connectionStatus"), "AVAILABLE")
	a.delete(one).want(400)
	a.delete(one + "/endpoint/" + id).want(204)
	equal(t, a.get(one+"/endpoint/"+id).at("deleteRequested"), "true")
}

func TestPrivateEndpointsOnAzure(t *testing.T) {
	a := acme(t)
	path := a.in("/privateEndpoint")
	made := a.post(path+"/endpointService", `{"providerName":"AZURE","region":"EUROPE_NORTH"}`).want(200)
	one := path + "/AZURE/endpointService/" + made.at("id") + "/endpoint"
	const id = "/subscriptions/91402384-d71e-22f5-22dd-759e272cdc1c/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/atlas"
	a.post(one, `{"id":"`+id+`"}`).want(400)
	a.post(one, `{"id":"`+id+`","privateEndpointIPAddress":"10.0.0.4"}`).want(200)
	const escaped = "%2Fsubscriptions%2F91402384-d71e-22f5-22dd-759e272cdc1c%2Fresourcegroups%2Fnetwork%2Fproviders%2FMicrosoft.Network%2FprivateEndpoints%2Fatlas"
	equal(t, a.get(one+"/"+escaped).want(200).at("privateEndpointResourceId"), id)
}

// What a request says once is told from then on.
func TestPrivateEndpointServicesTell(t *testing.T) {
	a := acme(t)
	path := a.in("/privateEndpoint")
	aws := a.post(path+"/endpointService", `{"providerName":"AWS","region":"EU_WEST_1","supportedRemoteRegions":["EU_WEST_2"]}`).want(200)
	equal(t, aws.at("supportedRemoteRegions.0"), "EU_WEST_2")
	gcp := a.post(path+"/endpointService", `{"providerName":"GCP","region":"EASTERN_US","portMappingEnabled":true}`).want(200)
	equal(t, gcp.at("portMappingEnabled"), "true")
	a.patch(path+"/endpointService/"+aws.at("id"), `{"cloudProvider":"AWS","supportedRemoteRegions":[]}`).want(200)
	equal(t, a.get(path+"/AWS/endpointService/"+aws.at("id")).at("supportedRemoteRegions"), "0")
}

func TestPrivateEndpointsOnGCP(t *testing.T) {
	a := acme(t)
	path := a.in("/privateEndpoint")
	made := a.post(path+"/endpointService", `{"providerName":"GCP","region":"EASTERN_US","portMappingEnabled":true}`).want(200)
	one := path + "/GCP/endpointService/" + made.at("id") + "/endpoint"
	end := a.post(one, `{"endpointGroupName":"atlas","gcpProjectId":"acme-payments","endpoints":[{"endpointName":"atlas","ipAddress":"10.128.0.5"}]}`).want(200)
	equal(t, end.at("endpointGroupName")+end.at("gcpProjectId")+end.at("endpoints.0.ipAddress"), "atlasacme-payments10.128.0.5")
	equal(t, a.get(path+"/GCP/endpointService/"+made.at("id")).at("endpointGroupNames.0"), "atlas")
	a.get(one + "/atlas").want(200)
}
