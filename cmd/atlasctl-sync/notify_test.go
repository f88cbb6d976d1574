package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestNotify: drift and failures are posted, again if need be; no drift is
// not; failing to notify is an error after the report is out, and the
// address, which may hold a token, is never shown.
func TestNotify(t *testing.T) {
	var bodies []string
	fail := 0
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fail > 0 {
			fail--
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
	}))
	defer hook.Close()
	url := hook.URL + "/hooks/very-secret-token"
	dir := t.TempDir()

	fail = 1
	code, out, errs := run(t, dir, "drift", "--notify", url, slowMs)
	if code != exitDifference || len(bodies) != 1 {
		t.Fatalf("exit code %d, %d notifications: %s%s", code, len(bodies), out, errs)
	}
	var sent struct {
		Text   string
		Report struct {
			Command  string
			Findings []struct{ Address string }
		}
	}
	if err := json.Unmarshal([]byte(bodies[0]), &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Text != "atlasctl-sync drift: 1 difference\nchanged project/payments/managedSlowMs enabled: files say false, Atlas has true  ("+slowMs+":5)" || sent.Report.Command != "drift" || len(sent.Report.Findings) != 1 {
		t.Errorf("%s", bodies[0])
	}

	if code, out, errs := run(t, dir, "apply", "--auto-approve", slowMs); code != exitOK {
		t.Fatal(out, errs)
	}
	if code, _, _ := run(t, dir, "drift", "--notify", url, slowMs); code != exitOK || len(bodies) != 1 {
		t.Errorf("no drift: exit code %d, %d notifications", code, len(bodies))
	}

	// A redirect is not followed: what is sent on has not arrived.
	elsewhere := httptest.NewServer(http.RedirectHandler(url, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	code, _, errs = run(t, t.TempDir(), "drift", "--notify", elsewhere.URL, slowMs)
	if code != exitError || len(bodies) != 1 || !strings.Contains(errs, "307") {
		t.Errorf("a redirect: exit code %d, %d notifications: %s", code, len(bodies), errs)
	}
	hook.Close()
	code, out, errs = run(t, t.TempDir(), "drift", "--notify", url, slowMs)
	if code != exitError || !strings.Contains(out, "Drift: 1 changed") || !strings.Contains(errs, "cannot notify 127.0.0.1") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	if strings.Contains(out+errs, "very-secret-token") {
		t.Error("the address is shown:", out, errs)
	}
	for _, bad := range []string{"http://example.com/x", "example.com", "ftp://example.com"} {
		if code, _, errs := run(t, dir, "drift", "--notify", bad, slowMs); code != exitError || strings.Contains(errs, bad) {
			t.Errorf("%s: exit code %d: %s", bad, code, errs)
		}
	}
}

// A posted message, with the program that posted it.
type posted struct {
	Text, Link string
	Shortened  bool
	Report     struct {
		Command string
		Summary struct{ Update int }
		Steps   []struct{ Status string }
	}
	agent string
	size  int
}

// inbox collects what is posted to it.
func inbox(t *testing.T) (url string, messages *[]posted) {
	t.Helper()
	var got []posted
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p := posted{agent: r.UserAgent(), size: len(body)}
		if err := json.Unmarshal(body, &p); err != nil {
			t.Error(err)
		}
		got = append(got, p)
	}))
	t.Cleanup(hook.Close)
	return hook.URL, &got
}

