package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

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

// TestAnotherOfItsName: what somebody has deleted and made anew while the plan was looked
// at is not what was approved.
func TestAnotherOfItsName(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	dir := t.TempDir()
	file := func(name, state string) string {
		path := filepath.Join(dir, name)
		text := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nflexClusters: [{name: play" + state + "}]\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	made, gone := file("made.yaml", ", backingProviderName: AWS, regionName: US_EAST_1"), file("gone.yaml", ", state: absent")
	apply := func(path string) {
		t.Helper()
		if out, err := program(t, env, "apply", "-q", "--auto-approve", path).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	apply(made)
	cmd := program(t, env, "apply", gone)
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	readUntil(t, terminal, "Only yes is taken as approval: ")
	apply(gone)
	apply(made)
	if _, err := io.WriteString(terminal, "yes\n"); err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(terminal) // ends in an error where the other side closes
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code == 0 || !strings.Contains(string(said), "it was deleted and made anew after the plan was made") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	if out, err := program(t, env, "get", "project/payments/flexClusters/play", "name", "-f", made).CombinedOutput(); err != nil {
		t.Errorf("it is gone: %v\n%s", err, out)
	}
}
