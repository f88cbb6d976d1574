package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// SnapshotExportBucket operations: listGroupBackupExportBuckets,
// getGroupBackupExportBucket, createGroupBackupExportBucket,
// updateGroupBackupExportBucket (how AWS is reached, and nothing else),
// deleteGroupBackupExportBucket.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "SnapshotExportBucket", Section: "snapshotExportBuckets", Parent: "Project", Variant: "cloudProvider",
		Doc:   "A bucket or container of yours that snapshots are exported to.",
		Key:   []string{"bucketName"},
		Ident: "id", IdentAt: "/_id",
		Params:         map[string]string{"exportBucketId": "/_id"},
		Role:           "Project Owner",
		Events:         &spec.Events{Made: []string{"BUCKET_CREATED_AUDIT"}, Gone: []string{"BUCKET_DELETED_AUDIT"}},
		NamesNotUnique: true,
		Replaceable:    true,
		DeleteNote:     "What was exported stays in it.",
		Fields: []spec.Field{
			{Name: "cloudProvider", Required: true, Immutable: true, Doc: "The cloud."},
			{Name: "bucketName", Required: true, Immutable: true, Doc: "The bucket's name; on Azure the container's."},
			{Name: "iamRoleId", For: []string{"AWS"}, Required: true, Immutable: true, Pattern: `.`, Ref: &spec.Ref{Kind: "CloudProviderAccess", ByID: true, AnyID: true},
				Doc: "The role that may write to it: its ARN, as cloudProviderAccess has it, or its id."},
			{Name: "requirePrivateNetworking", For: []string{"AWS"}, Default: false, Doc: "Whether it is reached over private endpoints only."},
			{Name: "roleId", For: []string{"AZURE", "GCP"}, Required: true, Immutable: true, Pattern: `.`, Ref: &spec.Ref{Kind: "CloudProviderAccess", ByID: true, AnyID: true},
				Doc: "The service principal, or GCP, that may write to it, as cloudProviderAccess has it, or its id."},
			{Name: "serviceUrl", For: []string{"AZURE"}, Required: true, Immutable: true, Doc: "The storage account's address: https://ACCOUNT.blob.core.windows.net."},
		},
		Omit: map[string]string{
			"/_id":      "the id",
			"/region":   "the bucket's",
			"/tenantId": "Atlas pays no heed to it",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/backup/exportBuckets", Version: "2024-05-30", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/backup/exportBuckets/{exportBucketId}", Version: "2024-05-30"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/backup/exportBuckets", Version: "2024-05-30",
			Body: spec.Body{Send: spec.Declared},
			// A new cloud role takes a while until it can be assumed.
			Retry: []string{"CANNOT_ASSUME_ROLE", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/backup/exportBuckets/{exportBucketId}", Version: "2024-05-30",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"requirePrivateNetworking"}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/backup/exportBuckets/{exportBucketId}", Version: "2023-01-01"}},
	}
})
