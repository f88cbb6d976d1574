package sandbox_test

import "testing"

func TestOnlineArchives(t *testing.T) {
	a := acme(t)
	path := a.in("/clusters/c/onlineArchives")
	archive := func(collection, criteria, more string) string {
		return `{"dbName":"shop","collName":"` + collection + `","criteria":` + criteria + more + `}`
	}
	const byDate, byQuery = `{"type":"DATE","dateField":"at","expireAfterDays":5}`, `{"type":"CUSTOM","query":"{\"a\":1}"}`
	a.get(path).want(404, "CLUSTER_NOT_FOUND")
	a.born("c", "")
	a.post(path, archive("orders", `{"type":"DATE","dateField":"at"}`, "")).want(400, "MISSING_ATTRIBUTE")
	a.post(path, archive("orders", `{"type":"CUSTOM","query":"{}"}`, "")).want(400, "INVALID_ATTRIBUTE")
	a.post(path, archive("orders", byDate, `,"dataProcessRegion":{"cloudProvider":"GCP","region":"CENTRAL_US"}`)).want(400, "INVALID_ATTRIBUTE")

	// Atlas adds the date field to those that the archive is divided by.
	r := a.post(path, archive("orders", byDate, `,"partitionFields":[{"fieldName":"customer","order":0}],"dataExpirationRule":{"expireAfterDays":30}`)).want(200)
	equal(t, r.each("partitionFields", "fieldName")+r.at("state")+r.at("schedule.type")+r.at("collectionType")+r.at("dbName"), "customer atPENDINGDEFAULTSTANDARDshop")
	one := path + "/" + r.at("_id")
	a.get(one)
	equal(t, a.get(one).at("state"), "ACTIVE")
	a.post(path, archive("orders", byQuery, "")).want(409, "ONLINE_ARCHIVE_ALREADY_ACTIVE")

	// Of the criteria what a change does not say stays, but for the field.
	r = a.patch(one, `{"criteria":{"expireAfterDays":7},"dataExpirationRule":{}}`).want(200)
	equal(t, r.at("criteria.dateField")+r.at("criteria.expireAfterDays")+r.at("dataExpirationRule"), "at7")
	a.patch(one, `{"criteria":{"type":"DATE","dateField":"other","expireAfterDays":7}}`).want(400, "ONLINE_ARCHIVE_CANNOT_MODIFY_FIELD")
	equal(t, a.patch(one, `{"paused":true}`).want(200).at("state"), "PAUSING")
	a.get(one)
	equal(t, a.get(one).at("state"), "PAUSED")
	second := a.post(path, archive("orders", byQuery, "")).want(200)
	a.patch(one, `{"paused":false}`).want(409, "ONLINE_ARCHIVE_ALREADY_ACTIVE")

	// A deleted one is shown for a time.
	a.delete(path + "/" + second.at("_id")).want(204)
	equal(t, a.get(path).each("results", "state"), "PAUSED DELETED")
	equal(t, a.get(path).each("results", "state"), "PAUSED")
	a.get(path + "/" + second.at("_id")).want(404)
	pending := a.post(path, archive("logs", `{"type":"DATE","dateField":"sandbox-missing","expireAfterDays":5}`, "")).want(200)
	a.get(path + "/" + pending.at("_id"))
	equal(t, a.get(path+"/"+pending.at("_id")).at("state"), "PENDING")
}
