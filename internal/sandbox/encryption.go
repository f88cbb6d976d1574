package sandbox

import (
	"encoding/json"
	"maps"
	"strings"
)

var encryptionPart = part{
	id: "encryptionAtRest", name: "Encryption at Rest", scope: perProject,
	resources: []*resource{encryptionEndpoints},
	operations: []operation{
		{id: "getGroupEncryptionAtRest", method: "GET", path: "/groups/{groupId}/encryptionAtRest", versions: oldest, may: projectOwner, status: 200, handle: getEncryption},
		{id: "updateGroupEncryptionAtRest", method: "PATCH", path: "/groups/{groupId}/encryptionAtRest", versions: oldest, may: projectOwner, event: "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED", status: 200, body: true, handle: updateEncryption},
	},
}

var uuid = text{pattern: matching(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)}

var encryptionShape = object{
	"awsKms": nullable(object{
		"enabled":                  nullable(boolean{}),
		"accessKeyID":              nullable(text{min: 16, max: 128}),
		"customerMasterKeyID":      nullable(text{min: 1, max: 2048}),
		"region":                   nullable(text{enum: awsRegions}),
		"requirePrivateNetworking": nullable(boolean{}),
		"roleId":                   nullable(anyID),
		"secretAccessKey":          nullable(anyText),
		"valid":                    readOnly,
	}),
	"azureKeyVault": nullable(object{
		"enabled":                  nullable(boolean{}),
		"azureEnvironment":         nullable(text{enum: []string{"AZURE", "AZURE_CHINA", "AZURE_US_GOVERNMENT"}}),
		"clientID":                 nullable(uuid),
		"keyIdentifier":            nullable(anyText),
		"keyVaultName":             nullable(anyText),
		"requirePrivateNetworking": nullable(boolean{}),
		"resourceGroupName":        nullable(anyText),
		"roleId":                   nullable(anyID),
		"secret":                   nullable(anyText),
		"subscriptionID":           nullable(uuid),
		"tenantID":                 nullable(uuid),
		"valid":                    readOnly,
	}),
	"googleCloudKms": nullable(object{
		"enabled":              nullable(boolean{}),
		"keyVersionResourceID": nullable(anyText),
		"roleId":               nullable(anyID),
		"serviceAccountKey":    nullable(anyText),
		"valid":                readOnly,
	}),
	"enabledForSearchNodes": nullable(boolean{}),
}

var awsRegions = strings.Fields(`US_GOV_WEST_1 US_GOV_EAST_1 US_EAST_1 US_EAST_2 US_WEST_1 US_WEST_2 CA_CENTRAL_1
	EU_NORTH_1 EU_WEST_1 EU_WEST_2 EU_WEST_3 EU_CENTRAL_1 EU_CENTRAL_2 AP_EAST_1 AP_EAST_2 AP_NORTHEAST_1
	AP_NORTHEAST_2 AP_NORTHEAST_3 AP_SOUTHEAST_1 AP_SOUTHEAST_2 AP_SOUTHEAST_3 AP_SOUTHEAST_4 AP_SOUTHEAST_5
	AP_SOUTHEAST_6 AP_SOUTHEAST_7 AP_SOUTH_1 AP_SOUTH_2 SA_EAST_1 CN_NORTH_1 CN_NORTHWEST_1 ME_SOUTH_1
	ME_CENTRAL_1 AF_SOUTH_1 EU_SOUTH_1 EU_SOUTH_2 IL_CENTRAL_1 CA_WEST_1 MX_CENTRAL_1 GLOBAL`)

// An encryptionAtRest is the key management of a project.
type encryptionAtRest struct {
	Providers   map[string]keyProvider `json:"providers,omitempty"` // by the API's name of the block
	SearchNodes bool                   `json:"enabledForSearchNodes"`
}

// A keyProvider is one block. Of a write-only field only its presence is kept.
type keyProvider struct {
	Enabled bool           `json:"enabled"`
	Fields  map[string]any `json:"fields,omitempty"`
	Secret  bool           `json:"secret"`
}

// A providerRule says what enabling a provider takes and where its key is.
type providerRule struct {
	name     string
	cloud    string // whose roles it takes
	key      string // the field that names the key
	secret   string // the field that is never shown
	needs    []string
	account  []string // needed with the secret; a roleId replaces them
	defaults map[string]any
}

