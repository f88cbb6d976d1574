package suite

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/mongodb-forks/digest"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// seed is what every world begins with: two organizations alike, so that an
// object of one can be held against its like in the other. It has what no call
// of the emulator makes.
const seed = `
organizations:
  - {name: Acme, federation: true, users: &people [
      {username: ana@example.com, roles: [ORG_OWNER]}, {username: bo@example.com, roles: [ORG_MEMBER]},
      {username: cy@example.com, roles: [ORG_READ_ONLY]}, {username: di@example.com, roles: [ORG_MEMBER]}]}
  - {name: Mirror, federation: true, users: *people}
projects:
  - {name: here, organization: Acme, users: &owner [{username: ana@example.com, roles: [GROUP_OWNER]}],
     serverlessInstances: &instances [{name: legacy, provider: AWS}, {name: older, provider: AZURE}]}
  - {name: there, organization: Mirror, users: *owner, serverlessInstances: *instances}
`

// A world is one sandbox, seen by the program and by a stranger.
type world struct {
	*rapid.T
	*Suite
	server  *sandbox.Server
	url     string
	token   string
	byKey   bool // a stranger sends with the API key, as the program does not
	stop    func()
	dir     string
	secrets *[]string // values that nothing may show
	said    *strings.Builder
	here    map[string]*place // by the kind: Organization, Project
	there   map[string]*place
	depth   int // of references that are being made
	files   int
	tried   int                // bodies that Atlas refused
	made    map[string]*object // by a stranger
	// models are the only ones to make objects by, while a parent is made.
	models []map[string]any
	// target is the world in which the program works: itself, or one in which
	// things go wrong.
	target *world
	runs   int // of the program that may fail before one has to succeed, and that one
}

func (s *Suite) open(r *rapid.T, faults bool) *world {
	dir, err := os.MkdirTemp("", "suite-")
	if err != nil {
		r.Fatal(err)
	}
	w := &world{T: r, Suite: s, dir: dir, secrets: new([]string), said: new(strings.Builder), runs: 1, made: map[string]*object{}}
	w.serve(nil)
	if w.target = w; faults {
		t := *w
		t.runs = runs
		t.serve(drawFaults(r))
		w.target, t.target = &t, &t
	}
	return w
}

// serve starts the world's sandbox.
func (w *world) serve(faults []string) {
	var err error
	o := sandbox.Options{Seed: []byte(seed), Tap: w.Tap, Faults: faults}
	if w.server, w.url, w.stop, err = sandbox.Serve("127.0.0.1:0", o); err != nil {
		w.Fatal(err)
	}
	w.token = ""
	w.here, w.there = w.places("Acme", "here"), w.places("Mirror", "there")
	fmt.Fprintf(w.said, "faults: %q\n", faults)
}

func (w *world) close() {
	w.stop()
	if w.target != w {
		w.target.stop()
	}
	os.RemoveAll(w.dir)
}

// A refusal is an answer that is none of success.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.text) }

// send sends a request as any client would: no part of ours is in it. What a
// fault has hit is sent again.
func (w *world) send(method, path, version string, query url.Values, body any) (any, error) {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			w.Fatal(err)
		}
	}
	for try := 0; ; try++ {
		answer, err := w.sendOnce(method, path, version, query, data)
		if r, ok := err.(*refusal); try < 20 && err != nil && (!ok || r.status >= 500 || r.status == 429 || strings.Contains(r.text, "a fault rule")) {
			continue
		}
		return answer, err
	}
}

