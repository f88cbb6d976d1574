package sandbox

var pushLogsPart = part{
	id: "pushBasedLogExport", name: "Push-Based Log Export", scope: perProject,
	resources: []*resource{pushLogs},
}

// pushLogs is where a project's logs go, in the form that log integrations replace. It
// is always there; what nobody has made is UNCONFIGURED. Atlas looks at the bucket first.
var pushLogs = &resource{
	name: "pushBasedLogExport",
	get:  "getGroupPushBasedLogExport", update: "updateGroupPushBasedLogExport", remove: "deleteGroupPushBasedLogExport",
	actions:   []action{{operation: "createGroupPushBasedLogExport", do: makePushLogs}},
	singleton: true,
	cycle: &cycle{
		next: map[string]string{"INITIATING": "BUCKET_VERIFIED", "BUCKET_VERIFIED": "ACTIVE"},
	},
	check: func(c *call, old, t *thing) error {
		switch {
		case old == nil || old.text("bucketName") == "":
			return fail(400, "PUSH_BASED_LOG_EXPORT_NOT_CONFIGURED", "No push-based log export is configured in the project.")
		case len(changedMembers(old, t)) > 0:
			t.become("INITIATING", c.now)
		}
		return nil
	},
	show: func(_ *call, t *thing, v map[string]any) {
		if v["state"] = t.State; t.text("bucketName") == "" {
			v["state"] = "UNCONFIGURED"
		}
	},
}

func makePushLogs(c *call, t *thing, body map[string]any) (any, error) {
	if t.text("bucketName") != "" {
		return nil, fail(400, "PUSH_BASED_LOG_EXPORT_ALREADY_CONFIGURED", "A push-based log export is configured in the project.")
	}
	t.Fields = map[string]any{"createDate": stamp(c.now)}
	for _, name := range []string{"bucketName", "iamRoleId", "prefixPath"} {
		t.Fields[name] = body[name]
	}
	t.become("INITIATING", c.now)
	return map[string]any{}, nil
}
