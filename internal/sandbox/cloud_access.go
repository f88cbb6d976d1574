package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

var cloudAccessPart = part{
	id: "cloudProviderAccess", name: "Cloud Provider Access", scope: perProject,
	resources: []*resource{cloudRoles},
}

const (
	onAWS   = "AWS"
	onAzure = "AZURE"
	onGCP   = "GCP"
)

// cloudRoles are what Atlas may use in its customers' clouds. The list is one
// object with an array for each cloud. A role of AWS is made in two steps: the
// first answers with what the customer's trust policy needs, the second names the
// role.
var cloudRoles = &resource{
	name: "cloudProviderAccess",
	list: "listGroupCloudProviderAccess", get: "getGroupCloudProviderAccess", create: "createGroupCloudProviderAccess",
	update: "authorizeGroupCloudProviderAccessRole", remove: "deauthorizeGroupCloudProviderAccessRole",
	id:      "roleId",
	params:  []string{"roleId"},
	missing: "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND",
	cycle:   &cycle{becomes: cloudRoleBecomes},
	prepare: prepareCloudRole,
	check:   checkCloudRole,
	removable: func(c *call, t *thing) error {
		if t.text("providerName") != c.param("cloudProvider") {
			return fail(404, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND", "no role %s of %s exists in the project", t.text("roleId"), c.param("cloudProvider"))
		}
		if used := featureUsages(c, t); len(used) > 0 {
			return fail(400, "CLOUD_PROVIDER_ACCESS_ROLE_IN_USE", "the role %s is in use by %s; take it away there first", t.text("roleId"), textOf(used[0].(map[string]any), "featureType"))
		}
		return nil
	},
	show:   showCloudRole,
	listed: listCloudRoles,
	eventsOf: func(t *thing) [3]string {
		what := map[string]string{onAWS: "AWS_IAM_ROLE", onAzure: "AZURE_SERVICE_PRINCIPAL", onGCP: "GCP_SERVICE_ACCOUNT"}[t.text("providerName")]
		what = "CLOUD_PROVIDER_ACCESS_" + what
		return [3]string{what + "_ADDED", what + "_UPDATED", what + "_DELETED"}
	},
}

// deniedRole in the name of an AWS role makes one that Atlas never can assume,
// so that the refusal can be tried.
const deniedRole = "cannot-assume"

// prepareCloudRole holds a body to what the cloud of the role needs.
func prepareCloudRole(_ *call, old *thing, body map[string]any) error {
	provider := textOf(body, "providerName")
	needs := map[string][]string{onAzure: {"atlasAzureAppId", "servicePrincipalId", "tenantId"}}[provider]
	if old != nil {
		if provider != old.text("providerName") {
			return invalid(violation{"providerName", "must be " + old.text("providerName") + ", the provider of the role"})
		}
		if provider == onAWS {
			needs = []string{"iamAssumedRoleArn"}
		}
	}
	for _, member := range needs {
		if textOf(body, member) == "" {
			return fail(400, "MISSING_ATTRIBUTE", "The required attribute %s was not specified.", member)
		}
	}
	if arn := textOf(body, "iamAssumedRoleArn"); strings.Contains(arn, deniedRole) {
		return fail(400, "CANNOT_ASSUME_ROLE", "Atlas cannot assume the role %s: its trust policy has to name Atlas's account and the external id.", arn)
	}
	return nil
}

// checkCloudRole fills in what Atlas says of a role.
func checkCloudRole(c *call, old, t *thing) error {
	switch provider := t.text("providerName"); {
	case provider == onAWS && old != nil:
		t.Fields["authorizedDate"] = stamp(c.now)
	case provider == onAWS:
		t.Fields["atlasAWSAccountArn"] = "arn:aws:iam::100000000001:root"
		t.Fields["atlasAssumedRoleExternalId"] = uuidOf(t.Key)
	case provider == onAzure:
		t.Fields["lastUpdatedDate"] = stamp(c.now)
	case old == nil: // of GCP only a project's first one takes time
		t.become("NOT_INITIATED", c.now)
		for _, other := range c.things("cloudProviderAccess") {
			if other.State == "COMPLETE" {
				t.become("COMPLETE", c.now)
			}
		}
	}
	if old == nil {
		t.Fields["createdDate"] = stamp(c.now)
	}
	return nil
}

func cloudRoleBecomes(_ *call, t *thing) string {
	return map[string]string{"NOT_INITIATED": "IN_PROGRESS", "IN_PROGRESS": "COMPLETE"}[t.State]
}

// isAuthorized says whether Atlas may use a role.
func isAuthorized(t *thing) bool {
	return t.text("providerName") == onAzure || t.text("iamAssumedRoleArn") != "" || t.State == "COMPLETE"
}

func showCloudRole(c *call, t *thing, v map[string]any) {
	v["featureUsages"] = featureUsages(c, t)
	switch t.text("providerName") {
	case onAzure:
		v["_id"] = v["roleId"] // its name there
	case onGCP:
		v["status"] = t.State
		if t.State == "COMPLETE" {
			project := sha256.Sum256([]byte(c.param("groupId")))
			text := hex.EncodeToString(project[:])
			v["gcpServiceAccountForAtlas"] = fmt.Sprintf("mongodb-atlas-%s@p-%s.iam.gserviceaccount.com", text[:16], text[16:40])
		}
	}
}

func listCloudRoles(_ *call, all []any) (any, error) {
	lists := map[string][]any{onAWS: {}, onAzure: {}, onGCP: {}}
	for _, v := range all {
		provider := textOf(v.(map[string]any), "providerName")
		lists[provider] = append(lists[provider], v)
	}
	return map[string]any{"awsIamRoles": lists[onAWS], "azureServicePrincipals": lists[onAzure], "gcpServiceAccounts": lists[onGCP]}, nil
}

// uuidOf makes a UUID that is always the same for a text.
func uuidOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// roleUsers tell, each for a part of the API, what of it uses a role: objects
// with a featureType and a featureId. A part that lets people name a role
// belongs here.
var roleUsers = []func(c *call, roleID string) []any{
	func(c *call, roleID string) []any {
		p, err := c.world.project(c.param("groupId"))
		if err != nil {
			return nil
		}
		for _, provider := range p.Encryption.Providers {
			if provider.Enabled && provider.Fields["roleId"] == roleID {
				return []any{map[string]any{"featureType": "ENCRYPTION_AT_REST", "featureId": nil}}
			}
		}
		return nil
	},
	func(c *call, roleID string) []any {
		used := []any{}
		for _, t := range c.things("logIntegrations") {
			if t.Fields["iamRoleId"] == roleID || t.Fields["roleId"] == roleID {
				used = append(used, map[string]any{"featureType": "ATLAS_LOG_INTEGRATION",
					"featureId": map[string]any{"groupId": c.param("groupId"), "configId": t.Fields["id"], "sinkName": t.Fields["type"]}})
			}
		}
		return used
	},
	federationsWith,
}

func featureUsages(c *call, t *thing) []any {
	all := []any{}
	for _, users := range roleUsers {
		all = append(all, users(c, t.text("roleId"))...)
	}
	return all
}

// checkRole refuses a role of this project that is of another cloud, or that
// Atlas may not use yet. What is none of the project's is taken as it is.
func (c *call) checkRole(roleID, provider string) error {
	for _, t := range c.things("cloudProviderAccess") {
		switch {
		case t.text("roleId") != roleID:
		case t.text("providerName") != provider:
			return fail(404, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND", "no role %s of %s exists in the project", roleID, provider)
		case !isAuthorized(t):
			return fail(400, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED", "The specified Cloud Provider Access role (%s) has not been authorized.", roleID)
		}
	}
	return nil
}
