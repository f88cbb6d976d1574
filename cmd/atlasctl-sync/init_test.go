package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestInitAsks: on a terminal init asks what no flag says, and asks again where the
// answer is none.
func TestInitAsks(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	cmd := program(t, env, "init", "-q")
	cmd.Dir = t.TempDir()
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	for _, step := range [][2]string{
		{"nothing for all: ", "9\n"}, {"nothing for all: ", "payments\n"},
		{"or nothing for none: ", "jenkins\n"}, {"or nothing for none: ", "gitlab\n"},
	} {
		readUntil(t, terminal, step[0])
		if _, err := io.WriteString(terminal, step[1]); err != nil {
			t.Fatal(err)
		}
	}
	var rest bytes.Buffer
	_, _ = io.Copy(&rest, terminal)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitOK || !strings.Contains(rest.String(), "No changes") {
		t.Errorf("exit code %d: %s", code, rest.String())
	}
	for name, there := range map[string]bool{"atlas/projects/payments.yaml": true, ".gitlab-ci.yml": true, "atlas/organization.yaml": false} {
		if _, err := os.Stat(filepath.Join(cmd.Dir, name)); (err == nil) != there {
			t.Errorf("%s: there %v, want %v", name, err == nil, there)
		}
	}
}

// TestInitUnion: an organization and one of its projects are both written. Whoever
// ends the input is told what that means.
func TestInitUnion(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	for answer, want := range map[string]string{"1,2\n\n": "No changes", "\x04": "there was no answer, so nothing was written"} {
		cmd := program(t, env, "init", "-q")
		cmd.Dir = t.TempDir()
		terminal, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		defer terminal.Close()
		readUntil(t, terminal, "nothing for all: ")
		if _, err := io.WriteString(terminal, answer); err != nil {
			t.Fatal(err)
		}
		var rest bytes.Buffer
		_, _ = io.Copy(&rest, terminal)
		_ = cmd.Wait()
		if !strings.Contains(rest.String(), want) || strings.Contains(rest.String(), "EOF") {
			t.Errorf("%q: %s", answer, rest.String())
		}
		for _, name := range []string{"atlas/organization.yaml", "atlas/projects/payments.yaml"} {
			if _, err := os.Stat(filepath.Join(cmd.Dir, name)); (err == nil) != (want == "No changes") {
				t.Errorf("%q: %s: %v", answer, name, err)
			}
		}
	}
}
