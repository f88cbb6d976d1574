package sandbox_test

import (
	"strings"
	"testing"
)

// A creation and an update name the region in two ways; failover regions are set once.
func TestStreamWorkspaces(t *testing.T) {
	a := acme(t)
	path := a.in("/streams")
	made := a.post(path, `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"},"streamConfig":{"tier":"SP10"}}`).want(200)
	equal(t, made.at("streamConfig.tier")+made.at("streamConfig.maxTierSize"), "SP10SP50")
	a.post(path, `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"}}`).want(409)
	a.post(path, `{"name":"x","dataProcessRegion":{"cloudProvider":"AWS","region":"nowhere"}}`).want(400)
	a.post(path, `{"name":"x"}`).want(400)
	one := path + "/w"
	a.patch(one, `{"dataProcessRegion":{"cloudProvider":"AWS","region":"OREGON_USA"}}`).want(400)
	equal(t, a.patch(one, `{"cloudProvider":"AWS","region":"OREGON_USA"}`).want(200).at("dataProcessRegion.region"), "OREGON_USA")
	failover := `"failoverRegions":[{"cloudProvider":"AWS","region":"OHIO_USA"}]`
	a.patch(one, `{"region":"OHIO_USA",`+failover+`}`).want(400)
	a.patch(one, `{`+failover+`,"streamConfig":{"maxTierSize":"SP30"}}`).want(200)
	a.patch(one, `{`+failover+`}`).want(200)
	a.patch(one, `{"failoverRegions":[]}`).want(400)
	equal(t, a.get(one).at("streamConfig.tier")+a.get(one).at("streamConfig.maxTierSize"), "SP10SP30")

	a.delete(one).want(202)
}

// Of each type of connection only its own members are taken; secrets are not shown.
func TestStreamConnections(t *testing.T) {
	a := acme(t)
	a.post(a.in("/streams"), `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"}}`).want(200)
	path := a.in("/streams/w/connections")
	kafka := `{"name":"k","type":"Kafka","bootstrapServers":"h:1","authentication":{"mechanism":"PLAIN","username":"u","password":"hush"},"config":{"auto.offset.reset":"earliest"}}`
	made := a.post(path, kafka).want(200)
	equal(t, made.at("state")+made.at("region")+made.at("networking.access.type"), "PENDINGVIRGINIA_USAPUBLIC")
	equal(t, made.at("authentication.username")+made.at("authentication"), "u2")
	a.post(path, kafka).want(409)
	a.post(path, `{"name":"x","type":"Https","bootstrapServers":"h:1"}`).want(400)
	a.post(path, `{"name":"x","type":"S3"}`).want(400)
	a.post(path, `{"name":"x"}`).want(400)
	a.post(path, `{"name":"s3","type":"S3","aws":{"roleArn":"arn"}}`).want(200)
	a.post(path, `{"name":"sample_stream_solar","type":"Sample"}`).want(200)
	one := path + "/k"
	a.get(one)
	equal(t, a.get(one).at("state"), "READY")
	changed := a.patch(one, `{"type":"Kafka","bootstrapServers":"h:2"}`).want(200)
	equal(t, changed.at("bootstrapServers")+changed.at("config"), "h:21")
	equal(t, a.patch(one, `{"type":"Kafka","config":{}}`).want(200).at("config"), "0")
	a.patch(one, `{"type":"Kafka","networking":{"access":{"type":"VPC"}}}`).want(400)
	a.patch(one, `{"type":"Sample"}`).want(400)
	equal(t, a.get(path).each("results", "name"), "k s3 sample_stream_solar")
	a.post(path, `{"name":"sandbox-fails","type":"Https","url":"https://x"}`).want(200)
	a.get(path + "/sandbox-fails")
	equal(t, a.get(path+"/sandbox-fails").at("state"), "FAILED")
	a.delete(one).want(202)
	equal(t, a.get(one).at("state"), "DELETING")
	a.get(one).want(404)
}

