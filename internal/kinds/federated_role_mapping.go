package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// FederatedRoleMapping operations: listFederationSettingConnectedOrgConfigRoleMappings
// (an envelope without pages), getFederationSettingConnectedOrgConfigRoleMapping,
// createFederationSettingConnectedOrgConfigRoleMapping,
// updateFederationSettingConnectedOrgConfigRoleMapping (replaces it),
// deleteFederationSettingConnectedOrgConfigRoleMapping.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "FederatedRoleMapping", Section: "roleMappings", Parent: "Federation",
		Doc:   "Which roles the people of a group of the identity provider have.",
		Key:   []string{"externalGroupName"},
		Ident: "id", IdentAt: "/id",
		Params:     map[string]string{"id": "/id"},
		Grant:      &spec.Grant{To: "group", Roles: "roleAssignments", Role: "role", Implies: impliedRoles},
		Role:       "Organization Owner",
		Events:     &spec.Events{Made: []string{"ROLE_MAPPING_CREATED"}, Changed: []string{"ROLE_MAPPING_UPDATED"}, Gone: []string{"ROLE_MAPPING_DELETED"}},
		After:      []string{"FederatedConnectedOrganization"},
		DeleteNote: "Those who are in no other mapped group lose what it gave them at their next login.",
		Fields: []spec.Field{
			{Name: "externalGroupName", Doc: "The group, as the identity provider calls it."},
			{Name: "roleAssignments", MinItems: 1, ElemKey: []string{"project", "organization", "role"}, Doc: "The roles; at least one. All of them once declared.",
				Constraints: []spec.Constraint{{Message: "a role is one in a project or one in the organization", CEL: "has(self.project) != has(self.organization)"}},
				Fields: []spec.Field{
					{Name: "project", Wire: "/groupId", Ref: &spec.Ref{Kind: "Project", ByID: true, AnyID: true}, Doc: "The project that the role is in."},
					{Name: "organization", Wire: "/orgId", Ref: &spec.Ref{Kind: "Organization", ByID: true, AnyID: true}, Doc: "Or the organization."},
					{Name: "role", Required: true, Enum: append(append([]string{}, orgRoles...), projectRoles...), OpenEnum: true, Doc: "The role there."},
				}},
		},
		List: spec.Read{Route: "GET " + connectedOrg + "/roleMappings", Version: "2023-01-01", Items: []string{"/results"}},
		Get:  spec.Read{Route: "GET " + connectedOrg + "/roleMappings/{id}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST " + connectedOrg + "/roleMappings", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}}},
		Update: []spec.Call{{Route: "PUT " + connectedOrg + "/roleMappings/{id}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay}}},
		Delete: []spec.Call{{Route: "DELETE " + connectedOrg + "/roleMappings/{id}", Version: "2023-01-01"}},
	}
})
