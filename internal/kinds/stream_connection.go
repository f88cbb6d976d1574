package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// StreamConnection operations: listGroupStreamConnections, getGroupStreamConnection,
// createGroupStreamConnection, updateGroupStreamConnection (which merges, but keeps
// headers and the configuration as they are unless they are sent),
// deleteGroupStreamConnection.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "StreamConnection", Section: "connections", Parent: "StreamWorkspace", Variant: "type",
		Doc:    "What the processors of a workspace read from, write to or look things up in.",
		Key:    []string{"name"},
		Params: map[string]string{"connectionName": "name"},
		Role:   "Project Stream Processing Manager",
		Events: &spec.Events{Made: []string{"STREAM_TENANT_CONNECTION_CREATED"}, Changed: []string{"STREAM_TENANT_CONNECTION_UPDATED"},
			Gone: []string{"STREAM_TENANT_CONNECTION_DELETED"}},
		After:       []string{"CloudProviderAccess"},
		Replaceable: true,
		Failure:     &spec.Failure{At: "/state", Values: []string{"FAILED"}},
		Lapse:       &spec.Lapse{At: "/state", Values: []string{"DELETING"}, What: "deletion"},
		DeleteNote:  "Processors that use it fail.",
		Fields: append(append([]spec.Field{
			{Name: "name", Required: true, MinLen: 1, Doc: "The connection's name, by which pipelines know it."},
			{Name: "type", Required: true, Immutable: true, Doc: "What it leads to."},
			{Name: "region", MinLen: 1, Doc: "The region that it is reached from, if it is not the workspace's."},
		}, streamSources("Kafka", "S3", "AWSKinesisDataStreams")...), []spec.Field{
			{Name: "aws", For: []string{"AWSLambda", "S3", "AWSKinesisDataStreams"}, Required: true, Doc: "How AWS is reached.", Fields: streamAWS()},
			{Name: "azure", For: []string{"AzureBlobStorage"}, Required: true, Doc: "The storage account.", Fields: []spec.Field{
				{Name: "servicePrincipalId", Required: true, Norm: spec.Fold, Ref: &spec.Ref{Kind: "CloudProviderAccess", Maybe: true}, Doc: "The service principal of cloudProviderAccess that may use it."},
				{Name: "storageAccountName", Required: true, Doc: "Its name."},
			}},
			{Name: "gcp", For: []string{"GCPPubSub"}, Required: true, Doc: "How Google Cloud is reached.", Fields: []spec.Field{
				{Name: "serviceAccountId", Required: true, Doc: "The service account that cloudProviderAccess tells for GCP."},
			}},
			{Name: "publicPrivateNetworking", For: []string{"AWSLambda", "AzureBlobStorage", "GCPPubSub"}, Immutable: true, Doc: "By which way.", Fields: []spec.Field{
				{Name: "access", Doc: "The way.", Fields: []spec.Field{
					{Name: "type", Default: "PUBLIC", Doc: "The Internet or a private link."},
					streamPrivateLink(),
				}},
			}},
			{Name: "url", Required: true, MinLen: 1, Doc: "The address that is called."},
			{Name: "headers", Type: spec.Map, Sensitive: true, Doc: "The headers of the calls, such as the one with the token. All of them once declared."},
			{Name: "provider", Doc: "Whose schema registry it is."},
			{Name: "schemaRegistryUrls", MinItems: 1, Doc: "The registry's addresses."},
			{Name: "schemaRegistryAuthentication", Variant: "type", Doc: "How one logs in there.", Fields: []spec.Field{
				{Name: "type", Required: true, Doc: "With a name and a password, or as the Kafka connection does."},
				{Name: "username", Doc: "The name."},
				{Name: "password", Sensitive: true, Doc: "And the password."},
			}},
			{Name: "stateName", Wire: "/state", Doc: "What Atlas is doing with it."},
		}...),
		Omit: map[string]string{
			"/azure/region":           "deprecated; the connection's",
			"/id":                     "calls take the name",
			"/networking/access/name": "the private link's",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/streams/{tenantName}/connections", Version: "2023-02-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/streams/{tenantName}/connections/{connectionName}", Version: "2023-02-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/streams/{tenantName}/connections", Version: "2023-02-01",
			Body: spec.Body{Send: spec.Declared}, Wait: streamReady()}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/streams/{tenantName}/connections/{connectionName}", Version: "2023-02-01",
			Body: spec.Body{Send: spec.Declared}, Wait: streamReady()}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/streams/{tenantName}/connections/{connectionName}", Version: "2023-02-01",
			Retry: []string{"STREAM_KAFKA_CONNECTION_IS_DEPLOYING"},
			Wait:  &spec.Wait{Gone: true, Fail: []string{"FAILED"}, At: "/state", Max: 40 * time.Minute}}},
	}
})

