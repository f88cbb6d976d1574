package sandbox

import (
	"crypto/rand"
	"slices"
)

var aiModelsPart = part{
	id: "aiModels", name: "AI Models", scope: perProject,
	resources: []*resource{aiModelKeys},
	operations: []operation{
		operationOf("getGroupAiModelApiRateLimits", "", listAIModelLimits),
		operationOf("getGroupAiModelApiCloudGeographyModelGroupNameRateLimits", "", getAIModelLimit),
		operationOf("updateGroupAiModelApiCloudGeographyModelGroupNameRateLimits", "AI_MODELS_APIS_RATE_LIMIT_UPDATED", setAIModelLimit),
		operationOf("resetGroupAiModelApiCloudGeographyModelGroupNameRateLimits", "AI_MODELS_APIS_RATE_LIMIT_RESET", resetAIModelLimit),
		operationOf("resetGroupAiModelApiRateLimits", "AI_MODELS_APIS_RATE_LIMIT_RESET", resetAIModelLimits),
		operationOf("getOrgAiModelApiRateLimits", "", listAIModelLimits),
		operationOf("getOrgAiModelApiCloudGeographyModelGroupNameRateLimits", "", getAIModelLimit),
	},
}

// aiModelKeys are keys for the AI models. The secret is in the answer to the
// creation alone; names are not unique.
var aiModelKeys = &resource{
	name: "aiModelKeys",
	list: "listGroupAiModelApiKeys", get: "getGroupAiModelApiKey", create: "createGroupAiModelApiKey",
	update: "updateGroupAiModelApiKey", remove: "deleteGroupAiModelApiKey",
	id:      "apiKeyId",
	params:  []string{"apiKeyId"},
	missing: "AI_MODEL_API_KEY_NOT_FOUND",
	events:  [3]string{"AI_MODELS_APIS_API_KEY_CREATED", "AI_MODELS_APIS_API_KEY_UPDATED", "AI_MODELS_APIS_API_KEY_DELETED"},
	check: func(c *call, old, t *thing) error {
		if old == nil {
			c.once = "al-" + rand.Text()
			t.Fields["maskedSecret"] = maskOf(c.once)
			t.Fields["cloud"], t.Fields["geography"] = "ANY", "ANY"
			t.Fields["createdBy"] = c.caller
		}
		return nil
	},
	show: showAIModelKey,
	extra: []extra{
		{operation: "listOrgAiModelApiKeys", do: func(c *call) (any, error) {
			keys, err := c.orgAIModelKeys()
			if err != nil {
				return nil, err
			}
			return page(c, keys, func(v map[string]any) any { return v })
		}},
		{operation: "getOrgAiModelApiKey", do: func(c *call) (any, error) {
			keys, err := c.orgAIModelKeys()
			if err != nil {
				return nil, err
			}
			for _, v := range keys {
				if v["apiKeyId"] == c.param("apiKeyId") {
					return v, nil
				}
			}
			return nil, fail(404, "AI_MODEL_API_KEY_NOT_FOUND", "no AI model API key %s exists in the organization", c.param("apiKeyId"))
		}},
	},
}

func showAIModelKey(c *call, t *thing, v map[string]any) {
	v["createdAt"], v["lastUsedAt"] = stamp(t.Made), nil
	v["status"], v["endpoint"] = "ACTIVE", aiModelEndpoint
	v["secret"] = nil
	if c.once != "" {
		v["secret"] = c.once
	}
}

// orgAIModelKeys are those of all projects of the path's organization.
func (c *call) orgAIModelKeys() ([]map[string]any, error) {
	org, err := c.organization()
	if err != nil {
		return nil, err
	}
	var all []map[string]any
	for _, p := range c.world.projectsOf(org.ID) {
		for _, t := range c.thingsOf(p.ID, "aiModelKeys") {
			v := t.clone().Fields
			showAIModelKey(c, t, v)
			v["groupId"] = p.ID
			all = append(all, v)
		}
	}
	return all, nil
}

const aiModelEndpoint = "https://ai.mongodb.com/v1"

// An aiModelGroup is models that share a limit, with what an organization may
// use, which a project has until it sets something lower.
type aiModelGroup struct {
	name   string
	models []string
	most   aiModelLimit
}

type aiModelLimit struct {
	Requests int64 `json:"requestsPerMinuteLimit"`
	Tokens   int64 `json:"tokensPerMinuteLimit"`
}

var aiModelGroups = []aiModelGroup{
	{"embedding-standard", []string{"voyage-3.5", "voyage-code-3"}, aiModelLimit{2000, 8_000_000}},
	{"embedding-lite", []string{"voyage-3.5-lite"}, aiModelLimit{2000, 16_000_000}},
	{"reranking", []string{"rerank-2.5", "rerank-2.5-lite"}, aiModelLimit{2000, 2_000_000}},
}

type aiModelLimitView struct {
	Cloud     string   `json:"cloud"`
	Geography string   `json:"geography"`
	Endpoint  string   `json:"endpoint"`
	Group     string   `json:"modelGroupName"`
	Models    []string `json:"modelNames"`
	aiModelLimit
}

// view is that of an organization, or of a project in it.
func (g aiModelGroup) view(p *project) any {
	v := aiModelLimitView{"ANY", "ANY", aiModelEndpoint, g.name, g.models, g.most}
	if p != nil {
		if set, ok := p.AIModelLimits[g.name]; ok {
			v.aiModelLimit = set
		}
	}
	return v
}

// aiModels finds the project of the path, nil for an organization's, and the
// group if the path names one.
func (c *call) aiModels() (p *project, g aiModelGroup, err error) {
	if c.param("orgId") != "" {
		_, err = c.organization()
	} else {
		p, err = c.project()
	}
	if name := c.param("modelGroupName"); err == nil && name != "" {
		i := slices.IndexFunc(aiModelGroups, func(g aiModelGroup) bool { return g.name == name })
		if i < 0 {
			return p, g, fail(404, "RESOURCE_NOT_FOUND", "there is no group of models %s", name)
		}
		g = aiModelGroups[i]
	}
	return p, g, err
}

func listAIModelLimits(c *call) (any, error) {
	p, _, err := c.aiModels()
	if err != nil {
		return nil, err
	}
	return page(c, aiModelGroups, func(g aiModelGroup) any { return g.view(p) })
}

func getAIModelLimit(c *call) (any, error) {
	p, g, err := c.aiModels()
	return g.view(p), err
}

func setAIModelLimit(c *call) (any, error) {
	p, g, err := c.aiModels()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[aiModelLimit](c, c.id)
	if err != nil {
		return nil, err
	}
	if body.Requests > g.most.Requests || body.Tokens > g.most.Tokens {
		return nil, fail(400, "AI_MODEL_RATE_LIMIT_EXCEEDS_ORG_LIMIT", "the limits of %s are not to be above the organization's", g.name)
	}
	if p.AIModelLimits == nil {
		p.AIModelLimits = map[string]aiModelLimit{}
	}
	p.AIModelLimits[g.name] = body
	return g.view(p), nil
}

func resetAIModelLimit(c *call) (any, error) {
	p, g, err := c.aiModels()
	if err != nil {
		return nil, err
	}
	delete(p.AIModelLimits, g.name)
	return g.view(p), nil
}

func resetAIModelLimits(c *call) (any, error) {
	p, _, err := c.aiModels()
	if err != nil {
		return nil, err
	}
	p.AIModelLimits = nil
	return listAIModelLimits(c)
}
