package sandbox_test

import (
	"strings"
	"testing"
)

// A creation answers all of them; one that is there gets another comment alone.
func TestDataFederationEndpoints(t *testing.T) {
	a := acme(t)
	path := a.in("/privateNetworkSettings/endpointIds")
	a.post(path, `{"endpointId":"vpce-0a1b2c3d4e5f60718","comment":"one"}`).want(201)
	a.post(path, `{"endpointId":"0a1b"}`).want(400)
	a.post(path, `{"endpointId":"vpce-1a1b2c3d4e5f60718","region":"US_EAST_1"}`).want(400)
	azure := "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe"
	all := a.post(path, `{"endpointId":"`+azure+`","provider":"AZURE","customerEndpointIPAddress":"10.0.0.4"}`).want(201)
	equal(t, all.each("results", "provider")+all.at("totalCount"), "AWS AZURE2")

	a.post(path, `{"endpointId":"vpce-0a1b2c3d4e5f60718","comment":"two","provider":"AWS"}`).want(201)
	equal(t, a.get(path+"/vpce-0a1b2c3d4e5f60718").want(200).at("status"), "PENDING")
	one := a.get(path + "/vpce-0a1b2c3d4e5f60718")
	equal(t, one.at("comment")+one.at("type")+one.at("status"), "twoDATA_LAKEOK")
	a.delete(path + "/" + strings.ReplaceAll(azure, "/", "%2F")).want(204)
	a.get(path + "/vpce-ffff").want(404)
}