// streamReady waits until a connection can be used. Answers need not have a state.
func streamReady() *spec.Wait {
	return &spec.Wait{At: "/state", Until: []string{"READY", ""}, Fail: []string{"FAILED"}, Max: 40 * time.Minute}
}

// streamSources are the fields of connections to clusters and to Kafka. Those of
// some types say by which way they are reached.
func streamSources(reached ...string) []spec.Field {
	return []spec.Field{
		{Name: "clusterName", For: []string{"Cluster"}, Required: true, Ref: &spec.Ref{Kind: "Cluster", Maybe: true}, Doc: "The cluster."},
		{Name: "clusterGroupId", For: []string{"Cluster"}, Pattern: `.`, Ref: &spec.Ref{Kind: "Project", ByID: true, AnyID: true}, Doc: "The project that the cluster is in, if it is another one: its name or id. The organization has to allow it."},
		{Name: "dbRoleToExecute", For: []string{"Cluster"}, Doc: "The database role that processors have in the cluster.", Fields: []spec.Field{
			{Name: "role", Ref: &spec.Ref{Kind: "CustomDatabaseRole", Maybe: true, Where: "type", Is: "CUSTOM"}, Doc: "The role."},
			{Name: "type", Doc: "Whether it is a built-in role or a custom one."},
		}},
		{Name: "bootstrapServers", For: []string{"Kafka"}, Required: true, MinLen: 1, Doc: "The brokers to begin with: HOST:PORT, with commas between them."},
		{Name: "config", For: []string{"Kafka"}, Type: spec.Map, Doc: "Settings of the Kafka client, as auto.offset.reset: earliest. All of them once declared."},
		{Name: "authentication", For: []string{"Kafka"}, Doc: "How one logs in to Kafka.", Fields: []spec.Field{
			{Name: "mechanism", Doc: "PLAIN, SCRAM-256, SCRAM-512, OAUTHBEARER, …."},
			{Name: "method", Doc: "How a token is got: OIDC."},
			{Name: "username", Doc: "The user."},
			{Name: "password", Sensitive: true, Doc: "And the password."},
			{Name: "tokenEndpointUrl", Doc: "Where tokens are got."},
			{Name: "clientId", Doc: "Who gets them."},
			{Name: "clientSecret", Sensitive: true, Doc: "And with which secret."},
			{Name: "scope", Doc: "What for."},
			{Name: "saslOauthbearerExtensions", Doc: "What else is told: logicalCluster=ID,identityPoolId=ID."},
			{Name: "sslCertificate", Norm: spec.Text, Doc: "The client's certificate, in PEM."},
			{Name: "sslKey", Sensitive: true, Doc: "Its private key, in PEM."},
			{Name: "sslKeyPassword", Sensitive: true, Doc: "The password of that key."},
			{Name: "aws", Doc: "How AWS is reached, for Kafka there.", Fields: streamAWS()},
		}},
		{Name: "security", For: []string{"Kafka"}, Doc: "How the connection is kept secret.", Fields: []spec.Field{
			{Name: "protocol", Doc: "SASL_SSL, SASL_PLAINTEXT or SSL."},
			{Name: "brokerPublicCertificate", Norm: spec.Text, Doc: "The certificate of the brokers' authority, in PEM, if it is no public one."},
		}},
		{Name: "networking", For: reached, Immutable: true, Doc: "By which way it is reached.", Fields: []spec.Field{
			{Name: "access", Doc: "The way.", Fields: []spec.Field{
				{Name: "type", Default: "PUBLIC", Doc: "The Internet, a peering (VPC), a private link or a transit gateway."},
				streamPrivateLink(),
				{Name: "tgwRouteId", Doc: "The route through the transit gateway."},
			}},
		}},
	}
}

func streamPrivateLink() spec.Field {
	return spec.Field{Name: "connectionId", Pattern: `.`, Ref: &spec.Ref{Kind: "StreamPrivateLink", ByID: true, AnyID: true},
		Doc: "The private link: its arn, service or region, as streamPrivateLinks has it, or its id."}
}

func streamAWS() []spec.Field {
	return []spec.Field{
		{Name: "roleArn", Required: true, Ref: &spec.Ref{Kind: "CloudProviderAccess", Maybe: true}, Doc: "The role of cloudProviderAccess that may use it."},
		{Name: "testBucket", Doc: "A bucket by which Atlas tries whether it may."},
	}
}
