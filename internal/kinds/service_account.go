package kinds

import (
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

const (
	clientIDPattern = `^mdb_sa_id_[a-fA-F\d]{24}$`
	accountText     = `^[\p{L}\p{N}\-_.,' ]*$`
)

// accountFields are common to the service accounts of organizations and
// projects. unless names the flag that makes description and secrets somebody
// else's; ref is what the name refers to.
func accountFields(roles []string, open bool, unless string, ref *spec.Ref) []spec.Field {
	return []spec.Field{
		{Name: "name", Pattern: accountText, Ref: ref, Doc: "The account's name. Atlas does not keep names unique; clientId settles which is meant."},
		{Name: "description", Unless: unless, Doc: "What the account is for."},
		{Name: "roles", MinItems: 1, Enum: roles, OpenEnum: open, Doc: "The account's roles; at least one."},
		secretsRule(unless),
	}
}

// secretsRule is the rule by which an account's secrets are renewed.
func secretsRule(unless string) spec.Field {
	return spec.Field{Name: "secrets", Type: spec.Object, Local: true, Unless: unless, Doc: "When its secrets are renewed and where the new value goes.",
		Constraints: []spec.Constraint{
			{CEL: "!has(self.overlap) || self.overlap <= self.maxAge", At: "overlap", Message: "overlap is not to be longer than maxAge"},
			{CEL: "!has(self.deliverTo) || !has(self.deliverTo.file) || !has(self.deliverTo.command)", At: "deliverTo", Message: "deliverTo takes a file or a command, not both"},
		}, Fields: []spec.Field{
			{Name: "maxAge", Type: spec.Duration, Required: true, Doc: "Age at which a new secret is made: 720h."},
			{Name: "overlap", Type: spec.Duration, Doc: "How long the old secret lives on beside a new one; at most 168h."},
			deliverTo("raw: the bare value; env: lines NAME=value with the client id and secret; json: an object with the client id, secret, ids and expiry."),
		}}
}

// deliverTo is where a value goes that Atlas shows once.
func deliverTo(formats string) spec.Field {
	return spec.Field{Name: "deliverTo", Type: spec.Object, Local: true, Doc: "Where the value goes; nothing else ever sees it.", Fields: []spec.Field{
		{Name: "file", Type: spec.Path, Local: true, MinLen: 1, Doc: "A file that is replaced as a whole, readable by its owner only."},
		{Name: "command", Type: spec.List, Local: true, MinItems: 1, Doc: "A program and its arguments; the secret is on its standard input."},
		{Name: "format", Type: spec.String, Local: true, Enum: []string{"raw", "env", "json"}, Default: "raw", Doc: formats},
	}}
}

// rotation is the rule that both sorts of accounts share. The lifetime is
// 8 to 8,760 hours; there may be two secrets; a new one cuts the older to
// seven days (createOrgServiceAccountSecret, createGroupServiceAccountSecret).
func rotation(account, unless string, tells map[string]string) *spec.Rotation {
	return &spec.Rotation{
		Field: "secrets", Live: "/secrets", Expiry: "secretExpiresAfterHours", First: "/secrets/0", Tells: tells, Unless: unless,
		MinHours: 8, MaxHours: 8760, Places: 2, MaxOverlap: 168 * time.Hour,
		Create: spec.Call{Route: "POST " + account + "/secrets", Version: "2024-08-05"},
		Delete: spec.Call{Route: "DELETE " + account + "/secrets/{secretId}", Version: "2024-08-05"},
	}
}
