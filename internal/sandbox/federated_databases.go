package sandbox

import "slices"

// view is what answers show of an instance.
func (f *federatedDatabase) view(p *project) any {
	v := map[string]any{
		"groupId": p.ID, "name": f.Name, "state": "ACTIVE", "hostnames": []any{f.Name + "-" + p.ID[:6] + ".a.query.mongodb.net"},
		"storage": f.Storage, "privateEndpointHostnames": []any{},
	}
	if f.Untried {
		v["state"] = "UNVERIFIED"
	}
	if f.Storage == nil {
		v["storage"] = map[string]any{"databases": []any{}, "stores": []any{}}
	}
	if f.CloudConfig != nil {
		v["cloudProviderConfig"] = f.CloudConfig
	}
	if f.Region != nil {
		v["dataProcessRegion"] = f.Region
	}
	return v
}

func createFederation(c *call) (any, error) {
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[federatedDatabase](c, "createGroupDataFederation")
	if err != nil {
		return nil, err
	}
	if body.Name == "" {
		return nil, missingAttribute("name")
	}
	for _, other := range p.Federation {
		if other.Name == body.Name {
			// The description has no 409 for this operation.
			return nil, fail(400, "DATA_FEDERATION_TENANT_ALREADY_EXISTS", "a federated database instance %s exists already", body.Name)
		}
	}
	f := &federatedDatabase{Name: body.Name, Limits: []*queryLimit{}}
	if f.Region = body.Region; f.Region == nil {
		f.Region = map[string]any{"cloudProvider": "AWS", "region": "VIRGINIA_USA"}
	}
	if err := c.changeFederation(p, f, body); err != nil {
		return nil, err
	}
	p.Federation = append(p.Federation, f)
	return f.view(p), nil
}

// updateFederation replaces each block that the body has.
func updateFederation(c *call) (any, error) {
	p, f, err := c.federation()
	if err != nil {
		return nil, err
	}
	body, err := bodyOf[federatedDatabase](c, "updateGroupDataFederation")
	if err != nil {
		return nil, err
	}
	if body.Name != "" && body.Name != f.Name {
		return nil, invalid(violation{"name", "cannot be changed"})
	}
	if c.query.Get("skipRoleValidation") == "" {
		return nil, fail(400, "MISSING_QUERY_PARAMETER", "The required query parameter skipRoleValidation was not specified.")
	}
	next := *f
	if body.Region != nil {
		next.Region = body.Region
	}
	if err := c.changeFederation(p, &next, body); err != nil {
		return nil, err
	}
	*f = next
	return f.view(p), nil
}

// changeFederation puts the blocks of a body in place, with what Atlas adds.
func (c *call) changeFederation(p *project, f *federatedDatabase, body federatedDatabase) error {
	skip, err := c.flag("skipRoleValidation", false)
	if err != nil {
		return err
	}
	if body.CloudConfig != nil {
		if err := c.federationRoles(p, f, body.CloudConfig, skip); err != nil {
			return err
		}
	}
	if body.Storage != nil {
		if err := checkStorage(p, body.Storage); err != nil {
			return err
		}
		f.Storage = body.Storage
	}
	return nil
}

// federationRoles keeps the roles, without the bucket that was tried.
func (c *call) federationRoles(p *project, f *federatedDatabase, config map[string]any, skip bool) error {
	for block, provider := range map[string]string{"aws": onAWS, "azure": onAzure, "gcp": onGCP} {
		in := objectIn(config, block)
		if in == nil {
			continue
		}
		if err := c.checkRole(textOf(in, "roleId"), provider); err != nil {
			return err
		}
		if block == "aws" {
			delete(in, "testS3Bucket")
			in["externalId"], in["iamUserARN"] = uuidOf(p.ID), "arn:aws:iam::100000000001:root"
		}
		for _, role := range c.things("cloudProviderAccess") {
			if role.text("roleId") == textOf(in, "roleId") && block == "aws" {
				in["iamAssumedRoleARN"] = role.text("iamAssumedRoleArn")
			}
		}
	}
	f.CloudConfig, f.Untried = config, skip && len(config) > 0
	return nil
}

// checkStorage refuses what names a store that is not there, or one twice, and
// fills in what may be left out.
func checkStorage(p *project, storage map[string]any) error {
	for _, list := range []string{"stores", "databases"} {
		if storage[list] == nil {
			storage[list] = []any{}
		}
	}
	stores, err := namesOf("store", storage["stores"])
	if err != nil {
		return err
	}
	for _, store := range objectsIn(storage["stores"]) {
		switch provider := textOf(store, "provider"); provider {
		case "s3":
			fillIn(store, map[string]any{"includeTags": false, "public": false})
		case "http":
			fillIn(store, map[string]any{"allowInsecure": false})
		case "azure", "gcs":
			fillIn(store, map[string]any{"public": false})
		case "atlas":
			store["projectId"] = p.ID
		case "dls:aws", "dls:azure", "dls:gcp":
		default:
			return brokenStorage("The provider %q of the store %s is none.", provider, textOf(store, "name"))
		}
	}
	if _, err := namesOf("database", storage["databases"]); err != nil {
		return err
	}
	for _, database := range objectsIn(storage["databases"]) {
		fillIn(database, map[string]any{"maxWildcardCollections": 100.0, "collections": []any{}, "views": []any{}})
		for what, list := range map[string]any{"collection": database["collections"], "view": database["views"]} {
			if _, err := namesOf(what, list); err != nil {
				return err
			}
		}
		for _, collection := range objectsIn(database["collections"]) {
			fillIn(collection, map[string]any{"dataSources": []any{}})
			for _, source := range objectsIn(collection["dataSources"]) {
				if store := textOf(source, "storeName"); !slices.Contains(stores, store) {
					return brokenStorage("The store %q of %s.%s is not there.", store, textOf(database, "name"), textOf(collection, "name"))
				}
				fillIn(source, map[string]any{"allowInsecure": false})
			}
		}
	}
	return nil
}

// namesOf are the names in a list, each of which is there once.
func namesOf(what string, list any) ([]string, error) {
	var names []string
	for _, one := range objectsIn(list) {
		name := textOf(one, "name")
		if name == "" || slices.Contains(names, name) {
			return nil, brokenStorage("A %s has no name, or that of another: %q.", what, name)
		}
		names = append(names, name)
	}
	return names, nil
}

func brokenStorage(format string, args ...any) error {
	return fail(400, "INVALID_STORAGE_CONFIG", format, args...)
}

// fillIn gives an object the members that it lacks.
func fillIn(m, defaults map[string]any) {
	for name, v := range defaults {
		if m[name] == nil {
			m[name] = v
		}
	}
}

// federationsWith tells which instances use a role.
func federationsWith(c *call, roleID string) []any {
	p, err := c.world.project(c.param("groupId"))
	if err != nil {
		return nil
	}
	var all []any
	for _, f := range p.Federation {
		for _, block := range []string{"aws", "azure", "gcp"} {
			if textOf(objectIn(f.CloudConfig, block), "roleId") == roleID {
				all = append(all, map[string]any{"featureType": "ATLAS_DATA_LAKE", "featureId": map[string]any{"groupId": p.ID, "name": f.Name}})
			}
		}
	}
	return all
}