// A processor is changed while it does not run, and its stages keep their order.
func TestStreamProcessors(t *testing.T) {
	a := acme(t)
	a.post(a.in("/streams"), `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"},"streamConfig":{"tier":"SP10"}}`).want(200)
	path := a.in("/streams/w/processor")
	pipeline := func(source, field string) string {
		return `"pipeline":[{"$source":{"connectionName":"` + source + `"}},{"$project":{"z":1,"` + field + `":1}},{"$emit":{"connectionName":"__testLog"}}]`
	}
	a.post(path, `{"name":"p",`+pipeline("nowhere", "a")+`}`).want(400)
	a.post(path, `{"name":"p","pipeline":[]}`).want(400)
	made := a.post(path, `{"name":"p",`+pipeline("sample_stream_solar", "a")+`}`).want(200)
	equal(t, made.at("tier"), "SP10")
	a.post(path, `{"name":"p",`+pipeline("sample_stream_solar", "a")+`}`).want(409)
	one := path + "/p"
	a.get(one)
	equal(t, a.get(one).at("state"), "CREATED")
	a.patch(one, `{`+pipeline("sample_stream_solar", "b")+`}`).want(200)
	if body := a.get(one).body; !strings.Contains(body, `{"z":1,"b":1}`) {
		t.Error(body)
	}
	a.post(one+":startWith", `{"tier":"SP30"}`).want(200)
	equal(t, a.get(one).at("state"), "CREATED")
	equal(t, a.get(one).at("state")+a.get(one).at("tier"), "STARTEDSP30")
	a.patch(one, `{"tier":"SP10"}`).want(400)
	a.delete(a.in("/streams/w")).want(409, "STREAM_TENANT_HAS_STREAM_PROCESSORS")
	a.post(one+":stop", "").want(200)
	equal(t, a.get(one).at("state"), "STARTED")
	equal(t, a.get(one).at("state"), "STOPPED")
	a.post(a.in("/streams/w/connections"), `{"name":"other","type":"Sample"}`).want(200)
	a.patch(one, `{`+pipeline("other", "b")+`}`).want(400)
	a.patch(one, `{`+pipeline("other", "b")+`,"options":{"resumeFromCheckpoint":false}}`).want(200)
	a.delete(a.in("/streams/w/connections/other")).want(409)
	a.delete(one).want(204)
	a.get(one)
	a.get(one).want(404)
	a.delete(a.in("/streams/w")).want(202)
	equal(t, a.get(a.in("/events?eventType=STREAM_PROCESSOR_STOPPED")).want(200).each("results", "eventTypeName"), "STREAM_PROCESSOR_STOPPED")
}

// A private link is at work for a while, and stays while a connection needs it.
func TestStreamPrivateLinks(t *testing.T) {
	a := acme(t)
	path := a.in("/streams/privateLinkConnections")
	a.post(path, `{"provider":"AWS","vendor":"S3","region":"us-east-1"}`).want(400)
	a.post(path, `{"provider":"AWS","vendor":"MSK","arn":"arn:aws:kafka:us-east-1:1:cluster/c","region":"us-east-1"}`).want(400)
	equal(t, a.post(path, `{"provider":"AWS","vendor":"MSK","arn":"arn:aws:kafka:us-east-1:1:cluster/c"}`).want(200).at("region"), "us-east-1")
	made := a.post(path, `{"provider":"AWS","vendor":"S3","region":"us-east-1","serviceEndpointId":"com.amazonaws.us-east-1.s3"}`).want(200)
	equal(t, made.at("state"), "IDLE")
	one := path + "/" + made.at("_id")
	a.get(one)
	equal(t, a.get(one).at("state"), "WORKING")
	equal(t, a.get(one).at("state")+a.get(one).at("providerAccountId"), "DONE100000000001")
	equal(t, a.patch(one, `{"dnsDomain":"s3.example.com"}`).want(200).at("dnsDomain"), "s3.example.com")
	a.patch(one, `{"dnsDomain":"other.example.com"}`).want(400)
	a.patch(one, `{"region":"us-east-2"}`).want(400)
	a.post(a.in("/streams"), `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"}}`).want(200)
	a.post(a.in("/streams/w/connections"), `{"name":"c","type":"S3","aws":{"roleArn":"arn"},"networking":{"access":{"type":"PRIVATE_LINK","connectionId":"`+made.at("_id")+`"}}}`).want(200)
	a.delete(one).want(409, "STREAM_PRIVATE_LINK_IN_USE")
	a.get(a.in("/streams/w/connections/c"))
	a.delete(a.in("/streams/w/connections/c")).want(202)
	a.get(a.in("/streams/w/connections/c"))
	a.delete(one).want(202)
	equal(t, a.get(one).at("state"), "DELETE_REQUESTED")
	equal(t, a.get(one).at("state"), "DELETING")
	a.get(one).want(404)
}

// There is one failover connection in a region, and bodies name the connection.
func TestStreamFailovers(t *testing.T) {
	a := acme(t)
	a.post(a.in("/streams"), `{"name":"w","dataProcessRegion":{"cloudProvider":"AWS","region":"VIRGINIA_USA"},"failoverRegions":[{"cloudProvider":"AWS","region":"OHIO_USA"}]}`).want(200)
	a.post(a.in("/streams/w/connections"), `{"name":"k","type":"Kafka","bootstrapServers":"h:1"}`).want(200)
	path := a.in("/streams/w/connections/k/failoverConnections")
	a.post(path, `{"name":"x","type":"Kafka","region":"OHIO_USA","bootstrapServers":"h:2"}`).want(500)
	made := a.post(path, `{"name":"k","type":"Kafka","region":"OHIO_USA","bootstrapServers":"h:2","authentication":{"password":"hush"}}`).want(201)
	equal(t, made.at("state")+made.at("networking.access.type")+made.at("authentication"), "PENDINGPUBLIC0")
	a.post(path, `{"name":"k","type":"Kafka","region":"OHIO_USA","bootstrapServers":"h:2"}`).want(409)
	one := path + "/" + made.at("id")
	a.patch(one, `{"type":"Kafka","bootstrapServers":"h:3"}`).want(500)
	equal(t, a.patch(one, `{"name":"k","type":"Kafka","bootstrapServers":"h:3"}`).want(200).at("bootstrapServers"), "h:3")
	equal(t, a.get(path).each("results", "region"), "OHIO_USA")
	a.delete(one).want(204)
	a.get(one)
	a.get(one).want(404)
}
