package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// StreamPrivateLink operations: listGroupStreamPrivateLinkConnections,
// getGroupStreamPrivateLinkConnection, createGroupStreamPrivateLinkConnection,
// updateGroupStreamPrivateLinkConnection (the DNS domain, and nothing else),
// deleteGroupStreamPrivateLinkConnection. Atlas has no name for one.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "StreamPrivateLink", Section: "streamPrivateLinks", Parent: "Project",
		Doc:    "A private link from Stream Processing to what connections lead to. Several of one service are told apart by all that they say, and else by id.",
		Key:    []string{"arn|serviceEndpointId|region"},
		Paired: true,
		Ident:  "id", IdentAt: "/_id",
		Params:         map[string]string{"connectionId": "/_id"},
		Role:           "Project Stream Processing Manager",
		NamesNotUnique: true,
		Replaceable:    true,
		Failure:        &spec.Failure{At: "/state", Values: []string{"FAILED"}, Reason: "/errorMessage"},
		Lapse:          &spec.Lapse{At: "/state", Values: []string{"DELETE_REQUESTED", "DELETING"}, What: "deletion"},
		DeleteNote:     "Atlas refuses it while a connection uses it.",
		Constraints: []spec.Constraint{
			{At: "arn", Message: "a link to MSK is told by arn",
				CEL: "!has(self.vendor) || self.vendor != 'MSK' || has(self.arn)"},
			{At: "region", Message: "a link to CONFLUENT, S3, PUBSUB or AZURE_BLOB_STORAGE has a region",
				CEL: "!has(self.vendor) || !(self.vendor in ['CONFLUENT', 'S3', 'PUBSUB', 'AZURE_BLOB_STORAGE']) || has(self.region)"},
			{At: "serviceEndpointId", Message: "a link to S3 or AZURE_BLOB_STORAGE has a serviceEndpointId, one to CONFLUENT that or gcpServiceAttachmentUris",
				CEL: "!has(self.vendor) || !(self.vendor in ['S3', 'AZURE_BLOB_STORAGE', 'CONFLUENT']) || has(self.serviceEndpointId) || self.vendor == 'CONFLUENT' && has(self.gcpServiceAttachmentUris)"},
			{At: "dnsDomain", Message: "a link to AZURE_BLOB_STORAGE, or to CONFLUENT off AWS, has a dnsDomain",
				CEL: "!has(self.vendor) || self.vendor != 'AZURE_BLOB_STORAGE' && (self.vendor != 'CONFLUENT' || self.provider == 'AWS') || has(self.dnsDomain)"},
		},
		Fields: []spec.Field{
			{Name: "provider", Enum: []string{"AWS", "AZURE", "GCP"}, Immutable: true, Doc: "The cloud."},
			{Name: "vendor", Enum: []string{"CONFLUENT", "MSK", "KINESIS", "S3", "LAMBDA", "EVENTHUB", "AZURE_BLOB_STORAGE", "PUBSUB", "GENERIC"}, OpenEnum: true, Default: "GENERIC", Immutable: true, Doc: "Whose service it leads to."},
			{Name: "arn", MinLen: 1, Immutable: true, Doc: "The cluster in MSK."},
			{Name: "serviceEndpointId", MinLen: 1, Immutable: true, Doc: "The service: its endpoint service on AWS, its resource on Azure."},
			{Name: "region", MinLen: 1, Immutable: true, IgnoredFor: &spec.Ignored{Field: "vendor", Is: "MSK", Why: "the region follows from the arn"},
				Doc: "The service's region, in the cloud's spelling."},
			{Name: "dnsDomain", MinLen: 1, Doc: "The domain under which it is found. Once it is set, Atlas changes it only while it is not at work on the link."},
			{Name: "dnsSubDomain", Immutable: true, Doc: "The subdomains of its zones."},
			{Name: "azureResourceIds", Immutable: true, Doc: "The resources on Azure."},
			{Name: "gcpServiceAttachmentUris", Immutable: true, Doc: "The service attachments on Google Cloud, three at most."},
			{Name: "authenticationScheme", Immutable: true, Doc: "How MSK knows who connects."},
			{Name: "gcpConnectionIds", ReadOnly: true, Output: true, Doc: "The connections on Google Cloud, which have to be accepted there."},
			{Name: "interfaceEndpointId", Output: true, Doc: "The endpoint's id, once it is there."},
			{Name: "interfaceEndpointName", Output: true, Doc: "Its name."},
			{Name: "providerAccountId", Output: true, Doc: "The account that it is in."},
			{Name: "stateName", Wire: "/state", Doc: "How far Atlas is with it."},
		},
		Omit: map[string]string{
			"/_id":          "the id",
			"/errorMessage": "the failure tells it",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/streams/privateLinkConnections", Version: "2023-02-01", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/streams/privateLinkConnections/{connectionId}", Version: "2023-02-01"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/streams/privateLinkConnections", Version: "2023-02-01",
			Body: spec.Body{Send: spec.Declared}, Wait: linked("DONE")}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/streams/privateLinkConnections/{connectionId}", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"dnsDomain"}}, Wait: linked("DONE", "IDLE")}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/streams/privateLinkConnections/{connectionId}", Version: "2023-02-01",
			Retry: []string{"STREAM_PRIVATE_LINK_IN_USE"},
			Wait:  &spec.Wait{Gone: true, At: "/state", Max: time.Hour}}},
	}
})

func linked(states ...string) *spec.Wait {
	return &spec.Wait{At: "/state", Until: states, Fail: []string{"FAILED"}, Error: "/errorMessage", Max: time.Hour}
}
