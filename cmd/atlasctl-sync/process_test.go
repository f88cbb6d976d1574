package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

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

// TestPrompt asks on a real terminal. Only yes is yes.
func TestPrompt(t *testing.T) {
	for answer, want := range map[string]int{"yes\n": 0, "y\n": 5, "\n": 5, "no\n": 5, "\x04": 5, "\x03": 130} {
		t.Run(fmt.Sprintf("%q", answer), func(t *testing.T) {
			t.Parallel()
			s, env := serve(t, sandbox.Options{})
			cmd := program(t, env, "apply", slowMs)
			terminal, err := pty.Start(cmd)
			if err != nil {
				t.Fatal(err)
			}
			defer terminal.Close()
			shown := readUntil(t, terminal, "Only yes is taken as approval: ")
			if !strings.Contains(shown, "enabled: true -> false") {
				t.Error("the plan is not shown before the question:", shown)
			}
			if _, err := io.WriteString(terminal, answer); err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, terminal) }()
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
			if n := writes(s); (n > 0) != (want == 0) {
				t.Errorf("%d writes", n)
			}
		})
	}
}

// TestPromptBesideJSON: whatever the format, nobody is asked about a plan that
// was not shown.
func TestPromptBesideJSON(t *testing.T) {
	s, env := serve(t, sandbox.Options{})
	cmd := program(t, env, "apply", "-o", "json", slowMs)
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if shown := readUntil(t, terminal, "Only yes is taken as approval: "); !strings.Contains(shown, "enabled: true -> false") {
		t.Error("the plan is not shown before the question:", shown)
	}
	if _, err := io.WriteString(terminal, "no\n"); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, terminal) }()
	_ = cmd.Wait()
	if n := writes(s); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// TestWarningsBeforeTheQuestion: who is asked has seen what is doubtful, once.
func TestWarningsBeforeTheQuestion(t *testing.T) {
	file := filepath.Join(t.TempDir(), "typo.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nusers: [{username: left@example.com, roles: [GROUP_OWNR]}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json", "markdown"} {
		s, env := serve(t, sandbox.Options{})
		cmd := program(t, env, "apply", "-o", format, file)
		terminal, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		defer terminal.Close()
		shown := readUntil(t, terminal, "Only yes is taken as approval: ")
		for _, want := range []string{"warning: " + file, "did you mean GROUP_OWNER?", "Warning: " + file} {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: no %q before the question: %s", format, want, shown)
			}
		}
		if _, err := io.WriteString(terminal, "no\n"); err != nil {
			t.Fatal(err)
		}
		var rest bytes.Buffer
		_, _ = io.Copy(&rest, terminal) // ends with an error when the program does
		_ = cmd.Wait()
		if strings.Contains(rest.String(), "warning: "+file) {
			t.Errorf("%s: told twice: %s", format, rest.String())
		}
		if n := writes(s); n > 0 {
			t.Errorf("%d writes", n)
		}
	}
}

// TestTypedAhead: what was typed before the question was asked is no answer.
func TestTypedAhead(t *testing.T) {
	s, env := serve(t, sandbox.Options{Latency: 100 * time.Millisecond})
	cmd := program(t, env, "apply", slowMs)
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if _, err := io.WriteString(terminal, "yes\n"); err != nil {
		t.Fatal(err)
	}
	readUntil(t, terminal, "Only yes is taken as approval: ")
	time.Sleep(300 * time.Millisecond)
	if _, err := io.WriteString(terminal, "no\n"); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, terminal) }()
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitRefused {
		t.Errorf("exit code %d", code)
	}
	if n := writes(s); n > 0 {
		t.Errorf("%d writes", n)
	}
}

