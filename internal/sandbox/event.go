package sandbox

import (
	"cmp"
	"net"
	"slices"
	"time"
)

// An event is one thing that a request did: who, when, what. Each operation
// that Atlas has a type of event for names it beside its route; a handler that
// knows better says so with happened.
type event struct {
	ID       string    `json:"id"`
	Type     string    `json:"type"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`              // client id or public key
	KeyID    string    `json:"keyId,omitempty"` // of an API key
	From     string    `json:"from,omitempty"`  // the address
	Org      string    `json:"org"`
	Project  string    `json:"project,omitempty"`
	Username string    `json:"username,omitempty"` // whom it was done to
	Team     string    `json:"team,omitempty"`
	// More are members of its answer that only events of its type have.
	More map[string]string `json:"more,omitempty"`
}

// maxEvents is how many events are kept: the newest.
const maxEvents = 10_000

func (w *world) log(e *event) {
	w.Events = append(w.Events, e)
	if len(w.Events) > maxEvents {
		w.Events = slices.Clone(w.Events[len(w.Events)-maxEvents:])
	}
}

// An about is what an event of a request would be about. The lookups of the
// path's objects fill it, and the handlers of what they create.
type about struct {
	org, project, team, username string
	more                         map[string]string
}

// An occurrence is an event that is not written down yet.
type occurrence struct {
	kind  string // its type
	about about
}

// happened tells that the request did something that has a type of event, to
// what the call is about at this moment.
func (c *call) happened(kind string) { c.events = append(c.events, occurrence{kind, c.about}) }

// tell adds a member to what the events of a request tell.
func (c *call) tell(name, value string) {
	more := map[string]string{name: value}
	for name, value := range c.about.more {
		if more[name] == "" {
			more[name] = value
		}
	}
	c.about.more = more
}

// logEvents keeps what happened, for the operation's own type if the handler
// said nothing else.
func (c *call) logEvents(usual string) {
	if len(c.events) == 0 && usual != "" {
		c.happened(usual)
	}
	who := c.principal()
	// Settings come in no order.
	slices.SortStableFunc(c.events, func(a, b occurrence) int { return cmp.Compare(a.kind, b.kind) })
	for _, o := range c.events {
		if o.kind == nothing {
			continue
		}
		e := &event{
			ID: newID(c.now), Type: o.kind, At: c.now, By: who.id, KeyID: who.keyID, From: c.address(),
			Org: o.about.org, Project: o.about.project, More: o.about.more,
		}
		switch eventTypes[o.kind].about {
		case aUser:
			e.Username = o.about.username
		case aTeam:
			e.Team = o.about.team
		}
		c.world.log(e)
		c.changed(change{Event: e})
	}
}

// nothing is for happened: the operation did not do what it usually does.
const nothing = ""

// address is where the request came from, if it is of the form that the API
// shows.
func (c *call) address() string {
	host, _, err := net.SplitHostPort(c.request.RemoteAddr)
	if ip := net.ParseIP(host); err != nil || ip == nil || ip.To4() == nil {
		return ""
	}
	return host
}

// An eventType says in which lists events of a type are, and what they tell
// besides who and when.
type eventType struct {
	org, project bool
	about        what // aUser, aTeam or nothing
}

var (
	inOrg     = eventType{org: true}
	inProject = eventType{project: true}
	inBoth    = eventType{org: true, project: true}

	ofUser          = eventType{org: true, about: aUser}
	ofUserInProject = eventType{project: true, about: aUser}
	ofTeam          = eventType{org: true, about: aTeam}
	ofTeamInProject = eventType{org: true, project: true, about: aTeam}
)