func (w *world) sendOnce(method, path, version string, query url.Values, data []byte) (any, error) {
	client := http.DefaultClient
	if own := w.server.Credentials(); w.byKey {
		client = &http.Client{Transport: digest.NewTransport(own.PublicKey, own.PrivateKey)}
	} else if w.token == "" {
		if err := w.logIn(); err != nil {
			return nil, err
		}
	}
	target := w.url + planner.APIPrefix + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequest(method, target, bytes.NewReader(data))
	if err != nil {
		w.Fatal(err)
	}
	if !w.byKey {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	req.Header.Set("Accept", "application/vnd.atlas."+version+"+json")
	if data != nil {
		req.Header.Set("Content-Type", "application/vnd.atlas."+version+"+json")
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, &refusal{resp.StatusCode, string(text)}
	}
	return parsed(text), nil
}

func (w *world) logIn() error {
	own := w.server.Credentials()
	req, err := http.NewRequest("POST", w.url+"/api/oauth/token", strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(own.ClientID, own.ClientSecret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err = json.NewDecoder(resp.Body).Decode(&answer); err == nil && answer.Token == "" {
		return errors.New("no token: " + resp.Status)
	}
	w.token = answer.Token
	return err
}

func parsed(text []byte) any {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

// wire is a value as it is after it has travelled.
func wire(v any) any { return parsed([]byte(textOf(v))) }

// A result is what a run of the program printed as JSON.
type result struct {
	Steps []struct {
		Address  spec.Address
		Action   string
		Status   string
		Changes  []struct{ Path, Reason string }
		Requests []struct {
			Method, Path string
			Body         any
		}
		Error any
	}
	Findings    []finding
	Diagnostics []struct{ Severity, Message string }
	Errors      []string
	text        string
}

// A finding is one of drift's.
type finding struct {
	Class, Path, Message string
	Address              spec.Address
	Who                  *struct{ Actor, Event, Note string }
}

// run runs the program. What it prints may not hold any secret.
func (w *world) run(args ...string) (int, string, string) {
	own := w.server.Credentials()
	env := map[string]string{"MONGODB_ATLAS_BASE_URL": w.url, "MONGODB_ATLAS_CLIENT_ID": own.ClientID, "MONGODB_ATLAS_CLIENT_SECRET": own.ClientSecret, "GOGC": "100"}
	code, out, errs := w.Suite.Run(w.Catalog, env, args...)
	w.quiet("what "+args[0]+" printed", out+errs)
	if !strings.HasPrefix(out, "{") {
		fmt.Fprintf(w.said, "$ %s: exit code %d\n%s%s\n", strings.Join(args, " "), code, brief(out), brief(errs))
	}
	return code, out, errs
}

func brief(text string) string {
	if len(text) > 6000 {
		return text[:6000] + "…\n"
	}
	return text
}

// quiet fails if a text shows what may not be shown.
func (w *world) quiet(where, text string) {
	for _, secret := range *w.secrets {
		if strings.Contains(text, secret) {
			w.Fatalf("%s shows the sensitive value %q:\n%s", where, secret, text)
		}
	}
}

// json runs the program for its JSON.
func (w *world) json(args ...string) (int, result) {
	code, out, errs := w.run(append(args, "-v", "-o", "json")...)
	var r result
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		w.fail("%v: %s%s", err, out, errs)
	}
	r.text = out
	fmt.Fprintf(w.said, "$ %s: exit code %d %q\n", strings.Join(args, " "), code, r.Errors)
	for _, s := range r.Steps {
		fmt.Fprintf(w.said, "  %s %s: %s %v %s\n", s.Action, s.Address, s.Status, s.Changes, textOf(s.Error))
		for _, q := range s.Requests {
			fmt.Fprintf(w.said, "    %s %s %s\n", q.Method, q.Path, textOf(q.Body))
		}
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w.said, "  %s %s %s %s\n", f.Class, f.Address, f.Path, f.Message)
	}
	for _, d := range r.Diagnostics {
		fmt.Fprintf(w.said, "  %s: %s\n", d.Severity, d.Message)
	}
	return code, r
}

// fail tells what is wrong, with all that the program has said.
func (w *world) fail(format string, args ...any) {
	w.Fatalf("%s\n%s", fmt.Sprintf(format, args...), w.said.String())
}

func (w *world) apply(file string) (int, result) {
	_ = os.Remove(w.receipt()) // of the apply before: a receipt is written over nothing
	return w.json("apply", "-q", "--timeout", "20s", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner,own-credentials", "--receipt", w.receipt(), file)
}

// writes counts the requests so far that could change something.
func (w *world) writes() int {
	n := 0
	for _, r := range w.server.Requests() {
		if r.Method != "GET" && !strings.Contains(r.Path, "/api/oauth/") {
			n++
		}
	}
	return n
}
