package sandbox_test

import (
	"testing"
	"time"
)

func TestEmployeeAccess(t *testing.T) {
	a := acme(t)
	one := a.in("/clusters/c")
	grant, revoke := one+":grantMongoDBEmployeeAccess", one+":revokeMongoDBEmployeeAccess"
	until := func(in time.Duration, kind string) string {
		return `{"grantType":"` + kind + `","expirationTime":"` + a.clock.Now().Add(in).UTC().Format(time.RFC3339) + `"}`
	}
	a.post(grant, until(time.Hour, "CLUSTER_INFRASTRUCTURE")).want(404, "CLUSTER_NOT_FOUND")
	a.born("c", "")
	equal(t, a.get(one).at("mongoDBEmployeeAccessGrant"), "")
	a.post(grant, `{"grantType":"CLUSTER_INFRASTRUCTURE"}`).want(400, "VALIDATION_ERROR")
	a.post(grant, until(-time.Hour, "CLUSTER_INFRASTRUCTURE")).want(400, "INVALID_ATTRIBUTE")
	a.post(grant, until(time.Hour, "CLUSTER_INFRASTRUCTURE")).want(204)
	a.post(grant, until(time.Minute, "CLUSTER_DATABASE_LOGS")).want(204) // in its place
	equal(t, a.get(one).at("mongoDBEmployeeAccessGrant.grantType"), "CLUSTER_DATABASE_LOGS")
	equal(t, a.get(a.in("/clusters")).at("results.0.mongoDBEmployeeAccessGrant.grantType"), "CLUSTER_DATABASE_LOGS")
	a.clock.advance(time.Minute)
	equal(t, a.get(one).at("mongoDBEmployeeAccessGrant"), "") // it has ended
	a.post(grant, until(time.Hour, "CLUSTER_INFRASTRUCTURE")).want(204)
	a.post(revoke, "").want(204)
	equal(t, a.get(one).at("mongoDBEmployeeAccessGrant"), "")
}