var eventTypes = map[string]eventType{
	"GROUP_CREATED": inBoth, "GROUP_DELETED": inBoth, "GROUP_NAME_CHANGED": inProject,
	"GROUP_TAGS_MODIFIED": inBoth, "GROUP_DEFAULT_ALERTS_SETTINGS_CHANGED": inProject,

	"INVITED_TO_ORG": ofUser, "REMOVED_FROM_ORG": ofUser, "ORG_INVITATION_DELETED": ofUser,
	"JOINED_TEAM": ofUser, "INVITED_TO_TEAM": ofUser, "REMOVED_FROM_TEAM": ofUser,
	"USER_ROLES_CHANGED_AUDIT": {org: true, project: true, about: aUser},
	"JOINED_GROUP":             ofUserInProject, "INVITED_TO_GROUP": ofUserInProject, "REMOVED_FROM_GROUP": ofUserInProject, "GROUP_INVITATION_DELETED": ofUserInProject,

	"TEAM_CREATED": ofTeam, "TEAM_DELETED": ofTeam, "TEAM_NAME_CHANGED": ofTeam,
	"TEAM_ADDED_TO_GROUP": ofTeamInProject, "TEAM_REMOVED_FROM_GROUP": ofTeamInProject, "TEAM_ROLES_MODIFIED": ofTeamInProject,

	"SERVICE_ACCOUNT_CREATED": inBoth, "SERVICE_ACCOUNT_DELETED": inBoth, "SERVICE_ACCOUNT_ROLES_CHANGED": inBoth,
	"SERVICE_ACCOUNT_DETAILS_CHANGED": inBoth, "SERVICE_ACCOUNT_ADDED_TO_GROUP": inBoth, "SERVICE_ACCOUNT_REMOVED_FROM_GROUP": inBoth,
	"SERVICE_ACCOUNT_SECRET_ADDED": inBoth, "SERVICE_ACCOUNT_SECRET_DELETED": inBoth,

	"SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED": inBoth, "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED": inBoth,

	"API_KEY_CREATED": inBoth, "API_KEY_DELETED": inBoth, "API_KEY_ROLES_CHANGED": inBoth, "API_KEY_DESCRIPTION_CHANGED": inBoth,
	"API_KEY_ADDED_TO_GROUP": inBoth, "API_KEY_REMOVED_FROM_GROUP": inBoth,
	"API_KEY_ACCESS_LIST_ENTRY_ADDED": inBoth, "API_KEY_ACCESS_LIST_ENTRY_DELETED": inBoth,

	"ENCRYPTION_AT_REST_CONFIGURATION_UPDATED": inProject,
	"FEDERATED_DATABASE_CREATED":               inProject, "FEDERATED_DATABASE_REMOVED": inProject, "FEDERATED_DATABASE_UPDATED": inProject,
	"STREAM_PROCESSOR_CREATED": inProject, "STREAM_PROCESSOR_MODIFIED": inProject, "STREAM_PROCESSOR_DROPPED": inProject,
	"STREAM_PROCESSOR_STARTED": inProject, "STREAM_PROCESSOR_STOPPED": inProject,
	"DATA_FEDERATION_QUERY_LIMIT_CONFIGURED": inProject, "DATA_FEDERATION_QUERY_LIMIT_DELETED": inProject,
	"TENANT_ENDPOINT_CREATED": inProject, "TENANT_ENDPOINT_UPDATED": inProject, "TENANT_ENDPOINT_DELETING": inProject,
	"MONGODB_USER_ADDED": inProject, "MONGODB_USER_UPDATED": inProject, "MONGODB_USER_DELETED": inProject,
	"MONGODB_ROLE_ADDED": inProject, "MONGODB_ROLE_UPDATED": inProject, "MONGODB_ROLE_DELETED": inProject,
	"CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_ADDED": inProject, "CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_UPDATED": inProject, "CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_DELETED": inProject,
	"CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_ADDED": inProject, "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_UPDATED": inProject, "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_DELETED": inProject,
	"CLOUD_PROVIDER_ACCESS_GCP_SERVICE_ACCOUNT_ADDED": inProject, "CLOUD_PROVIDER_ACCESS_GCP_SERVICE_ACCOUNT_UPDATED": inProject, "CLOUD_PROVIDER_ACCESS_GCP_SERVICE_ACCOUNT_DELETED": inProject,
	"NETWORK_PERMISSION_ENTRY_ADDED": inProject, "NETWORK_PERMISSION_ENTRY_UPDATED": inProject, "NETWORK_PERMISSION_ENTRY_REMOVED": inProject,
	"ALERT_CONFIG_ADDED_AUDIT": inProject, "ALERT_CONFIG_CHANGED_AUDIT": inProject, "ALERT_CONFIG_DELETED_AUDIT": inProject,
	"ALERT_CONFIG_ENABLED_AUDIT": inProject, "ALERT_CONFIG_DISABLED_AUDIT": inProject,
	"INTEGRATION_CONFIGURED": inProject, "INTEGRATION_REMOVED": inProject,
	"S3_LOG_STREAMING_ENABLED": inProject, "S3_LOG_STREAMING_CONFIGURATION_UPDATED": inProject, "S3_LOG_STREAMING_DISABLED": inProject,
	"AZURE_LOG_STREAMING_ENABLED": inProject, "AZURE_LOG_STREAMING_CONFIGURATION_UPDATED": inProject, "AZURE_LOG_STREAMING_DISABLED": inProject,
	"GCP_LOG_STREAMING_ENABLED": inProject, "GCP_LOG_STREAMING_CONFIGURATION_UPDATED": inProject, "GCP_LOG_STREAMING_DISABLED": inProject,
	"DATADOG_LOG_STREAMING_ENABLED": inProject, "DATADOG_LOG_STREAMING_CONFIGURATION_UPDATED": inProject, "DATADOG_LOG_STREAMING_DISABLED": inProject,
	"SPLUNK_LOG_STREAMING_ENABLED": inProject, "SPLUNK_LOG_STREAMING_CONFIGURATION_UPDATED": inProject, "SPLUNK_LOG_STREAMING_DISABLED": inProject,
	"OTEL_LOG_STREAMING_ENABLED": inProject, "OTEL_LOG_STREAMING_CONFIGURATION_UPDATED": inProject, "OTEL_LOG_STREAMING_DISABLED": inProject,
	"AI_MODELS_APIS_API_KEY_CREATED": inProject, "AI_MODELS_APIS_API_KEY_UPDATED": inProject, "AI_MODELS_APIS_API_KEY_DELETED": inProject,
	"AI_MODELS_APIS_RATE_LIMIT_UPDATED": inProject, "AI_MODELS_APIS_RATE_LIMIT_RESET": inProject,
	"ATLAS_MAINTENANCE_WINDOW_ADDED": inProject, "ATLAS_MAINTENANCE_WINDOW_MODIFIED": inProject, "ATLAS_MAINTENANCE_WINDOW_REMOVED": inProject,
	"ATLAS_MAINTENANCE_PROTECTED_HOURS_CREATED": inProject, "ATLAS_MAINTENANCE_PROTECTED_HOURS_MODIFIED": inProject, "ATLAS_MAINTENANCE_PROTECTED_HOURS_REMOVED": inProject,
	"ATLAS_MAINTENANCE_AUTO_DEFER_ENABLED": inProject, "ATLAS_MAINTENANCE_AUTO_DEFER_DISABLED": inProject,
	"CLUSTER_CREATED": inProject, "CLUSTER_UPDATE_SUBMITTED": inProject, "CLUSTER_DELETE_SUBMITTED": inProject,
	"CLUSTER_PROCESS_ARGS_UPDATE_SUBMITTED": inProject, "CPS_SNAPSHOT_SCHEDULE_UPDATED_AUDIT": inProject,
	"FTS_INDEX_CREATED": inProject, "FTS_INDEX_UPDATED": inProject, "FTS_INDEX_DELETED": inProject,
	"SEARCH_DEPLOYMENT_CREATED": inProject, "SEARCH_DEPLOYMENT_UPDATED": inProject, "SEARCH_DEPLOYMENT_DELETED": inProject,
	"CPS_DATA_PROTECTION_ENABLE_REQUESTED": inProject, "CPS_DATA_PROTECTION_UPDATE_REQUESTED": inProject, "CPS_DATA_PROTECTION_DISABLE_REQUESTED": inProject,
	"ONLINE_ARCHIVE_CREATED": inProject, "ONLINE_ARCHIVE_UPDATED": inProject, "ONLINE_ARCHIVE_DELETED": inProject,
	"EMPLOYEE_ACCESS_GRANTED": inProject, "EMPLOYEE_ACCESS_REVOKED": inProject,
	"CLUSTER_FCV_FIXED": inProject, "CLUSTER_FCV_UNFIXED": inProject,
	"AUTO_INDEXING_ENABLED": inProject, "AUTO_INDEXING_DISABLED": inProject,
	"PROJECT_LIMIT_UPDATED":                       inProject,
	"PROJECT_COLLECT_DATABASE_STATISTICS_UPDATED": inProject, "PROJECT_ENABLE_DATA_VALIDATION_UPDATED": inProject, "PROJECT_ENABLE_EXTENDED_STORAGE_SIZES_UPDATED": inProject,

	"RESOURCE_POLICY_CREATED": inOrg, "RESOURCE_POLICY_MODIFIED": inOrg, "RESOURCE_POLICY_DELETED": inOrg,

	"CUSTOM_SESSION_TIMEOUT_MODIFIED": inOrg, "SECURITY_CONTACT_MODIFIED": inOrg, "OPERATIONS_CONTACT_MODIFIED": inOrg,
	"ORG_PUBLIC_API_ACCESS_LIST_REQUIRED": inOrg, "ORG_PUBLIC_API_ACCESS_LIST_NOT_REQUIRED": inOrg,
	"ORG_TWO_FACTOR_AUTH_REQUIRED": inOrg, "ORG_TWO_FACTOR_AUTH_OPTIONAL": inOrg,
	"ORG_EMPLOYEE_ACCESS_RESTRICTED": inOrg, "ORG_EMPLOYEE_ACCESS_UNRESTRICTED": inOrg,
	"ORG_SERVICE_ACCOUNT_MAX_SECRET_VALIDITY_EDITED": inOrg,
}
