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

// otherNames are words for what this version calls otherwise.
var otherNames = map[string]string{
	"accessList": "ipAccessList", "alerts": "alertConfigurations", "auditLog": "auditing", "backupPolicy": "backupSchedule",
	"cloudProviderAccessRoles": "cloudProviderAccess", "cloudProviderSnapshots": "backupSchedule", "customDatabaseRoles": "customRoles",
	"customDBRoles": "customRoles", "dataLakes": "dataFederation", "dbUsers": "databaseUsers", "federatedDatabases": "dataFederation",
	"globalClusterConfig": "managedNamespaces", "globalWrites": "managedNamespaces",
	"projectSettings": "settings", "snapshotSchedule": "backupSchedule", "streamInstances": "streamWorkspaces", "streams": "streamWorkspaces", "thirdPartyIntegrations": "integrations",
}

// Called returns the kind that a word means which is neither its name nor its
// section, or nil. Case, separators and the plural do not count.
func (c *Catalog) Called(name string) *Kind {
	word := bareWord(name)
	for other, section := range otherNames {
		if bareWord(other) == word {
			word = bareWord(section)
		}
	}
	for _, k := range c.kinds {
		if bareWord(k.Section) == word && word != "" || bareWord(k.Name) == word {
			return c.whole(k)
		}
	}
	return nil
}

// NotYet tells whether a section or kind is something that Atlas has, for
// which this version has no kind.
func (c *Catalog) NotYet(name string) bool {
	return c.Called(name) == nil && slices.ContainsFunc(notYet, func(known string) bool { return bareWord(known) == bareWord(name) })
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
