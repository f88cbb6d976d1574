package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// QueryLimit operations: listGroupDataFederationLimits (a bare array),
// getGroupDataFederationLimit, setGroupDataFederationLimit (creates too),
// deleteGroupDataFederationLimit.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "QueryLimit", Section: "limits", Parent: "FederatedDatabase",
		Doc:    "A limit on how much data the queries of a federated database instance may process.",
		Key:    []string{"name"},
		Params: map[string]string{"limitName": "name"},
		Role:   "Project Owner",
		Events: &spec.Events{Made: []string{"DATA_FEDERATION_QUERY_LIMIT_CONFIGURED"}, Changed: []string{"DATA_FEDERATION_QUERY_LIMIT_CONFIGURED"},
			Gone: []string{"DATA_FEDERATION_QUERY_LIMIT_DELETED"}},
		Fields: []spec.Field{
			{Name: "name", Doc: "Which limit: per query, or per day, week or month.",
				Enum: []string{"bytesProcessed.query", "bytesProcessed.daily", "bytesProcessed.weekly", "bytesProcessed.monthly"}},
			{Name: "value", Type: spec.Bytes, Min: 0, Max: 1 << 62, Doc: "Bytes that may be processed: 10GiB, or a number."},
			{Name: "overrunPolicy",
				IgnoredFor: &spec.Ignored{Field: "name", Is: "bytesProcessed.query", Why: "Atlas stops the one query that passes a per-query limit, whatever the policy"},
				Doc:        "What happens over the limit: new queries are refused, or running ones are stopped too."},
			{Name: "currentUsage", Doc: "Bytes processed so far; moves by itself."},
		},
		Omit: map[string]string{
			"/defaultLimit":     "what Atlas has without it",
			"/maximumLimit":     "what Atlas allows",
			"/lastModifiedDate": "moves by itself",
			"/tenantName":       "the instance",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/dataFederation/{tenantName}/limits", Version: "2023-01-01"},
		Get:  spec.Read{Route: "GET /groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", Version: "2023-01-01"},
		Create: []spec.Call{{Route: "PATCH /groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"value", "overrunPolicy"}}}},
		// Atlas wants the value even to change the policy, and forgets a policy that is left out.
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", Version: "2023-01-01",
			Body: spec.Body{Send: spec.Overlay, Fields: []string{"value", "overrunPolicy"}}}},
		Delete:     []spec.Call{{Route: "DELETE /groups/{groupId}/dataFederation/{tenantName}/limits/{limitName}", Version: "2023-01-01"}},
		Unset:      &spec.Cond{At: "/value", As: "/defaultLimit"},
		NeverPrune: "Atlas may list limits with their defaults",
	}
})
