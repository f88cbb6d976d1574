package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// program returns a command that runs this program as a process of its own;
// testscript.Main has put it on the PATH.
func program(t *testing.T, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "atlasctl-sync", args...)
	cmd.Env = os.Environ()
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// serve starts a sandbox in this process and returns the environment that
// leads to it.
func serve(t *testing.T, o sandbox.Options) (*sandbox.Server, map[string]string) {
	t.Helper()
	o.Tap = exchanges.Tap
	s, url, stop, err := sandbox.Serve("127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	c := s.Credentials()
	return s, map[string]string{"MONGODB_ATLAS_BASE_URL": url, "MONGODB_ATLAS_CLIENT_ID": c.ClientID, "MONGODB_ATLAS_CLIENT_SECRET": c.ClientSecret}
}

// waitForWrites waits until so many writes have arrived.
func waitForWrites(t *testing.T, s *sandbox.Server, n int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); writes(s) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d writes came, want %d", writes(s), n)
		}
	}
}

// writes counts the requests that could have changed something.
func writes(s *sandbox.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Method != "GET" && !strings.HasPrefix(r.Path, "/api/oauth/") {
			n++
		}
	}
	return n
}

const slowMs = "../../examples/managed_slow_ms.yaml"

// TestInterruptFinishesWhatIsInFlight: the first signal starts nothing more
// and tells what is left; the next run does it.
func TestInterruptFinishesWhatIsInFlight(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			interrupted(t, sig)
		})
	}
}

