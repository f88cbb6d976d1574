package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mongodb-forks/digest"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/atlasctl/atlasctl-sync/internal/contract"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var exchanges contract.Recorder

// TestMain lets scripts run this program as a process of its own, and holds
// everything that was sent and answered against the API's description.
func TestMain(m *testing.M) {
	testscript.Main(contract.Checked(m, &exchanges), map[string]func(){
		"atlasctl-sync": func() {
			env := System()
			env.Pace = emulated
			env.Now = scriptTime
			env.Tap = contract.FromEnv().Tap
			os.Exit(guarded(func() int { return Run(os.Args[1:], env) }))
		},
		"trial": trial,
		"crash": func() { os.Exit(guarded(crash)) },
	})
}

// TestScripts runs testdata/script: each script is one behaviour, told as a
// user would type it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("ATLASCTL_SYNC_EXCHANGES", os.Getenv("ATLASCTL_SYNC_EXCHANGES"))
			root, err := filepath.Abs(filepath.Join("..", ".."))
			env.Setenv("ROOT", root)
			env.Values["atlas"] = &scripted{}
			return err
		},
		Condition: func(c string) (bool, error) {
			if c == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("there is no condition %s", c)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"atlas":    startAtlas,
			"clock":    setClock,
			"day":      setDay,
			"login":    logIn,
			"api":      callAPI,
			"id":       findID,
			"requests": showRequests,
			"exits":    exits,
			"bigfile":  bigFile,
			"at":       valueAt,
		},
	})
}

// A scripted sandbox serves one script. Its clock can be put back and forward.
type scripted struct {
	server *sandbox.Server
	url    string // of the server
	seen   int    // requests shown already

	mu     sync.Mutex
	offset time.Duration
}

func (s *scripted) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.offset)
}

func atlasOf(ts *testscript.TestScript) *scripted { return ts.Value("atlas").(*scripted) }

// startAtlas is "atlas [seed=FILE] [fault=RULE]… [limit=RULE]… [pace=DURATION]": a sandbox in
// the test's own process; commands reach it through the environment.
func startAtlas(ts *testscript.TestScript, _ bool, args []string) {
	s := atlasOf(ts)
	s.seen = 0
	o := sandbox.Options{Now: s.now, Tap: exchanges.Tap}
	for _, a := range args {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "seed":
			o.Seed = []byte(ts.ReadFile(value))
		case "fault":
			o.Faults = append(o.Faults, value)
		case "limit":
			o.RateLimit = append(o.RateLimit, value)
		case "pace":
			pace, err := time.ParseDuration(value)
			ts.Check(err)
			o.Pace = pace
		default:
			ts.Fatalf("atlas: unknown argument %s", a)
		}
	}
	server, url, stop, err := sandbox.Serve("127.0.0.1:0", o)
	ts.Check(err)
	ts.Defer(stop)
	s.server, s.url = server, url
	c := s.server.Credentials()
	ts.Setenv("MONGODB_ATLAS_BASE_URL", s.url)
	ts.Setenv("MONGODB_ATLAS_CLIENT_ID", c.ClientID)
	ts.Setenv("MONGODB_ATLAS_CLIENT_SECRET", c.ClientSecret)
	ts.Setenv("SANDBOX_PUBLIC_KEY", c.PublicKey)
	ts.Setenv("SANDBOX_PRIVATE_KEY", c.PrivateKey)
}

// setClock is "clock OFFSET": what the sandbox's clock says, against ours.
func setClock(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	s := atlasOf(ts)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset = d
}

// setDay is "day N": N days after the script began, for the sandbox and for the program.
func setDay(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	offset := (time.Duration(n) * 24 * time.Hour).String()
	setClock(ts, false, []string{offset})
	ts.Setenv("ATLASCTL_SYNC_CLOCK", offset)
}

// scriptTime is the time that the script's "day" says.
func scriptTime() time.Time {
	offset, _ := time.ParseDuration(os.Getenv("ATLASCTL_SYNC_CLOCK")) // of setDay; none: now
	return time.Now().Add(offset)
}

// callAPI is "api METHOD PATH [BODY]": somebody changes Atlas by hand, as
// any other client would.
func callAPI(ts *testscript.TestScript, neg bool, args []string) {
	var body io.Reader
	if len(args) > 2 {
		body = strings.NewReader(args[2])
	}
	status, answer := atlasOf(ts).send(ts, args[0], args[1], body)
	if (status >= 300) != neg {
		ts.Fatalf("%s %s: %d %s", args[0], args[1], status, answer)
	}
	fmt.Fprintln(ts.Stdout(), answer)
}

func (s *scripted) send(ts *testscript.TestScript, method, path string, body io.Reader) (int, string) {
	c := s.server.Credentials()
	client := &http.Client{Transport: digest.NewTransport(c.PublicKey, c.PrivateKey)}
	if !strings.HasPrefix(path, "/sandbox/") { // the sandbox's own operations
		path = "/api/atlas/v2" + path
	}
	req, err := http.NewRequest(method, s.url+path, body)
	ts.Check(err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	ts.Check(err)
	return resp.StatusCode, string(data)
}

// findID is "id VARIABLE LIST KEY=VALUE FIELD": puts a field of the entry of
// a list into a variable of the script.
func findID(ts *testscript.TestScript, _ bool, args []string) {
	_, answer := atlasOf(ts).send(ts, "GET", args[1], nil)
	var doc any
	ts.Check(json.Unmarshal([]byte(answer), &doc))
	if results, ok := spec.At(doc, "/results"); ok {
		doc = results
	}
	key, value, _ := strings.Cut(args[2], "=")
	list, _ := doc.([]any)
	for _, e := range list {
		if e.(map[string]any)[key] == value {
			ts.Setenv(args[0], fmt.Sprint(e.(map[string]any)[args[3]]))
			return
		}
	}
	ts.Fatalf("no %s in %s", args[2], answer)
}

// showRequests prints the requests since the last call, one a line.
func showRequests(ts *testscript.TestScript, _ bool, _ []string) {
	s := atlasOf(ts)
	all := s.server.Requests()
	for _, r := range all[s.seen:] {
		fmt.Fprintf(ts.Stdout(), "%s %s %d\n", r.Method, r.Path, r.Status)
	}
	s.seen = len(all)
}

// exits is "exits CODE PROGRAM ARGS…": runs it and compares its exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if e, ok := err.(interface{ ExitCode() int }); ok {
		code = e.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// logIn is "login CLIENTID FILE": the secret in the file has to be good.
func logIn(ts *testscript.TestScript, _ bool, args []string) {
	config := clientcredentials.Config{ClientID: args[0], ClientSecret: ts.ReadFile(args[1]),
		TokenURL: atlasOf(ts).url + "/api/oauth/token"}
	_, err := config.Token(context.Background())
	ts.Check(err)
}

// bigFile is "bigfile NAME BYTES".
func bigFile(ts *testscript.TestScript, _ bool, args []string) {
	var n int
	_, err := fmt.Sscan(args[1], &n)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("a: b\n"), n/5), 0o600))
}

// valueAt is "at POINTER VALUE": compares a value in the JSON on stdout.
func valueAt(ts *testscript.TestScript, neg bool, args []string) {
	var doc any
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	dec.UseNumber()
	ts.Check(dec.Decode(&doc))
	v, _ := spec.At(doc, args[0])
	if got := fmt.Sprint(v); (got == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], got)
	}
}
