package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// builtinRoles are MongoDB's own database roles: they refer to no custom one.
var builtinRoles = []string{
	"atlasAdmin", "backup", "clusterMonitor", "dbAdmin", "dbAdminAnyDatabase", "enableSharding",
	"read", "readAnyDatabase", "readWrite", "readWriteAnyDatabase",
}

// customRoleUnknown is what Atlas answers for some seconds after a role was made.
var customRoleUnknown = []string{"ATLAS_CUSTOM_ROLE_NOT_FOUND"}

// CustomDatabaseRole operations: listGroupCustomDbRoleRoles (a bare array),
// getGroupCustomDbRoleRole, createGroupCustomDbRoleRole, updateGroupCustomDbRoleRole
// (replaces both lists), deleteGroupCustomDbRoleRole.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "CustomDatabaseRole", Section: "customRoles", Parent: "Project",
		Doc:        "A database role of your own: actions on databases and collections, and roles that it contains.",
		Key:        []string{"roleName"},
		Params:     map[string]string{"roleName": "roleName"},
		Role:       "Project Database Access Admin",
		Events:     &spec.Events{Made: []string{"MONGODB_ROLE_ADDED"}, Changed: []string{"MONGODB_ROLE_UPDATED"}, Gone: []string{"MONGODB_ROLE_DELETED"}},
		Lane:       &spec.Lane{Name: "customRoles", By: []string{"groupId"}},
		DeleteNote: "Database users lose what they may do through it.",
		Untested:   map[string]string{"actions": "Atlas may join entries of one action, and the emulator does not"},
		Fields: []spec.Field{
			{Name: "roleName", Doc: "The role's name, unique in the project."},
			{Name: "actions", ElemKey: []string{"action"}, Doc: "What the role allows, each action once.", Fields: []spec.Field{
				{Name: "action", OpenEnum: true, Doc: "The action: FIND, INSERT, …."},
				{Name: "resources", ElemKey: []string{"db", "collection", "cluster"}, Doc: "On what: a database and collection (\"\" is any), or the cluster.", Fields: []spec.Field{
					{Name: "db", Default: "", Doc: "The database; \"\" is any."},
					{Name: "collection", Default: "", Doc: "The collection; \"\" is any."},
					{Name: "cluster", Default: false, Doc: "Whether the action is on the cluster as a whole."},
				}},
			}},
			{Name: "inheritedRoles", ElemKey: []string{"role", "db"}, Doc: "Roles that it contains.", Fields: []spec.Field{
				{Name: "role", Ref: &spec.Ref{Kind: "CustomDatabaseRole", Known: builtinRoles}, Doc: "A custom role's name, or a built-in one's."},
				{Name: "db", Default: "admin", Doc: "The database that the role counts in; custom ones are in admin."},
			}},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/customDBRoles/roles", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/customDBRoles/roles/{roleName}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/customDBRoles/roles", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}, Retry: customRoleUnknown}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/customDBRoles/roles/{roleName}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay, Fields: []string{"actions", "inheritedRoles"}}, Retry: customRoleUnknown}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/customDBRoles/roles/{roleName}", Version: "2023-01-01",
			Wait: &spec.Wait{Gone: true, Max: 10 * time.Minute}}},
	}
})
