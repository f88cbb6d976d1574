package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// FederatedDatabase operations: listGroupDataFederation (a bare array, of those
// that people have made), getGroupDataFederation, createGroupDataFederation,
// updateGroupDataFederation (which replaces what is in storage whole),
// deleteGroupDataFederation.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "FederatedDatabase", Section: "dataFederation", Parent: "Project",
		Doc:        "A federated database instance: stores, and the databases that queries see of them.",
		Key:        []string{"name"},
		Params:     map[string]string{"tenantName": "name"},
		Role:       "Project Owner",
		Events:     &spec.Events{Made: []string{"FEDERATED_DATABASE_CREATED"}, Changed: []string{"FEDERATED_DATABASE_UPDATED"}, Gone: []string{"FEDERATED_DATABASE_REMOVED"}},
		Blocks:     []spec.Block{{Of: "parent", While: spec.Cond{At: "/name", NotIn: []string{""}}, Why: "is in it"}},
		DeleteNote: "Queries of it fail. The stores keep their data.",
		Constraints: []spec.Constraint{{At: "databases", Message: "each data source names one of the stores",
			CEL: "!has(self.databases) || !has(self.stores) || self.databases.all(d, !has(d.collections) || d.collections.all(c, !has(c.dataSources) || " +
				"c.dataSources.all(s, !has(s.storeName) || self.stores.exists(t, t.name == s.storeName))))"}},
		Fields: []spec.Field{
			{Name: "name", MinLen: 1, Doc: "The instance's name."},
			{Name: "skipRoleValidation", Type: spec.Bool, Local: true, Default: false, Doc: "Whether Atlas takes a role without trying whether it can read the bucket."},
			{Name: "cloudProviderConfig", Doc: "How stores in your cloud are reached.", Fields: []spec.Field{
				{Name: "aws", Doc: "On AWS.", Fields: []spec.Field{
					federationRole(),
					{Name: "testS3Bucket", MinLen: 1, Doc: "A bucket by which Atlas tries whether the role may read. A change of the block takes it."},
				}},
				{Name: "azure", Doc: "On Azure.", Fields: []spec.Field{federationRole()}},
				{Name: "gcp", Doc: "On Google Cloud.", Fields: []spec.Field{federationRole()}},
			}},
			{Name: "dataProcessRegion", Doc: "Where queries are processed; Atlas picks a place if it is left out.", Fields: []spec.Field{
				{Name: "cloudProvider", Required: true, Doc: "The cloud."},
				{Name: "region", Required: true, OpenEnum: true, Doc: "The region, in the spelling of data federation: VIRGINIA_USA."},
			}},
			{Name: "stores", Wire: "/storage/stores", ElemKey: []string{"name"}, Variant: "provider", Doc: "Where data is. All of them once declared.", Fields: federationStores()},
			{Name: "databases", Wire: "/storage/databases", ElemKey: []string{"name"}, Doc: "What queries see. All of them once declared.", Fields: []spec.Field{
				{Name: "name", Required: true, Doc: "The database's name."},
				{Name: "maxWildcardCollections", Default: int64(100), Doc: "How many collections a wildcard may make."},
				{Name: "collections", ElemKey: []string{"name"}, Doc: "Its collections.", Fields: []spec.Field{
					{Name: "name", Required: true, Doc: "The collection's name; * for a wildcard."},
					{Name: "dataSources", ElemKey: []string{"storeName", "database", "databaseRegex", "collection", "collectionRegex", "datasetName", "datasetPrefix", "path", "urls"}, Repeats: true,
						Doc: "What it is made of.", Fields: []spec.Field{
							{Name: "storeName", Doc: "The store."},
							{Name: "database", Doc: "The database in a cluster."},
							{Name: "databaseRegex", Doc: "Or an expression for the names of several."},
							{Name: "collection", Doc: "The collection in a cluster."},
							{Name: "collectionRegex", Doc: "Or an expression for the names of several."},
							{Name: "datasetName", Doc: "The dataset in Atlas's own store."},
							{Name: "datasetPrefix", Doc: "Or the beginning of the names of several."},
							{Name: "trimLevel", Doc: "How many parts of their names are left out."},
							{Name: "path", Doc: "The files in a bucket."},
							{Name: "urls", Doc: "The addresses in an HTTP store."},
							{Name: "allowInsecure", Doc: "Whether they may be without TLS."},
							{Name: "defaultFormat", Doc: "The format of files whose names do not tell it."},
							{Name: "provenanceFieldName", Doc: "The field that says where a document is from."},
						}},
				}},
				{Name: "views", ElemKey: []string{"name"}, Doc: "Its views.", Fields: []spec.Field{
					{Name: "name", Required: true, Doc: "The view's name."},
					{Name: "source", Doc: "The collection that it is of."},
					{Name: "pipeline", Norm: spec.JSONDoc, Doc: "The stages, as JSON in a text."},
				}},
			}},
			{Name: "hostnames", Output: true, Doc: "How applications reach the instance."},
			{Name: "stateName", Wire: "/state", Doc: "Whether Atlas has tried the role."},
		},
		Omit: map[string]string{
			"/cloudProviderConfig/aws/externalId":           "cloudProviderAccess tells it",
			"/cloudProviderConfig/aws/iamAssumedRoleARN":    "cloudProviderAccess tells it",
			"/cloudProviderConfig/aws/iamUserARN":           "cloudProviderAccess tells it",
			"/cloudProviderConfig/azure/atlasAppId":         "cloudProviderAccess tells it",
			"/cloudProviderConfig/azure/servicePrincipalId": "cloudProviderAccess tells it",
			"/cloudProviderConfig/azure/tenantId":           "cloudProviderAccess tells it",
			"/cloudProviderConfig/gcp/gcpServiceAccount":    "cloudProviderAccess tells it",
			"/groupId":                  "the project",
			"/privateEndpointHostnames": "by an endpoint",
			"/storage/stores/projectId": "the project",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/dataFederation", Version: "2023-01-01", Query: map[string][]string{"type": {"USER"}}},
		Get:  spec.Read{Route: "GET /groups/{groupId}/dataFederation/{tenantName}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/dataFederation", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared}, Query: map[string]string{"skipRoleValidation": "skipRoleValidation"}, Retry: federationRetries}},
		Update: []spec.Call{
			changeFederation(spec.Body{Send: spec.Changed, Fields: []string{"cloudProviderConfig", "dataProcessRegion"}}),
			changeFederation(spec.Body{Send: spec.Overlay, Fields: []string{"stores", "databases"}}),
		},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/dataFederation/{tenantName}", Version: "2023-01-01"}},
	}
})

