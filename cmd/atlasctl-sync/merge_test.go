package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestMergeIsOneRun: what shards of the examples tell, with a resource of each kind,
// is together what one run tells, in JSON that satisfies its schema.
func TestMergeIsOneRun(t *testing.T) {
	setSecrets(t, "../../examples")
	for _, c := range []struct {
		command, schema string
		args            []string
		code            int
	}{
		{"plan", "report.schema.json", []string{"--detailed-exitcode"}, exitDifference},
		{"drift", "report.schema.json", []string{"--unmanaged", "all", "--fail-on", "unmanaged"}, exitDifference},
		{"coverage", "coverage.schema.json", []string{"--fail-under", "99.9%"}, exitDifference},
	} {
		t.Run(c.command, func(t *testing.T) {
			schema, world, reports := compile(t, c.schema), t.TempDir(), t.TempDir()
			args := append([]string{c.command, "../../examples"}, c.args...)
			one := check(t, schema, world, c.code, args...)
			for k := range 4 {
				_, out, _ := run(t, world, append(args, "--shard", fmt.Sprintf("%d/3", k), "-o", "json")...)
				satisfies(t, schema, out)
				if err := os.WriteFile(filepath.Join(reports, fmt.Sprintf("%d.json", k)), []byte(out), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var env Environment = System()
			var out, errs bytes.Buffer
			env.Stdout, env.Stderr = &out, &errs
			if code := Run([]string{"merge", "-o", "json", reports}, env); code != c.code {
				t.Errorf("exit code %d\n%.3000s%s", code, out.String(), errs.String())
			}
			satisfies(t, schema, out.String())
			var merged map[string]any
			if err := json.Unmarshal(out.Bytes(), &merged); err != nil {
				t.Fatal(err)
			}
			plain(t, &one)
			for _, doc := range []map[string]any{one, merged} {
				delete(doc, "stats")        // each run has its own
				delete(doc, "diagnostics")  // a plan's shards tell what they need of others
				delete(doc, "accessUnread") // one run reads more at once
				delete(doc, "access")
			}
			if diff := cmp.Diff(alone(one), alone(merged)); diff != "" {
				t.Errorf("one run (-), merged (+):\n%.6000s", diff)
			}
		})
	}
}

func satisfies(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, text)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
}

// plain turns json.Number into what json.Unmarshal makes.
func plain(t *testing.T, doc *map[string]any) {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	*doc = nil
	if err := json.Unmarshal(data, doc); err != nil {
		t.Fatal(err)
	}
}

// alone leaves of steps what does not depend on which other steps are in the plan,
// and on their order.
func alone(doc map[string]any) map[string]any {
	steps, _ := doc["steps"].([]any)
	for _, s := range steps {
		step := s.(map[string]any)
		for _, member := range []string{"needs", "requests"} {
			delete(step, member)
		}
	}
	slices.SortFunc(steps, func(a, b any) int { // the order of the files is known to one run only
		return strings.Compare(fmt.Sprint(a.(map[string]any)["address"]), fmt.Sprint(b.(map[string]any)["address"]))
	})
	return doc
}

// TestMergeNotifies: one message tells what all shards have found.
func TestMergeNotifies(t *testing.T) {
	var bodies []string
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
	}))
	defer hook.Close()
	world, reports := t.TempDir(), t.TempDir()
	for k := range 3 {
		run(t, world, "drift", slowMs, "--shard", fmt.Sprintf("%d/2", k), "--report", fmt.Sprintf("json=%s/%d.json", reports, k))
	}
	env := System()
	env.Stdout, env.Stderr = io.Discard, io.Discard
	if code := Run([]string{"merge", "--notify", hook.URL, reports}, env); code != exitDifference {
		t.Error("exit code", code)
	}
	if len(bodies) != 1 || !strings.Contains(bodies[0], `"text":"atlasctl-sync drift: 1 difference\nchanged project/payments/managedSlowMs enabled`) {
		t.Errorf("%q", bodies)
	}
}
