package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const accountFor = `apiVersion: atlasctl-sync/v1
kind: Project
name: payments
serviceAccounts:
  - {name: reporter, description: reports, roles: [GROUP_READ_ONLY], secrets: {maxAge: 720h, deliverTo: {command: [COMMAND]}}}
`

// TestEverythingEnds: an interrupt, or the end of --timeout, ends what the run
// waits for, and no secret stays that nobody holds.
func TestEverythingEnds(t *testing.T) {
	for name, c := range map[string]struct {
		file, how string
		fault     string
		code      int
	}{
		"a command that sleeps": {file: accountFor, how: "sh, -c, 'cat > /dev/null; sleep 300'", code: 130},
		"what it has started":   {file: accountFor, how: "sh, -c, 'cat > /dev/null; sleep 301 & wait'", code: 130},
		"a write that is throttled": {file: "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nmanagedSlowMs: {enabled: false}\n",
			fault: "DELETE /groups/*/managedSlowMs/disable=429/RATE_LIMITED:90", code: 130},
	} {
		for _, by := range []string{"interrupt", "timeout"} {
			t.Run(name+" by "+by, func(t *testing.T) {
				t.Parallel()
				o := sandbox.Options{}
				if c.fault != "" {
					o.Faults = []string{c.fault}
				}
				s, env := serve(t, o)
				file := filepath.Join(t.TempDir(), "file.yaml")
				if err := os.WriteFile(file, []byte(strings.Replace(c.file, "COMMAND", c.how, 1)), 0o600); err != nil {
					t.Fatal(err)
				}
				args := []string{"apply", "--auto-approve"}
				if by == "timeout" {
					args = append(args, "--timeout", "2s")
				}
				cmd := program(t, env, append(args, file)...)
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				waitForWrites(t, s, 1)
				if by == "interrupt" {
					if err := cmd.Process.Signal(os.Interrupt); err != nil {
						t.Fatal(err)
					}
				}
				ended := make(chan struct{})
				go func() { _ = cmd.Wait(); close(ended) }()
				select {
				case <-ended:
				case <-time.After(time.Minute): // they would go on for minutes
					_ = cmd.Process.Signal(syscall.SIGKILL)
					t.Fatal("it did not end: " + stderr.String())
				}
				if code := cmd.ProcessState.ExitCode(); by == "interrupt" && code != c.code || by == "timeout" && code != 3 {
					t.Errorf("exit code %d: %s", code, stderr.String())
				}
				if made, gone := count(s, "POST", "/serviceAccounts", 201), count(s, "DELETE", "/secrets/", 204); made != gone {
					t.Errorf("%d secrets were made and %d deleted again: %s", made, gone, stderr.String())
				}
			})
		}
	}
}

func count(s *sandbox.Server, method, part string, status int) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Method == method && strings.Contains(r.Path, part) && r.Status == status {
			n++
		}
	}
	return n
}

// TestACommandsChildren: a child that a command leaves behind, with what the
// command was given still open, is not waited for.
func TestACommandsChildren(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	dir := t.TempDir()
	file := filepath.Join(dir, "file.yaml")
	how := `sh, -c, 'cat > kept; (sleep 300 <&0 >&2 &) ; exit 0'`
	if err := os.WriteFile(file, []byte(strings.Replace(accountFor, "COMMAND", how, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, env, "apply", "--auto-approve", "--timeout", "1m", file)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Apply: 1 verified") {
		t.Errorf("%v: %s", err, out)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "kept")); err != nil || !strings.HasPrefix(string(data), "mdb_sa_sk_") {
		t.Error(err, string(data))
	}
}

// TestWhatACommandPrints: neither the secret in another coding nor anything
// else that a failing command prints is shown, and it does not get the tool's
// own credentials.
func TestWhatACommandPrints(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	env["ATLASCTL_SYNC_PLAN_KEY"] = "0123456789abcdef-planted"
	env["HARMLESS"] = "stays"
	dir := t.TempDir()
	file := filepath.Join(dir, "file.yaml")
	how := `sh, -c, 'env > env; V=$(cat); echo "$V" | base64 >&2; echo "$V" | rev >&2; echo "$V" | base64; exit 7'`
	if err := os.WriteFile(file, []byte(strings.Replace(accountFor, "COMMAND", how, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, env, "apply", "-v", "--auto-approve", file)
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	for _, part := range []string{"bWRiX3NhX3Nr", "ks_as_bdm"} { // mdb_sa_sk in base64, and backwards
		if strings.Contains(string(out), part) {
			t.Errorf("%s is shown: %s", part, out)
		}
	}
	if !strings.Contains(string(out), "command sh: exit status 7 (what it printed is not shown") {
		t.Error(string(out))
	}
	seen, err := os.ReadFile(filepath.Join(dir, "env"))
	if err != nil || !strings.Contains(string(seen), "HARMLESS=stays") {
		t.Error(err, string(seen))
	}
	for _, name := range []string{"MONGODB_ATLAS_", "ATLASCTL_SYNC_PLAN_KEY"} {
		if strings.Contains(string(seen), name) {
			t.Errorf("the command got %s: %s", name, seen)
		}
	}
}
