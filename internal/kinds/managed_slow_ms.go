package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// ManagedSlowMs operations: getGroupManagedSlowMs (a bare boolean),
// enableGroupManagedSlowMs, disableGroupManagedSlowMs.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "ManagedSlowMs", Section: "managedSlowMs", Parent: "Project", Singleton: true,
		Doc:  "Whether Atlas manages the threshold above which an operation counts as slow.",
		Role: "Project Owner",
		Fields: []spec.Field{
			{Name: "enabled", Wire: spec.Root, Required: true, Default: true, Doc: "On: Atlas moves the threshold. Off: it stays at 100 ms."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/managedSlowMs", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/managedSlowMs", Version: "2023-01-01"},
		Update: []spec.Call{
			{Route: "POST /groups/{groupId}/managedSlowMs/enable", Version: "2023-01-01", When: &spec.When{Field: "enabled", Is: true}, Idempotent: true},
			{Route: "DELETE /groups/{groupId}/managedSlowMs/disable", Version: "2023-01-01", When: &spec.When{Field: "enabled", Is: false}},
		},
	}
})
