package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// CloudProviderAccess operations: listGroupCloudProviderAccess (three arrays in
// one object), getGroupCloudProviderAccess, createGroupCloudProviderAccess,
// authorizeGroupCloudProviderAccessRole, deauthorizeGroupCloudProviderAccessRole.
// A role on AWS is made first, then allowed in AWS, then authorized.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "CloudProviderAccess", Section: "cloudProviderAccess", Parent: "Project", Variant: "providerName",
		Doc:   "A role, service principal or service account through which Atlas reaches into your cloud. On AWS it takes two applies: one that makes it and tells what your role has to trust, and one, with iamAssumedRoleArn, that authorizes it.",
		Key:   []string{"iamAssumedRoleArn|servicePrincipalId|providerName"},
		Ident: "roleId", IdentAt: "/roleId|/_id",
		Params: map[string]string{"roleId": "/roleId|/_id", "cloudProvider": "/providerName"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_ADDED", "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_ADDED", "CLOUD_PROVIDER_ACCESS_GCP_SERVICE_ACCOUNT_ADDED"},
			Changed: []string{"CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_UPDATED", "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_UPDATED", "CLOUD_PROVIDER_ACCESS_GCP_SERVICE_ACCOUNT_UPDATED"},
			Gone:    []string{"CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_DELETED", "CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_DELETED", "CLOUD_PROVIDER_ACCESS_GCP_SERVICE_ACCOUNT_DELETED"}},
		NamesNotUnique: true,
		Adopt: &spec.Adopt{Same: []string{"providerName"},
			While: spec.Cond{At: "/iamAssumedRoleArn", Empty: true, And: &spec.Cond{At: "/providerName", Values: []string{"AWS"}}}},
		Outside: []spec.Outside{{What: "let your AWS role trust Atlas's account with the external id, then declare iamAssumedRoleArn",
			While: spec.Cond{At: "/iamAssumedRoleArn", Empty: true, And: &spec.Cond{At: "/providerName", Values: []string{"AWS"}}}}},
		Blocks: []spec.Block{{Of: "delete", While: spec.Cond{At: "/featureUsages", NotIn: []string{"", "[]"}}, Why: "is in use",
			By: []string{"EncryptionAtRest", "FederatedDatabase", "LogIntegration", "SnapshotExportBucket"}}},
		Fields: []spec.Field{
			{Name: "providerName", Required: true, Immutable: true, Doc: "The cloud."},
			{Name: "iamAssumedRoleArn", For: []string{"AWS"}, ReadOnly: false, Doc: "Your AWS role, once it trusts Atlas."},
			{Name: "atlasAzureAppId", For: []string{"AZURE"}, Required: true, Norm: spec.Fold, Doc: "Atlas's application in Azure."},
			{Name: "servicePrincipalId", For: []string{"AZURE"}, Required: true, Norm: spec.Fold, Doc: "Your service principal for it."},
			{Name: "tenantId", For: []string{"AZURE"}, Required: true, Norm: spec.Fold, Doc: "Your directory."},
			{Name: "atlasAWSAccountArn", For: []string{"AWS"}, Output: true, Doc: "Atlas's account, which your role has to trust."},
			{Name: "atlasAssumedRoleExternalId", For: []string{"AWS"}, Output: true, Doc: "The external id, by which it has to trust it."},
			{Name: "gcpServiceAccountForAtlas", For: []string{"GCP"}, ReadOnly: true, Output: true, Doc: "Atlas's service account, which is granted roles in your project."},
			{Name: "status", For: []string{"GCP"}, Doc: "Whether the service account is there."},
		},
		Omit: map[string]string{
			"/_id":             "Azure's place of the id",
			"/authorizedDate":  "when it was authorized",
			"/createdDate":     "when it was made",
			"/featureUsages":   "what uses it; guards its deletion",
			"/lastUpdatedDate": "when it was changed",
			"/roleId":          "the id",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/cloudProviderAccess", Version: "2023-01-01", Items: []string{"/awsIamRoles", "/azureServicePrincipals", "/gcpServiceAccounts"}},
		Get:  spec.Read{Route: "GET /groups/{groupId}/cloudProviderAccess/{roleId}", Version: "2023-01-01"},
		Create: []spec.Call{
			{Route: "POST /groups/{groupId}/cloudProviderAccess", Version: "2023-01-01",
				Body: spec.Body{Send: spec.Declared, Except: []string{"iamAssumedRoleArn"}},
				Wait: &spec.Wait{At: "/status", Until: []string{"COMPLETE", ""}, Fail: []string{"FAILED"}, Max: 20 * time.Minute}},
			authorizeRole(),
		},
		Update: []spec.Call{authorizeRole(),
			{Route: "PATCH /groups/{groupId}/cloudProviderAccess/{roleId}", Version: "2023-01-01",
				Body: spec.Body{Send: spec.Declared, Fields: []string{"atlasAzureAppId", "servicePrincipalId", "tenantId"}, Set: map[string]spec.Expr{"/providerName": {Const: "AZURE"}}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/cloudProviderAccess/{cloudProvider}/{roleId}", Version: "2023-01-01"}},
	}
})

// authorizeRole tells Atlas which AWS role to take. AWS needs a while until it
// lets Atlas have it.
func authorizeRole() spec.Call {
	return spec.Call{Route: "PATCH /groups/{groupId}/cloudProviderAccess/{roleId}", Version: "2023-01-01", When: &spec.When{Field: "iamAssumedRoleArn"},
		Body:  spec.Body{Send: spec.Declared, Fields: []string{"iamAssumedRoleArn"}, Set: map[string]spec.Expr{"/providerName": {Const: "AWS"}}},
		Retry: []string{"CANNOT_ASSUME_ROLE"}}
}
