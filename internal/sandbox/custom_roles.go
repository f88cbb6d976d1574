package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

// customRoles are what database users may be granted besides the built-in
// roles. The list is a bare array, and the name is the identity.
var customRoles = &resource{
	name: "customDBRoles",
	list: "listGroupCustomDbRoleRoles", get: "getGroupCustomDbRoleRole", create: "createGroupCustomDbRoleRole",
	update: "updateGroupCustomDbRoleRole", remove: "deleteGroupCustomDbRoleRole",
	identity:  []string{"roleName"},
	missing:   "ATLAS_CUSTOM_ROLE_NOT_FOUND",
	taken:     "ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS",
	limit:     "atlas.project.security.databaseAccess.customRoles",
	full:      "CUSTOM_ROLES_LIMIT_EXCEEDED",
	defaults:  map[string]any{"actions": []any{}, "inheritedRoles": []any{}},
	prepare:   prepareRole,
	check:     checkRole,
	removable: roleRemovable,
	removed:   roleRemoved,
	events:    [3]string{"MONGODB_ROLE_ADDED", "MONGODB_ROLE_UPDATED", "MONGODB_ROLE_DELETED"},
}

var customRoleName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]*$`)

func prepareRole(_ *call, old *thing, body map[string]any) error {
	if actions, ok := body["actions"].([]any); ok {
		body["actions"] = joined(actions)
	}
	if old != nil {
		return nil
	}
	name := textOf(body, "roleName")
	_, builtIn := builtInRoles[name]
	switch {
	case !customRoleName.MatchString(name):
		return fail(400, "ATLAS_CUSTOM_ROLE_INVALID_NAME", "The role name, %q, is invalid: it takes letters, digits, hyphens and underscores, and begins with a letter or digit.", name)
	case builtIn:
		return fail(400, "ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED", "Cannot create custom role %s because a built-in role with that name already exists.", name)
	case strings.HasPrefix(name, "xgen-"):
		return fail(400, "ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED", "Cannot create custom role %s because the prefix xgen- is reserved.", name)
	}
	return nil
}

// joined makes one of actions that are named more than once.
func joined(actions []any) []any {
	all := []any{}
	at := map[string]map[string]any{}
	for _, item := range actions {
		action, _ := item.(map[string]any)
		first := at[textOf(action, "action")]
		if first == nil {
			at[textOf(action, "action")] = action
			all = append(all, action)
			continue
		}
		these := listIn(first, "resources")
		more := listIn(action, "resources")
		first["resources"] = append(these, more...)
	}
	return all
}

func checkRole(c *call, _, t *thing) error {
	actions, inherited := objectsOf(t, "actions"), objectsOf(t, "inheritedRoles")
	if len(actions)+len(inherited) == 0 {
		return fail(400, "ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS", "Custom roles must have one or more user privilege actions or inherited roles.")
	}
	for _, a := range actions {
		if err := checkResources(textOf(a, "action"), a); err != nil {
			return err
		}
	}
	for _, parent := range inherited {
		if err := checkInherited(c, t, textOf(parent, "role")); err != nil {
			return err
		}
	}
	return nil
}

// checkResources holds what an action is for: the cluster, or a namespace.
func checkResources(action string, a map[string]any) error {
	resources := listIn(a, "resources")
	seen := map[string]bool{}
	for _, item := range resources {
		text := jsonOf(item)
		if seen[text] {
			return fail(400, "ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE", "A custom role cannot have duplicate resources applied to the same action: %s.", action)
		}
		seen[text] = true
		of, _ := item.(map[string]any)
		if of["cluster"] == true && textOf(of, "db")+textOf(of, "collection") != "" {
			return fail(400, "ATLAS_INVALID_RESOURCE", "One or more of the selected actions was applied to an incorrect resource: %s is for the cluster or for a namespace.", action)
		}
	}
	return nil
}

// checkInherited refuses a parent that is not there, or that inherits from the
// role.
func checkInherited(c *call, t *thing, parent string) error {
	if parent == t.text("roleName") {
		return fail(400, "ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL", "A custom DB role cannot inherit from itself.")
	}
	if _, builtIn := builtInRoles[parent]; builtIn {
		return nil
	}
	all := c.things("customDBRoles")
	var reaches func(name string, passed []string) (there, circle bool)
	reaches = func(name string, passed []string) (bool, bool) {
		for _, r := range all {
			if r.text("roleName") != name {
				continue
			}
			for _, p := range objectsOf(r, "inheritedRoles") {
				next := textOf(p, "role")
				if next == t.text("roleName") {
					return true, true
				}
				if !slices.Contains(passed, next) {
					if _, circle := reaches(next, append(passed, next)); circle {
						return true, true
					}
				}
			}
			return true, false
		}
		return false, false
	}
	switch there, circle := reaches(parent, []string{parent}); {
	case !there:
		return fail(400, "ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE", "One or more of the specified inherited roles do not exist: %s.", parent)
	case circle:
		return fail(400, "ATLAS_INVALID_CUSTOM_ROLE_CIRCULAR_DEPENDENCY", "One or more of the specified inherited roles creates a circular dependency: %s.", parent)
	}
	return nil
}

// objectsOf are the objects in a member that is a list.
func objectsOf(t *thing, member string) []map[string]any {
	var all []map[string]any
	items := listIn(t.Fields, member)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// leaving leaves out of a list the objects that have this name in a member.
func leaving(t *thing, list, member, name string) []any {
	kept := []any{}
	for _, m := range objectsOf(t, list) {
		if textOf(m, member) != name {
			kept = append(kept, m)
		}
	}
	return kept
}

// roleRemovable keeps a role that is all that a user, or another role, has.
func roleRemovable(c *call, t *thing) error {
	name := t.text("roleName")
	for _, u := range c.things("databaseUsers") {
		if len(leaving(u, "roles", "roleName", name)) == 0 {
			return fail(409, "ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS", "Deleting specified custom role would leave the following users without a role: %s.", u.text("username"))
		}
	}
	for _, r := range c.things("customDBRoles") {
		inherits := len(objectsOf(r, "inheritedRoles")) > 0
		if inherits && len(objectsOf(r, "actions")) == 0 && len(leaving(r, "inheritedRoles", "role", name)) == 0 {
			return fail(409, "ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES", "Deleting specified custom role would leave the following roles with no actions or inherited roles: %s.", r.text("roleName"))
		}
	}
	return nil
}

// roleRemoved takes the role away from those who have others.
func roleRemoved(c *call, t *thing) {
	name := t.text("roleName")
	for shelf, in := range map[string][2]string{"databaseUsers": {"roles", "roleName"}, "customDBRoles": {"inheritedRoles", "role"}} {
		for _, other := range c.things(shelf) {
			if kept := leaving(other, in[0], in[1], name); len(kept) < len(objectsOf(other, in[0])) {
				other = other.clone()
				other.Fields[in[0]] = kept
				c.write(shelf, other)
			}
		}
	}
}
