package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// IPAccessList operations: listGroupAccessListEntries, getGroupAccessListEntry,
// getGroupAccessListStatus, createGroupAccessListEntry (an array; replaces the
// entries of the same values), deleteGroupAccessListEntry. No two POSTs may
// overlap in a project.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "IPAccessList", Section: "ipAccessList", Parent: "Project",
		Doc:    "From where the project's clusters can be reached: an address, a block or an AWS security group.",
		Key:    []string{"cidrBlock|awsSecurityGroup"},
		Params: map[string]string{"entryValue": "cidrBlock|awsSecurityGroup"},
		Role:   "Project Network Access Manager",
		Events: &spec.Events{Made: []string{"NETWORK_PERMISSION_ENTRY_ADDED"}, Changed: []string{"NETWORK_PERMISSION_ENTRY_UPDATED"},
			Gone: []string{"NETWORK_PERMISSION_ENTRY_REMOVED"}, Names: map[string]string{"/whitelistEntry": "cidrBlock|awsSecurityGroup"}},
		Lane:       &spec.Lane{Name: "ipAccessList", By: []string{"groupId"}},
		Expires:    "deleteAfterDate",
		DeleteNote: "Applications that connect from there cannot open new connections.",
		Constraints: []spec.Constraint{{At: "awsSecurityGroup", CEL: "!(has(self.cidrBlock) && has(self.awsSecurityGroup))",
			Message: "an entry is a block or a security group, not both"}},
		Fields: []spec.Field{
			{Name: "cidrBlock", Norm: spec.CIDR, Pattern: `.`, Warns: map[string]string{
				"0.0.0.0/0": "It lets anybody on the internet reach the clusters; only names and passwords keep them out.",
				"::/0":      "It lets anybody on the internet reach the clusters; only names and passwords keep them out."},
				Doc: "An address or a block: 10.0.0.0/16."},
			{Name: "awsSecurityGroup", Doc: "A security group of a peered AWS network, with the account's number before it if need be: 123456789012/sg-…."},
			{Name: "comment", Default: "", Doc: "What the entry is for."},
			{Name: "deleteAfterDate", Doc: "When Atlas deletes the entry, at most a week ahead. An entry whose date has passed is not made again."},
		},
		Omit: map[string]string{
			"/groupId":   "the project",
			"/ipAddress": "the block says it",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/accessList", Version: "2023-01-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/accessList/{entryValue}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/accessList", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Array: true}, Idempotent: true, Batch: true, Wait: reachable()}},
		Update: []spec.Call{{Route: "POST /groups/{groupId}/accessList", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay, Array: true}, Idempotent: true, Batch: true, Wait: reachable()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/accessList/{entryValue}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: 5 * time.Minute}}},
	}
})

// reachable waits until all clouds have an entry.
func reachable() *spec.Wait {
	return &spec.Wait{Read: &spec.Read{Route: "GET /groups/{groupId}/accessList/{entryValue}/status", Version: "2023-01-01"},
		At: "/STATUS", Until: []string{"ACTIVE"}, Fail: []string{"FAILED"}, Max: 10 * time.Minute}
}