func interrupted(t *testing.T, sig syscall.Signal) {
	s, env := serve(t, sandbox.Options{Latency: 100 * time.Millisecond})
	dir := t.TempDir()
	file := filepath.Join(dir, "users.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n"
	for i := range 20 {
		text += fmt.Sprintf("  - {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, env, "apply", "--auto-approve", "--parallelism", "2", file)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForWrites(t, s, 1)
	if err := cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	for _, want := range []string{"finishing what is in flight", "skipped: interrupted", "verified +"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("stderr does not say %q:\n%s", want, errs.String())
		}
	}
	if n := writes(s); n >= 20 {
		t.Errorf("%d writes: it went on", n)
	}
	if err := program(t, env, "apply", "--auto-approve", "-q", file).Run(); err != nil {
		t.Error("the next run:", err)
	}
	if n := writes(s); n != 20 {
		t.Errorf("%d writes in all, want 20: none lost, none twice", n)
	}
}

// TestInterruptedLarge: what an interrupt leaves is counted, not listed.
func TestInterruptedLarge(t *testing.T) {
	s, env := serve(t, sandbox.Options{Latency: 50 * time.Millisecond})
	file := filepath.Join(t.TempDir(), "users.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n"
	for i := range 600 {
		text += fmt.Sprintf("  - {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, env, "apply", "--auto-approve", "--parallelism", "2", file)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForWrites(t, s, 1)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if n := strings.Count(errs.String(), "\n"); n > 60 || !regexp.MustCompile(`(?m)^skipped  5\d\d more: skipped: interrupted$`).MatchString(errs.String()) {
		t.Errorf("%d lines:\n%.3000s", n, errs.String())
	}
}

// TestNohup: a hang-up that is to be ignored is ignored.
func TestNohup(t *testing.T) {
	s, env := serve(t, sandbox.Options{Latency: 50 * time.Millisecond})
	cmd := program(t, env, "apply", "--auto-approve", slowMs)
	cmd.Path, cmd.Args = "/bin/sh", append([]string{"sh", "-c", `trap "" HUP; exec "$@"`, "sh"}, cmd.Args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForWrites(t, s, 1)
	_ = cmd.Process.Signal(syscall.SIGHUP)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestSecondInterrupt ends the program at once, whatever is in flight.
func TestSecondInterrupt(t *testing.T) {
	s, env := serve(t, sandbox.Options{Faults: []string{"POST /groups/*/managedSlowMs/enable=hang", "DELETE /groups/*/managedSlowMs/disable=hang"}})
	cmd := program(t, env, "apply", "--auto-approve", slowMs)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForWrites(t, s, 1) // it is logged, and never answered
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	readUntil(t, stderr, "once more to stop at once")
	time.Sleep(100 * time.Millisecond) // it goes on after the first
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal("it did not finish what was in flight:", err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d", code)
	}
}

// TestATightBucket: what Atlas throttles is waited for, and nothing else is.
func TestATightBucket(t *testing.T) {
	s, env := serve(t, sandbox.Options{RateLimit: []string{"teams=2/1s"}})
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"
	users, teams := "users:\n", "teams:\n"
	for i := range 5 {
		users += fmt.Sprintf("  - {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
		teams += fmt.Sprintf("  - {name: t%d, members: []}\n", i)
	}
	file := filepath.Join(t.TempDir(), "acme.yaml")
	if err := os.WriteFile(file, []byte(text+users+teams), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := program(t, env, "apply", "--auto-approve", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	refused := 0
	for _, r := range s.Requests() {
		if r.Status == 429 {
			refused++
		}
	}
	lastUser, lastTeam := bytes.LastIndex(out, []byte("verified + org/Acme/users/")), bytes.LastIndex(out, []byte("verified + org/Acme/teams/"))
	if refused == 0 {
		t.Error("nothing was throttled")
	}
	if lastUser < 0 || lastUser > lastTeam {
		t.Error("the users waited with the teams")
	}
}

// TestKilled: kill -9 at any moment leaves a state from which the next run
// converges.
func TestKilled(t *testing.T) {
	for _, after := range []int{1, 3, 6, 10, 15} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			config := filepath.Join(dir, "config")
			if err := os.CopyFS(config, os.DirFS("../../examples")); err != nil {
				t.Fatal(err)
			}
			s, env := serve(t, sandbox.Options{Latency: 10 * time.Millisecond})
			cmd := program(t, env, "apply", "--auto-approve", "-q", config)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitForWrites(t, s, after)
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if out, err := program(t, env, "apply", "--auto-approve", config).CombinedOutput(); err != nil {
				t.Fatalf("the next run: %v\n%s", err, out)
			}
			if out, err := program(t, env, "plan", "--detailed-exitcode", config).CombinedOutput(); err != nil {
				t.Errorf("the plan after it: %v\n%s", err, out)
			}
		})
	}
}

// TestOutputThatCannotBeWritten is never taken for success, and a plan that
// nobody could see is not applied.
func TestOutputThatCannotBeWritten(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full:", err)
	}
	defer full.Close()
	s, env := serve(t, sandbox.Options{})
	for _, args := range [][]string{
		{"plan", slowMs}, {"plan", "-o", "json", slowMs}, {"drift", slowMs}, {"validate", slowMs}, {"apply", "--auto-approve", slowMs},
	} {
		cmd := program(t, env, args...)
		var errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &errs
		_ = cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(errs.String(), "no space left on device") {
			t.Errorf("%v: exit code %d: %s", args, code, errs.String())
		}
	}
	if n := writes(s); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// TestFullDisk: where a secret cannot be kept, none is made.
func TestFullDisk(t *testing.T) {
	s, env := serve(t, sandbox.Options{})
	dir := t.TempDir()
	file := filepath.Join(dir, "account.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nserviceAccounts:\n" +
		"  - {name: robot, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 720h, deliverTo: {file: key}}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, env, "apply", "--auto-approve", file)
	cmd.Path, cmd.Args = "/bin/sh", append([]string{"sh", "-c", `ulimit -f 0; exec "$@"`, "sh"}, cmd.Args...) // no file can grow
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code == 0 || !strings.Contains(string(out), "file too large") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if n := writes(s); n > 0 {
		t.Errorf("%d writes", n)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*key*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
	if out, err := program(t, env, "apply", "--auto-approve", file).CombinedOutput(); err != nil {
		t.Errorf("with room again: %v\n%s", err, out)
	}
}

// TestPages: a list is read in pages of 500, to its end and no further.
func TestPages(t *testing.T) {
	var seed, file strings.Builder
	seed.WriteString("organizations:\n  - name: Big\n    users:\n      - {username: ana@example.com, roles: [ORG_OWNER]}\n")
	file.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Big\nusers:\n")
	for i := range 1200 {
		line := fmt.Sprintf("- {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
		seed.WriteString("      " + line)
		file.WriteString("  " + line)
	}
	path := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, env := serve(t, sandbox.Options{Seed: []byte(seed.String())})
	out, err := program(t, env, "plan", "-o", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"none": 1201`, `"unmanaged": 1,`, `"requests": 4,`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}
