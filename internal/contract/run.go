package contract

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// Tests are the tests of a package. *testing.M has them.
type Tests interface{ Run() int }

// Main runs a package's tests, checks everything that r and the tests'
// subprocesses recorded, and prints a summary. The exit code it returns is the
// tests' own, or 1 when only the check failed.
//
// go test shows the output of a package that passes only with -v, so the
// summary also goes to the end of the file that ATLASCTL_SYNC_SUMMARY names.
func Main(m Tests, r *Recorder) int {
	summary := os.Getenv(summaryVariable)
	if summary == "" {
		return mainTo(os.Stdout, m, r, official())
	}
	f, err := os.OpenFile(summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintf(os.Stdout, "contract: FAIL: %v\n", err)
		return 1
	}
	defer f.Close()
	fmt.Fprintf(f, "%s:\n", filepath.Base(os.Args[0]))
	return mainTo(io.MultiWriter(os.Stdout, f), m, r, official())
}

const summaryVariable = "ATLASCTL_SYNC_SUMMARY"

// Checked makes Main the Run of m, for those who call Run themselves and exit
// with what it returns, as testscript.Main does.
func Checked(m Tests, r *Recorder) Tests { return checked{m, r} }

type checked struct {
	tests    Tests
	recorder *Recorder
}

func (c checked) Run() int { return Main(c.tests, c.recorder) }

// official is the description that the repository holds the facts of.
var official = sync.OnceValue(func() *Description { return Describe(api.Load()) })

func mainTo(out io.Writer, m Tests, r *Recorder, d *Description) int {
	code, err := runAndCheck(out, m, r, d)
	if err != nil {
		fmt.Fprintf(out, "contract: FAIL: %v\n", err)
		return max(code, 1)
	}
	return code
}

func runAndCheck(out io.Writer, m Tests, r *Recorder, d *Description) (int, error) {
	dir, err := os.MkdirTemp("", "exchanges-")
	if err != nil {
		return 1, fmt.Errorf("record exchanges: %w", err)
	}
	defer os.RemoveAll(dir)
	defer setenv(directoryVariable, dir)()

	code := m.Run()

	if empty(r, dir) {
		fmt.Fprintln(out, "contract: no exchanges were recorded")
		return code, nil
	}
	s := newSurvey(d)
	s.addMemory(r)
	if err := s.addDirectory(dir); err != nil {
		return code, err
	}
	report := s.report()
	report.Print(out, verbose())
	if len(report.Violations) > 0 {
		return code, errors.New("the exchanges of the tests violate the description of the API")
	}
	return code, nil
}

// verbose says whether the tests run with -v; their flags are parsed by now,
// unless the tests are not the testing package's.
func verbose() bool { return testing.Testing() && testing.Verbose() }

func empty(r *Recorder, dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) > 0 {
		return false
	}
	if r == nil {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.counts) == 0 && r.lost == 0
}

func setenv(name, value string) (restore func()) {
	before, was := os.LookupEnv(name)
	os.Setenv(name, value)
	return func() {
		if was {
			os.Setenv(name, before)
		} else {
			os.Unsetenv(name)
		}
	}
}
