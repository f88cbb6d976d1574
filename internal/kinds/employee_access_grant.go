package kinds

import "github.com/atlasctl/atlasctl-sync/spec"

// EmployeeAccessGrant operations: getGroupCluster (the grant is a part of the
// cluster), grantGroupClusterMongoDbEmployeeAccess (again: another one in its place),
// revokeGroupClusterMongoDbEmployeeAccess.
var _ = register(func() spec.Kind {
	grant := spec.Call{Route: "POST /groups/{groupId}/clusters/{clusterName}:grantMongoDBEmployeeAccess", Version: "2024-08-05",
		Body: spec.Body{Send: spec.Overlay}, Idempotent: true}
	return spec.Kind{
		Name: "EmployeeAccessGrant", Section: "employeeAccess", Parent: "Cluster", Singleton: true,
		Doc:        "What MongoDB's employees may look at in a cluster for a time, for support.",
		Role:       "Project Support Access Manager",
		Events:     &spec.Events{Made: []string{"EMPLOYEE_ACCESS_GRANTED"}, Gone: []string{"EMPLOYEE_ACCESS_REVOKED"}, Ask: map[string]string{"clusterNames": "clusterName"}},
		Optional:   &spec.Optional{At: "/mongoDBEmployeeAccessGrant/grantType"},
		Lane:       clusterLane(),
		Expires:    "expirationTime",
		DeleteNote: "MongoDB's employees see nothing of it any more.",
		Fields: []spec.Field{
			{Name: "grantType", Wire: "/mongoDBEmployeeAccessGrant/grantType", SendAt: "/grantType", Required: true, Doc: "What they may look at."},
			{Name: "expirationTime", Wire: "/mongoDBEmployeeAccessGrant/expirationTime", SendAt: "/expirationTime", Required: true,
				Doc: "When the grant ends by itself. One whose time has passed is not made again."},
		},
		Omit:   map[string]string{"": "the cluster's own"},
		List:   spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}", Version: "2024-08-05"},
		Get:    spec.Read{Route: "GET /groups/{groupId}/clusters/{clusterName}", Version: "2024-08-05"},
		Create: []spec.Call{grant},
		Update: []spec.Call{grant},
		Delete: []spec.Call{{Route: "POST /groups/{groupId}/clusters/{clusterName}:revokeMongoDBEmployeeAccess", Version: "2024-08-05", Idempotent: true}},
	}
})
