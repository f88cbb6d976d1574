package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// OrganizationSettings operations: getOrgSettings, updateOrgSettings (which merges).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "OrganizationSettings", Section: "settings", Parent: "Organization", Singleton: true,
		Doc:  "Settings of an organization.",
		Role: "Organization Owner",
		Events: &spec.Events{Changed: []string{"ORG_TWO_FACTOR_AUTH_REQUIRED", "ORG_TWO_FACTOR_AUTH_OPTIONAL", "ORG_PUBLIC_API_ACCESS_LIST_REQUIRED", "ORG_PUBLIC_API_ACCESS_LIST_NOT_REQUIRED", "ORG_EMPLOYEE_ACCESS_RESTRICTED", "ORG_EMPLOYEE_ACCESS_UNRESTRICTED", "ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED", "SECURITY_CONTACT_MODIFIED", "OPERATIONS_CONTACT_MODIFIED", "CUSTOM_SESSION_TIMEOUT_MODIFIED"},
			Fields: map[string][]string{"ORG_TWO_FACTOR_AUTH_REQUIRED": {"multiFactorAuthRequired"}, "ORG_TWO_FACTOR_AUTH_OPTIONAL": {"multiFactorAuthRequired"}, "ORG_PUBLIC_API_ACCESS_LIST_REQUIRED": {"apiAccessListRequired"}, "ORG_PUBLIC_API_ACCESS_LIST_NOT_REQUIRED": {"apiAccessListRequired"}, "ORG_EMPLOYEE_ACCESS_RESTRICTED": {"restrictEmployeeAccess"}, "ORG_EMPLOYEE_ACCESS_UNRESTRICTED": {"restrictEmployeeAccess"}, "ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED": {"maxServiceAccountSecretValidityInHours"}, "SECURITY_CONTACT_MODIFIED": {"securityContact"}, "OPERATIONS_CONTACT_MODIFIED": {"operationsContact"}, "CUSTOM_SESSION_TIMEOUT_MODIFIED": {"customSessionTimeouts"}}},
		After: []string{"OrganizationAPIKeyAccessList"},

		Constraints: []spec.Constraint{{At: "customSessionTimeouts", Message: "the idle timeout is not longer than the absolute one",
			CEL: "!has(self.customSessionTimeouts) || self.customSessionTimeouts == null || !has(self.customSessionTimeouts.idleSessionTimeoutInSeconds) || !has(self.customSessionTimeouts.absoluteSessionTimeoutInSeconds) || self.customSessionTimeouts.idleSessionTimeoutInSeconds == null || self.customSessionTimeouts.absoluteSessionTimeoutInSeconds == null || self.customSessionTimeouts.idleSessionTimeoutInSeconds <= self.customSessionTimeouts.absoluteSessionTimeoutInSeconds"}},
		Fields: []spec.Field{
			{Name: "apiAccessListRequired", LocksOut: "every API key and service account without an access list that holds the address it comes from, this run's perhaps too",
				Doc: "Whether the API takes only calls from addresses on the caller's access list."},
			{Name: "multiFactorAuthRequired", Doc: "Whether people need a second factor. Those without one are logged out."},
			{Name: "restrictEmployeeAccess", Doc: "Whether MongoDB's employees need a grant to reach clusters."},
			{Name: "genAIFeaturesEnabled", Default: true, Doc: "Whether features of generative AI are on."},
			{Name: "streamsCrossGroupEnabled", Doc: "Whether stream processing may connect the organization's projects."},
			{Name: "maxServiceAccountSecretValidityInHours", Doc: "How long a new secret of a service account may live, in hours."},
			{Name: "securityContact", Norm: spec.Email, Nullable: true, NullAs: "", Doc: "The e-mail address for security notices; null takes it away."},
			{Name: "operationsContact", Norm: spec.Email, Nullable: true, Doc: "The e-mail address for operational notices; null takes it away."},
			{Name: "customSessionTimeouts", Nullable: true, Doc: "When sessions in the console end; null leaves it to Atlas.", Fields: []spec.Field{
				{Name: "absoluteSessionTimeoutInSeconds", Nullable: true, Min: 3600, Max: 43200, Doc: "After the login."},
				{Name: "idleSessionTimeoutInSeconds", Nullable: true, Min: 300, Max: 43200, Doc: "After the last activity."},
			}},
		},
		List: spec.Read{Route: "GET /orgs/{orgId}/settings", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /orgs/{orgId}/settings", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /orgs/{orgId}/settings", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed}}},
	}
})
