package main

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/internal/report"
)

// pagerVariable names the pager for this program; PAGER the one for all.
const pagerVariable = "ATLASCTL_SYNC_PAGER"

func (o *options) addPager(f *pflag.FlagSet) {
	f.BoolVar(&o.noPager, "no-pager", false, "do not show long text in a pager (ATLASCTL_SYNC_PAGER, PAGER or less) on a terminal")
}

// page prints text for people, through a pager if it goes to a terminal. It
// returns when they have seen enough. apply does without: whoever is asked is
// to see the question.
func (s *session) page(print func(report.Text)) {
	t := s.text()
	command := s.pager()
	if command == "" {
		print(t)
		return
	}
	var text bytes.Buffer
	t.W = &text
	print(t)
	if !s.runPager(command, &text) {
		_, _ = s.out.Write(text.Bytes()) // out remembers a failure
	}
}

// pager returns the command that pages, as git chooses it; "" for none.
func (s *session) pager() string {
	if s.noPager || s.output != "text" || !isTerminal(s.env.Stdout) || s.env.Getenv("TERM") == "dumb" {
		return ""
	}
	for _, name := range []string{pagerVariable, "PAGER"} {
		switch command := strings.TrimSpace(s.env.Getenv(name)); command {
		case "":
		case "cat":
			return ""
		default:
			return command
		}
	}
	if _, err := exec.LookPath("less"); err != nil {
		return ""
	}
	return "less"
}

// notFound is what a shell ends with that does not know a command.
const notFound = 127

// runPager shows text; false if there is no such pager.
func (s *session) runPager(command string, text *bytes.Buffer) bool {
	args := []string{"sh", "-c", command}
	if runtime.GOOS == "windows" {
		args = strings.Fields(command)
	}
	pager := exec.CommandContext(s.ctx, args[0], args[1:]...)
	pager.Stdin, pager.Stdout, pager.Stderr = bytes.NewReader(text.Bytes()), s.env.Stdout, s.env.Stderr
	pager.Env = os.Environ()
	for name, value := range map[string]string{"LESS": "FRX", "LV": "-c"} { // leave what is short on the screen
		if s.env.Getenv(name) == "" {
			pager.Env = append(pager.Env, name+"="+value)
		}
	}
	pager.Cancel = func() error { return pager.Process.Signal(syscall.SIGTERM) } // it gives the terminal back
	s.env.screen.lend(true)
	defer s.env.screen.lend(false)
	err := pager.Run()
	// A person who leaves before the end has seen enough.
	return err == nil || pager.ProcessState != nil && pager.ProcessState.ExitCode() != notFound
}
