package sandbox

import "time"

// grantMember is where a cluster tells what MongoDB's employees may look at.
const grantMember = "mongoDBEmployeeAccessGrant"

// grantAccess lets MongoDB's employees in for a time: in place of what they were
// granted before.
func grantAccess(c *call, t *thing, body map[string]any) (any, error) {
	until := instant(textOf(body, "expirationTime"))
	if !until.After(c.now) {
		return nil, fail(400, "INVALID_ATTRIBUTE", "Invalid attribute expirationTime specified. It has passed.")
	}
	t.Fields[grantMember] = map[string]any{"grantType": body["grantType"], "expirationTime": until.UTC().Format(time.RFC3339)}
	return nil, nil
}

func revokeAccess(_ *call, t *thing, _ map[string]any) (any, error) {
	delete(t.Fields, grantMember)
	return nil, nil
}

// endGrant leaves out of an answer a grant whose time has passed.
func endGrant(c *call, v map[string]any) {
	if grant := objectIn(v, grantMember); grant != nil && !instant(textOf(grant, "expirationTime")).After(c.now) {
		delete(v, grantMember)
	}
}
