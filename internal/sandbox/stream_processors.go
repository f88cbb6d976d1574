package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
)

// The states of a processor. While Atlas starts or stops one, answers show the
// state before.
const (
	processorStarted  = "STARTED"
	processorStopped  = "STOPPED"
	processorStarting = "STARTING"
	processorStopping = "STOPPING"
)

// builtinStreams are connections that every workspace has: nobody makes the first,
// and the second is taken for made.
var builtinStreams = []string{"__testLog", "sample_stream_solar"}

// streamProcessors are pipelines. The order of the members in a stage says
// something, so the pipeline is kept as it was written.
var streamProcessors = &resource{
	name: "streamProcessors", of: streamWorkspaces,
	list: "getGroupStreamProcessors", get: "getGroupStreamProcessor", create: "createGroupStreamProcessor",
	update: "updateGroupStreamProcessor", remove: "deleteGroupStreamProcessor",
	id:       "_id",
	identity: []string{"name"},
	params:   []string{"processorName=name"},
	missing:  "STREAM_PROCESSOR_NOT_FOUND_FOR_NAME",
	taken:    "STREAM_PROCESSOR_NAME_ALREADY_EXISTS",
	events:   [3]string{"STREAM_PROCESSOR_CREATED", "STREAM_PROCESSOR_MODIFIED", "STREAM_PROCESSOR_DROPPED"},
	cycle: &cycle{
		created: "CREATING", removing: "DROPPED",
		next: map[string]string{"CREATING": "CREATED", processorStarting: processorStarted, processorStopping: processorStopped, "DROPPED": gone},
	},
	named: func(c *call, t *thing) bool { return t.text("name") == c.param("processorName") },
	actions: []action{
		{operation: "startGroupStreamProcessor", event: "STREAM_PROCESSOR_STARTED", do: startStream},
		{operation: "startGroupStreamProcessorWith", event: "STREAM_PROCESSOR_STARTED", do: startStream},
		{operation: "stopGroupStreamProcessor", event: "STREAM_PROCESSOR_STOPPED", do: func(c *call, t *thing, _ map[string]any) (any, error) {
			if t.State == processorStarted || t.State == processorStarting {
				t.become(processorStopping, c.now)
				t.keep("shown", processorStarted)
			}
			return map[string]any{}, nil
		}},
	},
	prepare: prepareProcessor,
	check:   checkProcessor,
	show: func(c *call, t *thing, v map[string]any) {
		v["pipeline"] = json.RawMessage(t.text("pipeline"))
		v["state"] = t.State
		if t.State == processorStarting || t.State == processorStopping {
			v["state"] = t.Kept["shown"]
		}
		v["eligibleForFailover"] = false
		v["stats"] = map[string]any{"name": t.Fields["name"], "inputMessageCount": float64(c.now.Sub(t.Made).Milliseconds())}
	},
}

func startStream(c *call, t *thing, body map[string]any) (any, error) {
	if tier := textOf(body, "tier"); tier != "" {
		t.Fields["tier"] = tier
	}
	if t.State != processorStarted && t.State != processorStarting {
		t.keep("shown", t.State)
		t.become(processorStarting, c.now)
		t.keep("checkpoint", true)
	}
	return map[string]any{}, nil
}

// prepareProcessor keeps the pipeline as a text.
func prepareProcessor(c *call, old *thing, body map[string]any) error {
	var sent struct {
		Pipeline json.RawMessage `json:"pipeline"`
	}
	if err := json.Unmarshal(c.body, &sent); err != nil {
		return err
	}
	stages := objectsIn(body["pipeline"])
	switch {
	case old == nil && textOf(body, "name") == "":
		return missingAttribute("name")
	case old == nil && len(stages) == 0, sent.Pipeline != nil && len(stages) == 0:
		return missingAttribute("pipeline")
	case old != nil && (old.State == processorStarted || old.State == processorStarting || old.State == processorStopping):
		return brokenProcessor("The stream processor %s has to be stopped before it is changed.", old.text("name"))
	}
	for i, stage := range stages {
		if len(stage) != 1 || (stage["$source"] != nil) != (i == 0) {
			return brokenProcessor("Stage %d of the pipeline: a pipeline begins with $source, and each stage is an object with one member.", i)
		}
	}
	if sent.Pipeline != nil {
		body["pipeline"] = string(sent.Pipeline)
	}
	options := objectIn(body, "options")
	if old != nil && sent.Pipeline != nil && old.Kept["checkpoint"] != nil && options["resumeFromCheckpoint"] != false &&
		jsonOf(sourceOf(old.text("pipeline"))) != jsonOf(sourceOf(string(sent.Pipeline))) {
		return brokenProcessor("A change of $source needs resumeFromCheckpoint: false.")
	}
	delete(options, "resumeFromCheckpoint")
	if dlq := objectIn(options, "dlq"); dlq != nil && (textOf(dlq, "connectionName") == "" || textOf(dlq, "db") == "" || textOf(dlq, "coll") == "") {
		return missingAttribute("options.dlq")
	}
	return nil
}

func sourceOf(pipeline string) any {
	var stages []map[string]any
	if json.Unmarshal([]byte(pipeline), &stages) != nil || len(stages) == 0 {
		return nil
	}
	return stages[0]["$source"]
}

// checkProcessor fills in what Atlas fills in, and refuses connections that the
// workspace does not have.
func checkProcessor(c *call, _, t *thing) error {
	workspace := c.named("streamWorkspaces", c.param("tenantName"))
	if workspace == nil {
		return nil
	}
	if t.text("tier") == "" {
		t.Fields["tier"] = textOf(objectIn(workspace.Fields, "streamConfig"), "tier")
	}
	if t.Fields["failoverEnabled"] == nil {
		t.Fields["failoverEnabled"] = false
	}
	if t.Fields["options"] == nil {
		t.Fields["options"] = map[string]any{}
	}
	var stages any
	if err := json.Unmarshal([]byte(t.text("pipeline")), &stages); err != nil {
		return err
	}
	there := c.below(workspace, "streamConnections")
	for _, name := range append(streamsIn(stages), streamsIn(t.Fields["options"])...) {
		if !slices.Contains(builtinStreams, name) && !slices.ContainsFunc(there, func(s *thing) bool { return s.text("name") == name && s.State != "DELETING" }) {
			return brokenProcessor("The connection %s is not in the workspace.", name)
		}
	}
	return nil
}

func brokenProcessor(format string, args ...any) error {
	return fail(400, "STREAM_PROCESSOR_GENERIC_ERROR", format, args...)
}

// usesStream says whether a processor names a connection, in its pipeline or for
// what it cannot process.
func usesStream(p *thing, name string) bool {
	return strings.Contains(p.text("pipeline"), jsonOf(name)) || slices.Contains(streamsIn(p.Fields), name)
}
