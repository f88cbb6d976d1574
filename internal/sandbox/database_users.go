package sandbox

import (
	"slices"
	"strings"
	"time"
)

var databaseAccessPart = part{
	id: "databaseAccess", name: "Database Access", scope: perProject,
	resources: []*resource{databaseUsers, customRoles},
}

// databaseUsers are the users of a project's clusters.
var databaseUsers = &resource{
	name: "databaseUsers",
	list: "listGroupDatabaseUsers", get: "getGroupDatabaseUser", create: "createGroupDatabaseUser",
	update: "updateGroupDatabaseUser", remove: "deleteGroupDatabaseUser",
	identity: []string{"databaseName", "username"},
	missing:  "USERNAME_NOT_FOUND", taken: "USER_ALREADY_EXISTS",
	limit: "atlas.project.security.databaseAccess.users", full: "GROUP_USERS_LIMIT_EXCEEDED",
	defaults: map[string]any{"roles": []any{}, "scopes": []any{}, "labels": []any{}, "databaseName": nil},
	expires:  "deleteAfterDate",
	prepare:  prepareUser,
	check:    checkUser,
	events:   [3]string{"MONGODB_USER_ADDED", "MONGODB_USER_UPDATED", "MONGODB_USER_DELETED"},
	tells:    func(t *thing) map[string]string { return map[string]string{"dbUserUsername": t.text("username")} },
}

func prepareUser(c *call, old *thing, body map[string]any) error {
	if id, ok := body["groupId"]; ok && id != c.param("groupId") {
		return fail(400, "GROUP_MISMATCH", "The specified group ID %v does not match the URL.", id)
	}
	delete(body, "groupId")
	if old != nil {
		for _, fixed := range []struct{ member, code string }{
			{"username", "DATABASE_USERNAME_CANNOT_BE_CHANGED"}, {"databaseName", "DATABASE_NAME_CANNOT_BE_CHANGED"},
			{"awsIAMType", "AUTH_TYPE_CANNOT_BE_CHANGED"}, {"ldapAuthType", "AUTH_TYPE_CANNOT_BE_CHANGED"},
			{"oidcAuthType", "AUTH_TYPE_CANNOT_BE_CHANGED"}, {"x509Type", "AUTH_TYPE_CANNOT_BE_CHANGED"},
		} {
			if value, ok := body[fixed.member]; ok && value != old.text(fixed.member) {
				return fail(409, fixed.code, "%s of an existing database user cannot be changed", fixed.member)
			}
		}
	}
	return c.expiry(body, 7*24*time.Hour)
}

// expiry holds the member deleteAfterDate to what Atlas takes, and writes it as
// Atlas does.
func (c *call) expiry(body map[string]any, most time.Duration) error {
	text, ok := body["deleteAfterDate"].(string)
	if !ok {
		return nil
	}
	at := instant(text)
	switch {
	case !at.After(c.now):
		return fail(400, "EXPIRATION_DATE_IN_PAST", "The specified expiration date must be in the future.")
	case at.Sub(c.now) > most:
		return fail(400, "EXPIRATION_DATE_EXCEEDS_MAX", "The specified expiration date can be at most %d days in the future.", int(most.Hours()/24))
	}
	body["deleteAfterDate"] = stamp(at)
	return nil
}

// A method is a way in which database users authenticate: a member, which of
// its values choose it, and where its users are.
type method struct{ member, value, database string }

var methods = []method{
	{"awsIAMType", "USER", "$external"}, {"awsIAMType", "ROLE", "$external"},
	{"x509Type", "MANAGED", "$external"}, {"x509Type", "CUSTOMER", "$external"},
	{"ldapAuthType", "USER", "$external"}, {"ldapAuthType", "GROUP", "$external"},
	{"oidcAuthType", "USER", "$external"}, {"oidcAuthType", "IDP_GROUP", "admin"},
}

// methodOf is the method of a user; one of none has a password.
func methodOf(t *thing) (chosen []method) {
	for _, m := range methods {
		if t.text(m.member) == m.value {
			chosen = append(chosen, m)
		}
	}
	return chosen
}

func checkUser(c *call, _, t *thing) error {
	chosen := methodOf(t)
	switch {
	case len(chosen) > 1:
		return fail(400, "ATLAS_INVALID_AUTH_SETTINGS", "Invalid authentication settings. %s and %s cannot both be set.", chosen[0].member, chosen[1].member)
	case len(chosen) == 0 && t.text("databaseName") != "admin":
		return fail(400, "DATABASE_NAME_INVALID_ADMIN", "Database name invalid. Users with a password can only be created on the admin database.")
	case len(chosen) == 0 && !t.has("password"):
		return fail(400, "MISSING_ATTRIBUTE", "The required attribute password was not specified.")
	case len(chosen) == 1 && t.has("password"):
		return fail(400, "ATLAS_INVALID_AUTH_SETTINGS", "Invalid authentication settings. A user with %s %s has no password.", chosen[0].member, chosen[0].value)
	case len(chosen) == 1 && t.text("databaseName") != chosen[0].database:
		if chosen[0].database == "admin" {
			return fail(400, "DATABASE_NAME_INVALID_ADMIN", "Database name invalid. Groups of an identity provider can only be created on the admin database.")
		}
		return fail(400, "DATABASE_NAME_INVALID_EXTERNAL", "Database name invalid. Externally authenticated users can only be created on the $external database.")
	}
	return checkUserRoles(c, t)
}

// builtInRoles are Atlas's own, by whether they are for one database, which may
// then be any.
var builtInRoles = map[string]bool{
	"atlasAdmin": false, "backup": false, "clusterMonitor": false, "dbAdminAnyDatabase": false,
	"enableSharding": false, "readAnyDatabase": false, "readWriteAnyDatabase": false, "killOpSession": false,
	"dbAdmin": true, "read": true, "readWrite": true,
}

func checkUserRoles(c *call, t *thing) error {
	roles := listIn(t.Fields, "roles")
	if len(roles) == 0 {
		return invalid(violation{"roles", "must have at least 1 items"})
	}
	seen := map[string]bool{}
	for _, item := range roles {
		role, _ := item.(map[string]any)
		name, database := textOf(role, "roleName"), textOf(role, "databaseName")
		one := strings.Join([]string{name, database, textOf(role, "collectionName")}, "\x00")
		if seen[one] {
			return fail(400, "DUPLICATE_DATABASE_ROLES", "Duplicate database roles specified for user %s: %s@%s.", t.text("username"), name, database)
		}
		seen[one] = true
		anyDatabase, builtIn := builtInRoles[name]
		switch {
		case builtIn && !anyDatabase && database != "admin":
			return fail(400, "ATLAS_INVALID_ROLE_DATABASE", "The specified role %s only exists for database admin.", name)
		case builtIn:
		case database != "admin":
			return fail(400, "UNSUPPORTED_ROLE", "The provided role is not supported: the custom role %s is one of the database admin.", name)
		case !slices.ContainsFunc(c.things("customDBRoles"), func(r *thing) bool { return r.text("roleName") == name }):
			return fail(404, "ATLAS_CUSTOM_ROLE_NOT_FOUND", "The specified custom db role %s does not exist.", name)
		}
	}
	return nil
}

// textOf is a member that is a text; "" where it is none.
func textOf(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}