// TestPager: on a terminal plan, show and drift go through a pager, as with
// git; never elsewhere, and never where a question follows.
func TestPager(t *testing.T) {
	dir := t.TempDir()
	paged := filepath.Join(dir, "paged")
	saved := filepath.Join(dir, "plan.json")
	for _, c := range []struct {
		pager, page string
		args        []string
		want        bool
	}{
		{"cat > " + paged + "; echo options $LESS", "", []string{"plan", "--out", saved, slowMs}, true},
		{"", "cat > " + paged, []string{"show", saved}, true},
		{"cat > " + paged, "false", []string{"drift", slowMs}, true},
		{"head -c 1 > " + paged, "", []string{"plan", slowMs}, true}, // somebody leaves early
		{"cat > " + paged, "", []string{"plan", "--no-pager", slowMs}, false},
		{"cat > " + paged, "", []string{"plan", "-o", "json", slowMs}, false},
		{"cat", "cat > " + paged, []string{"plan", slowMs}, false},
		{"no-such-pager", "", []string{"plan", slowMs}, false},
		{"cat > " + paged, "", []string{"apply", "--max-deletes", "0", slowMs}, false},
	} {
		_, env := serve(t, sandbox.Options{})
		env["ATLASCTL_SYNC_PAGER"], env["PAGER"], env["LESS"], env["TERM"] = c.pager, c.page, "", "xterm"
		_ = os.Remove(paged)
		cmd := program(t, env, c.args...)
		terminal, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		if c.args[0] == "apply" {
			readUntil(t, terminal, "Only yes is taken as approval: ")
			_, _ = io.WriteString(terminal, "no\n")
		}
		var shown bytes.Buffer
		_, _ = io.Copy(&shown, terminal)
		_ = cmd.Wait()
		_ = terminal.Close()
		text, err := os.ReadFile(paged)
		if (err == nil) != c.want {
			t.Errorf("%q %q: paged: %v: %s", c.pager, c.args, err == nil, shown.String())
		}
		if len(text) > 1 && !bytes.Contains(text, []byte("managedSlowMs")) || len(text) > 0 && strings.Contains(shown.String(), "managedSlowMs enabled") {
			t.Errorf("%q: the pager got %q, the terminal %q", c.args, text, shown.String())
		}
		if !c.want && c.args[0] != "apply" && !strings.Contains(shown.String(), "managedSlowMs") {
			t.Errorf("%q: the terminal shows %q", c.args, shown.String())
		}
		if strings.Contains(c.pager, "options") && !strings.Contains(shown.String(), "options FRX") {
			t.Errorf("less is to leave what is short on the screen: %q", shown.String())
		}
	}
	_, env := serve(t, sandbox.Options{})
	env["PAGER"] = "cat > " + paged
	_ = os.Remove(paged)
	if out, err := program(t, env, "plan", slowMs).Output(); err != nil || !bytes.Contains(out, []byte("managedSlowMs")) {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(paged); err == nil {
		t.Error("a pipe was paged")
	}
}

func readUntil(t *testing.T, r io.Reader, text string) string {
	t.Helper()
	var all bytes.Buffer
	buf := make([]byte, 4096)
	for !strings.Contains(all.String(), text) {
		n, err := r.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, all.String())
		}
	}
	return all.String()
}

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

// TestLiveLine: on a terminal a line keeps up with what is running; it is gone
// in the end. Elsewhere there is a line for each step and no escape code.
func TestLiveLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n"
	for i := range 30 {
		text += fmt.Sprintf("  - {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, env := serve(t, sandbox.Options{Latency: 50 * time.Millisecond})
	env["TERM"] = "xterm-256color"
	cmd := program(t, env, "apply", "--auto-approve", "--parallelism", "2", file)
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var all bytes.Buffer
	_, _ = io.Copy(&all, terminal) // ends with an error when the program does
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitOK {
		t.Fatalf("exit code %d: %s", code, all.String())
	}
	if !regexp.MustCompile(`\d+/30 done, \d+ running, \d+s, about \d+s left: org/Acme/users/`).MatchString(all.String()) {
		t.Errorf("no live line: %q", all.String())
	}
	if n := strings.Count(all.String(), "verified + org/Acme/users/u"); n != 30 {
		t.Errorf("%d steps told", n)
	}
	for _, line := range strings.Split(all.String(), "\n") {
		if i := strings.Index(line, " done, "); i >= 0 && len([]rune(line[i:])) > 100 {
			t.Errorf("the live line is too wide: %q", line)
		}
	}
	_, env = serve(t, sandbox.Options{})
	out, err := program(t, env, "apply", "--auto-approve", file).CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsAny(out, "\x1b\r") || bytes.Contains(out, []byte(" running")) {
		t.Errorf("escape codes in a pipe: %q", out)
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
	if out, err := program(t, env, "apply", "--auto-approve", file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	refused, lastUser, lastTeam := 0, 0, 0
	for i, r := range s.Requests() {
		switch {
		case r.Status == 429:
			refused++
		case strings.Contains(r.Path, "/users") && !strings.Contains(r.Path, "/teams/"):
			lastUser = i
		case strings.HasSuffix(r.Path, "/teams") && r.Method == "POST":
			lastTeam = i
		}
	}
	if refused == 0 {
		t.Error("nothing was throttled")
	}
	if lastUser > lastTeam {
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
