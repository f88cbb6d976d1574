package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// AIModelAPIKey operations: listGroupAiModelApiKeys, getGroupAiModelApiKey,
// createGroupAiModelApiKey (shows the secret, once), updateGroupAiModelApiKey
// (renames it), deleteGroupAiModelApiKey.
var _ = register(func() spec.Kind {
	return spec.Kind{
		Name: "AIModelAPIKey", Section: "aiModelApiKeys", Parent: "Project",
		Doc:   "A key for the AI models that a project may call. Its secret is shown once and goes where deliverTo says; to renew it, make a second key.",
		Key:   []string{"name"},
		Ident: "apiKeyId", IdentAt: "/apiKeyId", IdentPattern: `^[0-9A-Za-z_-]+$`,
		Params:         map[string]string{"apiKeyId": "/apiKeyId"},
		Role:           "Project Model Owner",
		Events:         &spec.Events{Made: []string{"AI_MODELS_APIS_API_KEY_CREATED"}, Changed: []string{"AI_MODELS_APIS_API_KEY_UPDATED"}, Gone: []string{"AI_MODELS_APIS_API_KEY_DELETED"}},
		NamesNotUnique: true,
		DeleteNote:     "Whoever calls the models with it is locked out.",
		Fields: []spec.Field{
			{Name: "name", Doc: "What the key is called. Atlas does not keep names unique; apiKeyId settles which is meant."},
			deliverTo("raw: the bare secret; env: lines NAME=value, of which VOYAGE_API_KEY is the secret; json: an object with the secret and the ids."),
			{Name: "endpoint", Output: true, Doc: "Where the models are called."},
			{Name: "status", Doc: "Whether the key may be used."},
		},
		Omit: map[string]string{
			"/cloud":        "always ANY",
			"/createdAt":    "when it was made",
			"/createdBy":    "who made it",
			"/geography":    "always ANY",
			"/groupId":      "the project",
			"/lastUsedAt":   "moves by itself",
			"/maskedSecret": "what is shown of the secret",
			"/secret":       "shown once, and delivered",
		},
		List: spec.Read{Route: "GET /groups/{groupId}/aiModelApiKeys", Version: "2025-03-12", Paged: true},
		Get:  spec.Read{Route: "GET /groups/{groupId}/aiModelApiKeys/{apiKeyId}", Version: "2025-03-12"},
		Create: []spec.Call{{Route: "POST /groups/{groupId}/aiModelApiKeys", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Declared, Fields: []string{"name"}, Set: map[string]spec.Expr{"/cloud": {Const: "ANY"}, "/geography": {Const: "ANY"}}}}},
		Update: []spec.Call{{Route: "PATCH /groups/{groupId}/aiModelApiKeys/{apiKeyId}", Version: "2025-03-12",
			Body: spec.Body{Send: spec.Changed, Fields: []string{"name"}}}},
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/aiModelApiKeys/{apiKeyId}", Version: "2025-03-12"}},
		Rotation: &spec.Rotation{Field: "deliverTo", Once: true, Value: "/secret",
			Tells:  map[string]string{"apiKeyId": "apiKeyId", "projectId": "groupId"},
			Delete: spec.Call{Route: "DELETE /groups/{groupId}/aiModelApiKeys/{apiKeyId}", Version: "2025-03-12"}},
	}
})
