package spec

import (
	"slices"
	"strings"
)

// notYet names what Atlas has and this version may have no kind for, by the
// words that people write it with. A kind of that section comes first.
var notYet = []string{
	"accessList", "alertConfigurations", "alerts", "apiKeys", "auditing", "auditLog", "backupCompliancePolicy", "backupPolicy", "backupSchedule",
	"cloudProviderAccess", "cloudProviderAccessRoles", "cloudProviderSnapshots", "clusters", "containers", "customDatabaseRoles", "customDBRoles", "customRoles", "dataLakes",
	"databaseUsers", "dbUsers", "endpointServices", "eventTriggers", "federatedAuthentication", "federatedDatabases", "federationSettings", "flexClusters",
	"globalClusterConfig", "identityProviders", "integrations", "invitations", "ipAccessList", "ldap", "ldapConfiguration", "logExport", "maintenanceWindow",
	"networkContainers", "networkPeering", "notifications", "onlineArchives", "peering", "privateEndpoints", "privateLinkEndpoints", "projectSettings", "pushBasedLogExport",
	"resourcePolicies", "roleMappings", "searchDeployment", "searchIndexes", "searchNodes", "serverlessInstances", "settings", "snapshotSchedule",
	"streamConnections", "streamInstances", "streamProcessors", "streamWorkspaces", "streams", "thirdPartyIntegrations", "triggers", "userSecurity", "vpcPeering",
	"x509", "x509Authentication",
}

// NotYet tells whether a section or kind is something that Atlas has, for
// which this version has no kind. Case, separators and the plural do not count.
func NotYet(name string) bool {
	return slices.ContainsFunc(notYet, func(known string) bool { return bareWord(known) == bareWord(name) })
}

func bareWord(s string) string {
	s = strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
	if ies, ok := strings.CutSuffix(s, "ies"); ok {
		return ies + "y"
	}
	return strings.TrimSuffix(s, "s")
}

func noKindYet(what string) string {
	return what + ": Atlas has it, and this version has no such kind yet (kinds lists those that it has)"
}
