package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

var awsRegions = []string{"US_GOV_WEST_1", "US_GOV_EAST_1", "US_EAST_1", "US_EAST_2", "US_WEST_1", "US_WEST_2", "CA_CENTRAL_1",
	"EU_NORTH_1", "EU_WEST_1", "EU_WEST_2", "EU_WEST_3", "EU_CENTRAL_1", "EU_CENTRAL_2", "AP_EAST_1", "AP_EAST_2", "AP_NORTHEAST_1",
	"AP_NORTHEAST_2", "AP_NORTHEAST_3", "AP_SOUTHEAST_1", "AP_SOUTHEAST_2", "AP_SOUTHEAST_3", "AP_SOUTHEAST_4", "AP_SOUTHEAST_5",
	"AP_SOUTHEAST_6", "AP_SOUTHEAST_7", "AP_SOUTH_1", "AP_SOUTH_2", "SA_EAST_1", "CN_NORTH_1", "CN_NORTHWEST_1", "ME_SOUTH_1",
	"ME_CENTRAL_1", "AF_SOUTH_1", "EU_SOUTH_1", "EU_SOUTH_2", "IL_CENTRAL_1", "CA_WEST_1", "MX_CENTRAL_1", "GLOBAL"}

const uuidPattern = `^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`

// EncryptionAtRest operations: getGroupEncryptionAtRest,
// updateGroupEncryptionAtRest. Disabling a provider sends its switch alone.
var EncryptionAtRest = register(spec.Kind{
	Name: "EncryptionAtRest", Section: "encryptionAtRest", Parent: "Project", Singleton: true,
	Doc:  "Encryption of the project's data with keys of your own, by provider.",
	Role: "Project Owner",
	Fields: []spec.Field{
		{Name: "awsKms", Type: spec.Object, Doc: "A key in AWS KMS.",
			Switch: &spec.Switch{Field: "enabled", Valid: "valid",
				Needs: [][]string{{"customerMasterKeyID"}, {"region"}, {"roleId", "accessKeyID"}}},
			Fields: []spec.Field{
				{Name: "enabled", Type: spec.Bool, Doc: "Whether this key is used."},
				{Name: "customerMasterKeyID", Type: spec.String, MinLen: 1, MaxLen: 2048, Doc: "The KMS key's id or ARN."},
				{Name: "region", Type: spec.String, Enum: awsRegions, OpenEnum: true, Doc: "The key's region, in Atlas's spelling."},
				{Name: "roleId", Type: spec.String, Pattern: `^[a-f0-9]{24}$`, NotReturned: true, Doc: "The id of the Atlas cloud provider access role that may use the key."},
				{Name: "accessKeyID", Type: spec.String, MinLen: 16, MaxLen: 128, NotReturned: true, Doc: "The id of an IAM access key, where no role is used."},
				{Name: "secretAccessKey", Type: spec.String, Sensitive: true, Instead: "roleId", NotReturned: true, Doc: "The secret of that access key."},
				{Name: "requirePrivateNetworking", Type: spec.Bool, Default: false, Doc: "Whether the key is reached over private endpoints only."},
				{Name: "valid", Type: spec.Bool, ReadOnly: true, Doc: "Whether Atlas can use the key."},
			}},
		{Name: "azureKeyVault", Type: spec.Object, Doc: "A key in Azure Key Vault.",
			Switch: &spec.Switch{Field: "enabled", Valid: "valid",
				Needs: [][]string{{"keyIdentifier"}, {"keyVaultName"}, {"resourceGroupName"}, {"subscriptionID"}, {"tenantID"}, {"roleId", "clientID"}}},
			Fields: []spec.Field{
				{Name: "enabled", Type: spec.Bool, Doc: "Whether this key is used."},
				{Name: "azureEnvironment", Type: spec.String, Enum: []string{"AZURE", "AZURE_CHINA", "AZURE_US_GOVERNMENT"}, Default: "AZURE", Doc: "The Azure cloud that holds the vault."},
				{Name: "clientID", Type: spec.String, Pattern: uuidPattern, Doc: "The application's client id."},
				{Name: "keyIdentifier", Type: spec.String, MinLen: 1, Doc: "The key's web address with its version."},
				{Name: "keyVaultName", Type: spec.String, MinLen: 1, Doc: "The vault's name."},
				{Name: "resourceGroupName", Type: spec.String, MinLen: 1, Doc: "The vault's resource group."},
				{Name: "roleId", Type: spec.String, Pattern: `^[a-f0-9]{24}$`, NotReturned: true, Doc: "The id of the Atlas cloud provider access role that may use the key."},
				{Name: "secret", Type: spec.String, Sensitive: true, Instead: "roleId", NotReturned: true, Doc: "The application's secret."},
				{Name: "subscriptionID", Type: spec.String, Pattern: uuidPattern, Doc: "The subscription's id."},
				{Name: "tenantID", Type: spec.String, Pattern: uuidPattern, Doc: "The directory's id."},
				{Name: "requirePrivateNetworking", Type: spec.Bool, Default: false, Doc: "Whether the vault is reached over private endpoints only."},
				{Name: "valid", Type: spec.Bool, ReadOnly: true, Doc: "Whether Atlas can use the key."},
			}},
		{Name: "googleCloudKms", Type: spec.Object, Doc: "A key in Google Cloud KMS.",
			Switch: &spec.Switch{Field: "enabled", Valid: "valid",
				Needs: [][]string{{"keyVersionResourceID"}, {"serviceAccountKey", "roleId"}}},
			Fields: []spec.Field{
				{Name: "enabled", Type: spec.Bool, Doc: "Whether this key is used."},
				{Name: "keyVersionResourceID", Type: spec.String, MinLen: 1, Doc: "The key version's resource path."},
				{Name: "roleId", Type: spec.String, Pattern: `^[a-f0-9]{24}$`, NotReturned: true, Doc: "The id of the Atlas cloud provider access role that may use the key."},
				{Name: "serviceAccountKey", Type: spec.String, Sensitive: true, Instead: "roleId", NotReturned: true, Doc: "The service account's JSON key."},
				{Name: "valid", Type: spec.Bool, ReadOnly: true, Doc: "Whether Atlas can use the key."},
			}},
		{Name: "enabledForSearchNodes", Type: spec.Bool, Default: false, Doc: "Whether search nodes use the key too."},
	},
	List: spec.Read{Route: "GET /groups/{groupId}/encryptionAtRest", Version: "2023-01-01"},
	Get:  spec.Read{Route: "GET /groups/{groupId}/encryptionAtRest", Version: "2023-01-01"},
	Update: []spec.Call{{Route: "PATCH /groups/{groupId}/encryptionAtRest", Version: "2023-01-01",
		Body: spec.Body{Send: spec.Changed},
		// A new cloud role takes a while until it can be assumed.
		Retry: []string{"CANNOT_ASSUME_ROLE", "INVALID_AWS_CREDENTIALS", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"}}},
})