// federationRetries are the errors of a new cloud role, which takes a while until
// it can be assumed.
var federationRetries = []string{"CANNOT_ASSUME_ROLE", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED"}

func changeFederation(body spec.Body) spec.Call {
	return spec.Call{Route: "PATCH /groups/{groupId}/dataFederation/{tenantName}", Version: "2023-01-01",
		Body: body, Query: map[string]string{"skipRoleValidation": "skipRoleValidation"}, Retry: federationRetries}
}

func federationRole() spec.Field {
	return spec.Field{Name: "roleId", Required: true, Pattern: `.`, Ref: &spec.Ref{Kind: "CloudProviderAccess", ByID: true, AnyID: true},
		Doc: "The role that may read: its ARN, its service principal, or GCP, as cloudProviderAccess has it; or its id."}
}

// federationStores are the fields of a store.
func federationStores() []spec.Field {
	return []spec.Field{
		{Name: "name", Required: true, Doc: "The store's name."},
		{Name: "provider", Required: true, Enum: []string{"s3", "atlas", "http", "azure", "gcs", "dls:aws", "dls:azure", "dls:gcp"}, Doc: "What it is: a bucket, a cluster, …."},
		{Name: "bucket", Doc: "The bucket."},
		{Name: "serviceURL", Doc: "The storage account's address."},
		{Name: "containerName", Doc: "The container in it."},
		{Name: "region", OpenEnum: true, Doc: "The region."},
		{Name: "prefix", Doc: "What all names begin with."},
		{Name: "delimiter", Doc: "What parts names; by default /."},
		{Name: "replacementDelimiter", Doc: "What stands for the delimiter in names."},
		{Name: "includeTags", Doc: "Whether the tags of files can be queried."},
		{Name: "public", Doc: "Whether the bucket is open to all."},
		{Name: "additionalStorageClasses", Doc: "Classes of storage that are read besides."},
		{Name: "clusterName", Ref: &spec.Ref{Kind: "Cluster", Maybe: true}, Doc: "The cluster, in this project."},
		{Name: "readConcern", Doc: "What reads see.", Fields: []spec.Field{
			{Name: "level", Doc: "How sure it is that data stays."},
		}},
		{Name: "readPreference", Doc: "Which nodes are read.", Fields: []spec.Field{
			{Name: "mode", Doc: "Primary or secondary, and what if there is none."},
			{Name: "maxStalenessSeconds", Max: 1 << 31, Doc: "How far a node may be behind."},
			{Name: "tagSets", Type: spec.Document, Doc: "Lists of {name, value}: the first that a node has all of."},
		}},
		{Name: "urls", Doc: "The addresses."},
		{Name: "allowInsecure", Doc: "Whether they may be without TLS."},
		{Name: "defaultFormat", Doc: "The format of files whose names do not tell it."},
	}
}
