package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

const aiModelLimits = "/groups/{groupId}/aiModelApiClouds/{cloud}/geographies/{geography}/modelGroupNames/{modelGroupName}/rateLimits"

// AIModelRateLimit operations: getGroupAiModelApiRateLimits (lists them),
// getGroupAiModelApiCloudGeographyModelGroupNameRateLimits,
// updateGroupAiModelApiCloudGeographyModelGroupNameRateLimits (wants both limits).
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "AIModelRateLimit", Section: "aiModelRateLimits", Parent: "Project",
		Doc:    "How much of a group of AI models a project may use in a minute. There is one for each group.",
		Key:    []string{"modelGroupName"},
		Given:  true,
		Params: map[string]string{"cloud": "/cloud", "geography": "/geography", "modelGroupName": "/modelGroupName"},
		Role:   "Project Model Owner",
		Events: &spec.Events{Changed: []string{"AI_MODELS_APIS_RATE_LIMIT_UPDATED", "AI_MODELS_APIS_RATE_LIMIT_RESET"}},
		Fields: []spec.Field{
			{Name: "modelGroupName", ReadOnly: false, Doc: "The group of models."},
			{Name: "requestsPerMinuteLimit", Doc: "Requests in a minute; not above the organization's limit."},
			{Name: "tokensPerMinuteLimit", Doc: "Tokens in a minute; not above the organization's limit."},
			{Name: "modelNames", Doc: "The models of the group."},
		},
		Omit: map[string]string{
			"/cloud":     "always ANY",
			"/endpoint":  "aiModelApiKeys tell it",
			"/geography": "always ANY",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/aiModelApiRateLimits", Version: "2025-03-12", Paged: true},
		Get:  spec.Read{Route: "GET " + aiModelLimits, Version: "2025-03-12"},
		// A new project has all of them: to set one is what a creation does.
		Create: []spec.Call{{Route: "PATCH " + aiModelLimits, Version: "2025-03-12",
			Params: map[string]spec.Expr{"cloud": {Const: "ANY"}, "geography": {Const: "ANY"}, "modelGroupName": {Field: "modelGroupName"}},
			Body:   spec.Body{Send: spec.Declared, Fields: []string{"requestsPerMinuteLimit", "tokensPerMinuteLimit"}}}},
		Update: []spec.Call{{Route: "PATCH " + aiModelLimits, Version: "2025-03-12",
			Body: spec.Body{Send: spec.Overlay, Fields: []string{"requestsPerMinuteLimit", "tokensPerMinuteLimit"}}}},
	}
})