var providerRules = []providerRule{
	{
		name: "awsKms", cloud: onAWS, key: "customerMasterKeyID", secret: "secretAccessKey",
		needs: []string{"region"}, account: []string{"accessKeyID"},
		defaults: map[string]any{"requirePrivateNetworking": false},
	},
	{
		name: "azureKeyVault", cloud: onAzure, key: "keyIdentifier", secret: "secret",
		needs: []string{"keyVaultName", "resourceGroupName", "subscriptionID"}, account: []string{"clientID", "tenantID"},
		defaults: map[string]any{"requirePrivateNetworking": false, "azureEnvironment": "AZURE"},
	},
	{
		name: "googleCloudKms", cloud: onGCP, key: "keyVersionResourceID", secret: "serviceAccountKey",
	},
}

func getEncryption(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return p.Encryption.view(), nil
}

func updateEncryption(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	body, err := decode[map[string]json.RawMessage](c, encryptionShape)
	if err != nil {
		return nil, err
	}
	next, err := p.Encryption.merged(body)
	if err != nil {
		return nil, err
	}
	for _, rule := range providerRules {
		if id, ok := next.Providers[rule.name].Fields["roleId"].(string); ok && body[rule.name] != nil {
			if err := c.checkRole(id, rule.cloud); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range c.things("clusters") {
		key := t.text("encryptionAtRestProvider")
		if p.Encryption.on(key) && !next.on(key) {
			return nil, fail(409, "CANNOT_DISABLE_ENCRYPTION_AT_REST", "Cannot disable Encryption at Rest on the group because it is still enabled on one or more clusters in the group.")
		}
	}
	p.Encryption = next
	return next.view(), nil
}

// on says whether the provider that a cluster names is enabled.
func (e encryptionAtRest) on(cluster string) bool {
	block := map[string]string{"AWS": "awsKms", "AZURE": "azureKeyVault", "GCP": "googleCloudKms"}[cluster]
	return e.Providers[block].Enabled
}

// merged applies a PATCH block by block: what it does not name stays.
func (e encryptionAtRest) merged(body map[string]json.RawMessage) (encryptionAtRest, error) {
	next := encryptionAtRest{Providers: maps.Clone(e.Providers), SearchNodes: e.SearchNodes}
	if next.Providers == nil {
		next.Providers = map[string]keyProvider{}
	}
	if flag, ok := body["enabledForSearchNodes"]; ok {
		if err := json.Unmarshal(flag, &next.SearchNodes); err != nil {
			return e, err
		}
	}
	for _, rule := range providerRules {
		block, ok := body[rule.name]
		if !ok {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(block, &fields); err != nil {
			return e, err
		}
		provider, err := rule.merge(next.Providers[rule.name], fields)
		if err != nil {
			return e, err
		}
		next.Providers[rule.name] = provider
	}
	return next, nil
}

func (r providerRule) merge(old keyProvider, fields map[string]any) (keyProvider, error) {
	next := keyProvider{Enabled: old.Enabled, Secret: old.Secret, Fields: map[string]any{}}
	maps.Copy(next.Fields, r.defaults)
	maps.Copy(next.Fields, old.Fields)
	for name, value := range fields {
		switch name {
		case "enabled":
			next.Enabled = value.(bool)
		case r.secret:
			next.Secret = true
		default:
			next.Fields[name] = value
		}
	}
	if !next.Enabled {
		return keyProvider{}, nil // disabling forgets the rest, whatever came with it
	}
	return next, r.complete(next)
}

// complete refuses an enabled provider that lacks something.
func (r providerRule) complete(p keyProvider) error {
	var missing []violation
	need := func(names ...string) {
		for _, name := range names {
			if value, ok := p.Fields[name]; !ok || value == "" {
				missing = append(missing, violation{r.name + "." + name, "is required to enable the provider"})
			}
		}
	}
	need(r.key)
	need(r.needs...)
	if _, ok := p.Fields["roleId"]; !ok {
		need(r.account...)
		if !p.Secret {
			missing = append(missing, violation{r.name + "." + r.secret, "or roleId is required to enable the provider"})
		}
	}
	if len(missing) > 0 {
		return invalid(missing...)
	}
	return nil
}

// view shows all providers. Whether one is valid is only said of an enabled
// one; a key with "invalid" in its name is not.
func (e encryptionAtRest) view() any {
	v := map[string]any{"enabledForSearchNodes": e.SearchNodes}
	for _, rule := range providerRules {
		p := e.Providers[rule.name]
		block := map[string]any{"enabled": p.Enabled}
		if p.Enabled {
			maps.Copy(block, p.Fields)
			key, _ := p.Fields[rule.key].(string)
			block["valid"] = !strings.Contains(strings.ToLower(key), "invalid")
		}
		v[rule.name] = block
	}
	return v
}
