package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestAWSRoles(t *testing.T) {
	a := acme(t)
	path := a.in("/cloudProviderAccess")
	empty := a.get(path).want(200)
	equal(t, empty.at("awsIamRoles")+empty.at("azureServicePrincipals")+empty.at("gcpServiceAccounts"), "000")
	a.post(path, `{"providerName":"MOON"}`).want(400, "VALIDATION_ERROR")
	a.post(path, `{"providerName":"AWS","iamAssumedRoleArn":"arn:aws:iam::123456789012:role/atlas"}`).want(400, "INVALID_ATTRIBUTE")

	made := a.post(path, `{"providerName":"AWS"}`).want(200)
	equal(t, made.at("iamAssumedRoleArn")+made.at("authorizedDate")+made.at("featureUsages"), "0")
	external := made.at("atlasAssumedRoleExternalId")
	if external == "" || made.at("atlasAWSAccountArn") == "" {
		t.Errorf("the trust policy lacks something: %s", made.body)
	}
	one := path + "/" + made.at("roleId")

	// Without an ARN it is of no use yet.
	kms := `{"awsKms":{"enabled":true,"region":"US_EAST_1","customerMasterKeyID":"key","roleId":"` + made.at("roleId") + `"}}`
	a.patch(a.in("/encryptionAtRest"), kms).want(400, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED")
	arn := func(name string) string {
		return `{"providerName":"AWS","iamAssumedRoleArn":"arn:aws:iam::123456789012:role/` + name + `"}`
	}
	a.patch(one, `{"providerName":"AWS"}`).want(400, "MISSING_ATTRIBUTE")
	a.patch(one, `{"providerName":"GCP"}`).want(400, "VALIDATION_ERROR")
	a.patch(one, arn("cannot-assume-this")).want(400, "CANNOT_ASSUME_ROLE")
	a.patch(path+"/"+strings.Repeat("0", 24), arn("atlas")).want(404, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND")
	a.patch(one, arn("atlas")).want(200)
	authorized := a.get(one).want(200)
	equal(t, authorized.at("iamAssumedRoleArn")+" "+authorized.at("authorizedDate"), "arn:aws:iam::123456789012:role/atlas 2026-01-01T12:00:00Z")
	equal(t, authorized.at("atlasAssumedRoleExternalId"), external)
	equal(t, a.get(path).each("awsIamRoles", "roleId"), made.at("roleId"))

	// What uses a role keeps it.
	a.patch(a.in("/encryptionAtRest"), kms).want(200)
	equal(t, a.get(one).each("featureUsages", "featureType"), "ENCRYPTION_AT_REST")
	remove := path + "/AWS/" + made.at("roleId")
	a.delete(remove).want(400, "CLOUD_PROVIDER_ACCESS_ROLE_IN_USE")
	a.patch(a.in("/encryptionAtRest"), `{"awsKms":{"enabled":false}}`).want(200)
	a.delete(path+"/GCP/"+made.at("roleId")).want(404, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND")
	a.delete(path + "/MOON/" + made.at("roleId")).want(400)
	a.delete(remove).want(204)
	a.delete(remove).want(404)
	equal(t, a.get(a.in("/events")).at("results.0.eventTypeName"), "CLOUD_PROVIDER_ACCESS_AWS_IAM_ROLE_DELETED")
}

func TestAzurePrincipals(t *testing.T) {
	a := acme(t)
	path := a.in("/cloudProviderAccess")
	ids := func(last string) string {
		id := "01234567-89ab-4cde-8f01-23456789abc" + last
		return `{"providerName":"AZURE","atlasAzureAppId":"` + id + `","servicePrincipalId":"` + id + `","tenantId":"` + id + `"}`
	}
	a.post(path, `{"providerName":"AZURE"}`).want(400, "MISSING_ATTRIBUTE")
	a.post(path, strings.Replace(ids("0"), "01234567-", "x", 1)).want(400, "VALIDATION_ERROR")
	made := a.post(path, ids("0")).want(200)
	equal(t, made.at("roleId"), "") // its id has another name
	a.patch(path+"/"+made.at("_id"), ids("1")).want(200)
	equal(t, a.get(path).at("azureServicePrincipals.0.tenantId"), "01234567-89ab-4cde-8f01-23456789abc1")
	a.patch(a.in("/encryptionAtRest"), `{"awsKms":{"enabled":true,"region":"US_EAST_1","customerMasterKeyID":"key","roleId":"`+made.at("_id")+`"}}`).want(404, "CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND")
	a.delete(path + "/AZURE/" + made.at("_id")).want(204)
}

// The first account of a project takes time; later ones are the same.
func TestGCPAccounts(t *testing.T) {
	a := acme(t)
	path := a.in("/cloudProviderAccess")
	made := a.post(path, `{"providerName":"GCP"}`).want(200)
	one := path + "/" + made.at("roleId")
	equal(t, made.at("status")+made.at("gcpServiceAccountForAtlas"), "NOT_INITIATED")
	equal(t, a.get(one).at("status")+" "+a.get(path).at("gcpServiceAccounts.0.status"), "NOT_INITIATED IN_PROGRESS")
	done := a.get(one)
	equal(t, done.at("status"), "COMPLETE")
	second := a.post(path, `{"providerName":"GCP"}`).want(200)
	equal(t, second.at("status")+second.at("gcpServiceAccountForAtlas"), "COMPLETE"+done.at("gcpServiceAccountForAtlas"))
	a.patch(one, `{"providerName":"GCP"}`).want(200)
}

// With a pace of its own a state lasts that long, whoever reads it.
func TestPace(t *testing.T) {
	a := openAcme(t, sandbox.Options{Pace: time.Minute})
	path := a.in("/cloudProviderAccess")
	one := path + "/" + a.post(path, `{"providerName":"GCP"}`).want(200).at("roleId")
	for range 3 {
		equal(t, a.get(one).at("status"), "NOT_INITIATED")
	}
	a.clock.advance(time.Minute)
	equal(t, a.get(one).at("status"), "IN_PROGRESS")
	a.clock.advance(59 * time.Second)
	equal(t, a.get(one).at("status"), "IN_PROGRESS")
	a.clock.advance(time.Second)
	equal(t, a.get(one).at("status"), "COMPLETE")

	other := "/groups/" + a.newProject("other") + "/cloudProviderAccess"
	made := a.post(other, `{"providerName":"GCP"}`).want(200)
	equal(t, made.at("status"), "NOT_INITIATED")
	a.clock.advance(5 * time.Minute) // several states at once
	equal(t, a.get(other+"/"+made.at("roleId")).at("status"), "COMPLETE")
}
