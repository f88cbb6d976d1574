package contract

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// tests makes a function pass for the tests of a package.
type tests func() int

func (t tests) Run() int { return t() }

// TestMain plays the subprocess of a test when it is told to.
func TestMain(m *testing.M) {
	if os.Getenv("CONTRACT_TEST_SUBPROCESS") != "" {
		FromEnv().Tap(exchange("GET", "/api/lib/shelves/all", "", 200, "true", answerType(oldest)))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const oldest = "application/vnd.atlas.2023-01-01+json"

func TestMainChecksWhatWasRecorded(t *testing.T) {
	books := library(t)
	good := exchange("GET", "/api/lib/shelves?room=a", "", 200, `{"results":[]}`)
	bad := exchange("GET", "/api/lib/shelves?room=a", "", 200, `{}`)

	for _, c := range []struct {
		name    string
		run     func(*Recorder) int
		code    int
		printed string
	}{
		{"nothing recorded", func(*Recorder) int { return 0 }, 0,
			"contract: no exchanges were recorded\n"},
		{"all well", func(r *Recorder) int { r.Tap(good); r.Tap(good); return 0 }, 0,
			"contract: 2 exchanges checked against the description, 1 operations exercised, 0 violations\n"},
		{"failed tests", func(r *Recorder) int { r.Tap(good); return 2 }, 2,
			"contract: 1 exchanges checked against the description, 1 operations exercised, 0 violations\n"},
		{"rules", func(r *Recorder) int {
			r.Tap(exchange("POST", "/api/oauth/token", "", 200, ""))
			r.Tap(exchange("GET", "/api/lib/shelves", "", 400, `{"error":400,"errorCode":"NO"}`))
			return 0
		}, 0,
			"contract: 1 exchanges checked against the description, 1 operations exercised, 0 violations\n" +
				"contract: exempt by rule: client's refused request 1, token endpoint 1\n"},
		{"violation", func(r *Recorder) int { r.Tap(bad); r.Tap(bad); return 0 }, 1,
			"contract: 2 exchanges checked against the description, 1 operations exercised, 2 violations\n" +
				"contract: VIOLATION (2×) listShelves answer: body: missing property 'results'\n" +
				"\tfirst in: GET /api/lib/shelves?room=a, answered 200\n" +
				"contract: FAIL: the exchanges of the tests violate the description of the API\n"},
		{"subprocess", func(r *Recorder) int {
			r.Tap(good)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "CONTRACT_TEST_SUBPROCESS=1")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
			return 0
		}, 0,
			"contract: 2 exchanges checked against the description, 2 operations exercised, 0 violations\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r Recorder
			var dir string
			var out bytes.Buffer
			code := mainTo(&out, tests(func() int {
				dir = os.Getenv(directoryVariable)
				return c.run(&r)
			}), &r, books)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			// Details depend on whether these tests run with -v.
			if got, _, _ := strings.Cut(out.String(), "contract: client's"); got != c.printed {
				t.Errorf("printed %q\nwant %q", got, c.printed)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is left behind", dir)
			}
		})
	}
}

func TestRecorderIsSafeForConcurrentUse(t *testing.T) {
	var r Recorder
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				r.Tap(exchange("GET", "/api/lib/shelves?room=a", "", 200, `{"results":[]}`))
			}
		})
	}
	wg.Wait()
	if got := r.Report(library(t)).Exchanges; got != 800 {
		t.Errorf("%d exchanges, want 800", got)
	}
}

func TestFilesOfKilledProcesses(t *testing.T) {
	dir := t.TempDir()
	r, err := NewFileRecorder(dir)
	if err != nil {
		t.Fatal(err)
	}
	r.Tap(exchange("GET", "/api/lib/shelves?room=a", "", 200, `{"results":[]}`))
	if _, err := r.file.WriteString(`{"Method":"GE`); err != nil {
		t.Fatal(err)
	}
	s := newSurvey(library(t))
	if err := s.addDirectory(dir); err != nil {
		t.Fatal(err)
	}
	if got := s.report(); got.Exchanges != 1 || got.CutShort != 1 {
		t.Errorf("%d exchanges, %d cut short; want 1 and 1", got.Exchanges, got.CutShort)
	}
}

func TestNoCredentialsAreRecorded(t *testing.T) {
	dir := t.TempDir()
	r, err := NewFileRecorder(dir)
	if err != nil {
		t.Fatal(err)
	}
	x := exchange("POST", "/api/oauth/token", "s3cret", 200, "s3cret")
	x.RequestHeader.Set("Authorization", "Basic s3cret")
	x.ResponseHeader.Set("Set-Cookie", "s3cret")
	r.Tap(x)
	text, err := os.ReadFile(r.file.Name())
	if err != nil {
		t.Fatal(err)
	}
	// "czNjcmV0" is what a body with the secret begins with in JSON.
	if len(text) == 0 || bytes.Contains(text, []byte("s3cret")) || bytes.Contains(text, []byte("czNjcmV0")) {
		t.Errorf("recorded: %s", text)
	}
}
