package sandbox

var customDNSPart = part{
	id: "awsCustomDNS", name: "AWS Clusters DNS", scope: perProject,
	resources: []*resource{customDNS},
}

// customDNS is off until somebody switches it on.
var customDNS = &resource{
	name: "awsCustomDNS",
	get:  "getGroupAwsCustomDns", update: "toggleGroupAwsCustomDns",
	singleton: true,
	defaults:  map[string]any{"enabled": false},
}
