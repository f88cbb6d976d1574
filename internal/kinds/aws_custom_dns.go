package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// AWSCustomDNS operations: getGroupAwsCustomDns, toggleGroupAwsCustomDns (which
// sets, whatever its name says).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "AWSCustomDNS", Section: "awsCustomDNS", Parent: "Project", Singleton: true,
		Doc:  "Whether the names of the project's clusters on AWS lead to private addresses from peered networks with a DNS of their own.",
		Role: "Project Atlas Admin",
		Fields: []spec.Field{
			{Name: "enabled", Required: true, Default: false, Doc: "Whether they do."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/awsCustomDNS", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/awsCustomDNS", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/awsCustomDNS", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
	}
})
