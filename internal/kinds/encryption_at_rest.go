package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// EncryptionAtRest operations: getGroupEncryptionAtRest,
// updateGroupEncryptionAtRest. Disabling a provider sends its switch alone.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "EncryptionAtRest", Section: "encryptionAtRest", Parent: "Project", Singleton: true,
		Doc:    "Encryption of the project's data with keys of your own, by provider.",
		Role:   "Project Owner",
		Events: &spec.Events{Changed: []string{"ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"}},
		Fields: []spec.Field{
			{Name: "awsKms", Doc: "A key in AWS KMS.",
				Partial: true, Switch: &spec.Switch{Field: "enabled", Valid: "valid",
					Needs: [][]string{{"customerMasterKeyID"}, {"region"}, {"roleId", "accessKeyID"}, {"roleId", "secretAccessKey"}}},
				Fields: []spec.Field{
					{Name: "enabled", Doc: "Whether this key is used."},
					{Name: "customerMasterKeyID", Doc: "The KMS key's id or ARN."},
					{Name: "region", OpenEnum: true, Doc: "The key's region, in Atlas's spelling."},
					cloudRole(),
					{Name: "accessKeyID", NotReturned: true, Doc: "The id of an IAM access key, where no role is used."},
					{Name: "secretAccessKey", Sensitive: true, Instead: "roleId", Doc: "The secret of that access key."},
					{Name: "requirePrivateNetworking", Default: false, Doc: "Whether the key is reached over private endpoints only."},
					{Name: "valid", Doc: "Whether Atlas can use the key."},
				}},
			{Name: "azureKeyVault", Doc: "A key in Azure Key Vault.",
				Partial: true, Switch: &spec.Switch{Field: "enabled", Valid: "valid",
					Needs: [][]string{{"keyIdentifier"}, {"keyVaultName"}, {"resourceGroupName"}, {"subscriptionID"}, {"roleId", "tenantID"}, {"roleId", "clientID"}, {"roleId", "secret"}}},
				Fields: []spec.Field{
					{Name: "enabled", Doc: "Whether this key is used."},
					{Name: "azureEnvironment", Default: "AZURE", Doc: "The Azure cloud that holds the vault."},
					{Name: "clientID", Doc: "The application's client id."},
					{Name: "keyIdentifier", MinLen: 1, Doc: "The key's web address with its version."},
					{Name: "keyVaultName", MinLen: 1, Doc: "The vault's name."},
					{Name: "resourceGroupName", MinLen: 1, Doc: "The vault's resource group."},
					cloudRole(),
					{Name: "secret", Sensitive: true, Instead: "roleId", Doc: "The application's secret."},
					{Name: "subscriptionID", Doc: "The subscription's id."},
					{Name: "tenantID", Doc: "The directory's id."},
					{Name: "requirePrivateNetworking", Default: false, Doc: "Whether the vault is reached over private endpoints only."},
					{Name: "valid", Doc: "Whether Atlas can use the key."},
				}},
			{Name: "googleCloudKms", Doc: "A key in Google Cloud KMS.",
				Partial: true, Switch: &spec.Switch{Field: "enabled", Valid: "valid",
					Needs: [][]string{{"keyVersionResourceID"}, {"serviceAccountKey", "roleId"}}},
				Fields: []spec.Field{
					{Name: "enabled", Doc: "Whether this key is used."},
					{Name: "keyVersionResourceID", MinLen: 1, Doc: "The key version's resource path."},
					cloudRole(),
					{Name: "serviceAccountKey", Sensitive: true, Instead: "roleId", Doc: "The service account's JSON key."},
					{Name: "valid", Doc: "Whether Atlas can use the key."},
				}},
			{Name: "enabledForSearchNodes", Default: false, Doc: "Whether search nodes use the key too."},
		},
		List: spec.Read{Route: "GET /groups/{groupId}/encryptionAtRest", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/encryptionAtRest", Version: "2023-01-01"},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/encryptionAtRest", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Changed},
			// A new cloud role takes a while until it can be assumed.
			Retry: []string{"CANNOT_ASSUME_ROLE", "INVALID_AWS_CREDENTIALS", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"}}},
	}
})

// cloudRole is the role in a cloud that may use a key: its ARN, service
// principal or GCP, as cloudProviderAccess has it, or its id.
func cloudRole() spec.Field {
	return spec.Field{Name: "roleId", NotReturned: true, Pattern: `.`, Ref: &spec.Ref{Kind: "CloudProviderAccess", ByID: true, AnyID: true},
		Doc: "The cloud provider access role that may use the key: its ARN, its service principal, or GCP; or its id."}
}
