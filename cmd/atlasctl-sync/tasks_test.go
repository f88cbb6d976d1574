package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestTasks: each of the examples by task is applied in one go, has nothing left to
// do, and is as fmt lays it out.
func TestTasks(t *testing.T) {
	tasks, err := filepath.Glob("../../examples/tasks/*.yaml")
	if err != nil || len(tasks) == 0 {
		t.Fatal(err)
	}
	setSecrets(t, "../../examples/tasks")
	for _, file := range tasks {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, env := serve(t, sandbox.Options{})
			atlas := func(args ...string) string {
				t.Helper()
				var out bytes.Buffer
				code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, RetryWait: time.Millisecond, Pace: emulated,
					Getenv: func(name string) string { return env[name] }})
				if code != exitOK {
					t.Fatalf("%v: exit code %d\n%s", args, code, out.String())
				}
				return out.String()
			}
			atlas("apply", "--auto-approve", file)
			if out := atlas("plan", "--detailed-exitcode", file); !strings.HasPrefix(out, "No changes.") {
				t.Errorf("there is something left to do:\n%s", out)
			}
			atlas("fmt", "--check", file)
		})
	}
}