// TestNotifyApply: what was applied is told, with where it ran; that there was
// nothing to do is not.
func TestNotifyApply(t *testing.T) {
	dir := t.TempDir()
	url, got := inbox(t)
	runIn := func(variables map[string]string, args ...string) int {
		env := Environment{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, RetryWait: time.Millisecond, Tap: exchanges.Tap,
			Getenv: func(name string) string { return variables[name] }}
		return Run(append(args, "--sandbox="+dir), env)
	}
	github := map[string]string{"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "acme/atlas", "GITHUB_RUN_ID": "7", notifyVariable: url}
	if code := runIn(github, "apply", "--auto-approve", slowMs); code != exitOK || len(*got) != 1 {
		t.Fatalf("exit code %d, %d messages", code, len(*got))
	}
	first := (*got)[0]
	if want := "atlasctl-sync apply: 1 verified\nverified update project/payments/managedSlowMs\nhttps://github.example/acme/atlas/actions/runs/7"; first.Text != want {
		t.Errorf("%q", first.Text)
	}
	if first.Link != "https://github.example/acme/atlas/actions/runs/7" || first.Report.Command != "apply" || first.Report.Steps[0].Status != "verified" {
		t.Errorf("%+v", first)
	}
	if first.agent != "atlasctl-sync/"+version() {
		t.Errorf("User-Agent %q", first.agent)
	}
	if code := runIn(github, "apply", "--auto-approve", slowMs); code != exitOK || len(*got) != 1 {
		t.Errorf("nothing to do: exit code %d, %d messages", code, len(*got))
	}
	if code := runIn(map[string]string{"CI_JOB_URL": "https://gitlab.example/jobs/1"}, "apply", "--notify", url, "--max-deletes", "nonsense", slowMs); code != exitError || len(*got) != 2 {
		t.Fatalf("exit code %d, %d messages", code, len(*got))
	}
	if text := (*got)[1].Text; !strings.HasPrefix(text, "atlasctl-sync apply failed\nerror: ") || !strings.HasSuffix(text, "\nhttps://gitlab.example/jobs/1") {
		t.Errorf("%q", text)
	}
	if code := runIn(map[string]string{"BUILD_URL": "javascript:alert(1)"}, "apply", "--notify", url, "--max-deletes", "nonsense", slowMs); code != exitError || (*got)[2].Link != "" {
		t.Errorf("a link that is none: %d %q", code, (*got)[2].Link)
	}
	if code := runIn(nil, "drift", "--notify", url, "--link", "no address", slowMs); code != exitError || len(*got) != 3 {
		t.Errorf("exit code %d, %d messages", code, len(*got))
	}
}

// TestNotifyGone: with a file that remembers, a message tells when drift is
// gone, once; what could not be told is told the next time.
func TestNotifyGone(t *testing.T) {
	dir := t.TempDir()
	url, got := inbox(t)
	state := filepath.Join(dir, "state.json")
	drift := func(to string) int {
		code, _, _ := run(t, filepath.Join(dir, "s"), "drift", "--notify", to, "--notify-state", state, "--link", "https://example.com/runs/1", slowMs)
		return code
	}
	if code := drift(url); code != exitDifference || len(*got) != 1 {
		t.Fatalf("exit code %d, %d messages", code, len(*got))
	}
	if code, _, errs := run(t, filepath.Join(dir, "s"), "apply", "--auto-approve", slowMs); code != exitOK {
		t.Fatal(errs)
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	if code := drift(closed.URL); code != exitError {
		t.Errorf("exit code %d: nobody was told", code)
	}
	for range 2 {
		if code := drift(url); code != exitOK || len(*got) != 2 {
			t.Fatalf("exit code %d, %d messages", code, len(*got))
		}
	}
	if want := "atlasctl-sync no drift: Atlas matches the files again\nhttps://example.com/runs/1"; (*got)[1].Text != want {
		t.Errorf("%q", (*got)[1].Text)
	}
	if err := os.WriteFile(state, []byte("something of somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := drift(url); code != exitError {
		t.Errorf("another file is taken for the state: exit code %d", code)
	}
	if data, _ := os.ReadFile(state); string(data) != "something of somebody's" {
		t.Errorf("it was overwritten: %s", data)
	}
	if code, _, errs := run(t, dir, "drift", "--notify-state", state, slowMs); code != exitError || !strings.Contains(errs, "--notify-state goes with --notify") {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

// TestNotifyLarge: however much drifted, and however it is called, the message
// stays within what chat tools take, and mentions nobody.
func TestNotifyLarge(t *testing.T) {
	dir := t.TempDir()
	url, got := inbox(t)
	var text bytes.Buffer
	text.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n  - {name: \"@here <!channel>\", members: []}\nusers:\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "  - {username: user-%d@example.com, roles: [ORG_MEMBER]}\n", i)
	}
	file := filepath.Join(dir, "many.yaml")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := run(t, filepath.Join(dir, "s"), "drift", "-q", "--notify", url, file); code != exitDifference || len(*got) != 1 {
		t.Fatalf("exit code %d, %d messages: %s", code, len(*got), errs)
	}
	m := (*got)[0]
	if m.size > 128<<10 || len([]rune(m.Text)) > 4000 || !m.Shortened {
		t.Errorf("%d bytes, %d characters of text, shortened %v", m.size, len([]rune(m.Text)), m.Shortened)
	}
	if !strings.Contains(m.Text, "drift: 3001 differences\n") || !strings.HasSuffix(m.Text, "and 2991 more") {
		t.Errorf("%s", m.Text)
	}
	if strings.Contains(m.Text, "<!channel") || !strings.Contains(m.Text, "!channel") {
		t.Errorf("it mentions a channel: %s", m.Text)
	}
}
