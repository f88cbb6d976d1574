package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	if sent.Text != "atlasctl-sync drift: 1 difference\nchanged project/payments/managedSlowMs enabled" || sent.Report.Command != "drift" || len(sent.Report.Findings) != 1 {
		t.Errorf("%s", bodies[0])
	}

	if code, out, errs := run(t, dir, "apply", "--auto-approve", slowMs); code != exitOK {
		t.Fatal(out, errs)
	}
	if code, _, _ := run(t, dir, "drift", "--notify", url, slowMs); code != exitOK || len(bodies) != 1 {
		t.Errorf("no drift: exit code %d, %d notifications", code, len(bodies))
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

// TestLongReports: a plan of 3,000 steps fits into a comment and says what it
// left out; deletions stay whole.
func TestLongReports(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n  - {username: left@example.com, state: absent}\n  - {username: bo@example.com, roles: [ORG_READ_ONLY]}\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "  - {username: user-%d@example.com, roles: [ORG_MEMBER, ORG_READ_ONLY]}\n", i)
	}
	file := filepath.Join(dir, "many.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	reports := map[string]string{}
	args := []string{"plan", "-q", file}
	for _, format := range []string{"markdown", "junit", "github", "json"} {
		reports[format] = filepath.Join(dir, format)
		args = append(args, "--report", format+"="+reports[format])
	}
	if code, _, errs := run(t, filepath.Join(dir, "s"), args...); code != exitOK {
		t.Fatal(code, errs)
	}
	for format, path := range reports {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		reports[format] = string(data)
	}
	md := reports["markdown"]
	if n := len([]rune(md)); n > 65536 {
		t.Errorf("the comment has %d characters", n)
	}
	for _, want := range []string{"### atlasctl-sync plan: 3000 to create, 1 to update, 1 to delete", "- delete org/Acme/users/left@example.com  (",
		"+ create org/Acme/users/user-0@example.com", "The user also leaves all teams", "roles: [ORG_MEMBER] -> [ORG_READ_ONLY]", "**Shortened to fit:** "} {
		if !strings.Contains(md, want) {
			t.Errorf("the comment does not say %q:\n%.3000s", want, md)
		}
	}
	var suite struct {
		Tests int `xml:"tests,attr"`
	}
	if err := xml.Unmarshal([]byte(reports["junit"]), &suite); err != nil || suite.Tests != 3003 {
		t.Errorf("%d test cases: %v", suite.Tests, err)
	}
	if n := strings.Count(reports["github"], "\n::notice file="+file); n < 2999 {
		t.Errorf("%d annotations", n)
	}
	if !json.Valid([]byte(reports["json"])) {
		t.Error("the JSON report is not JSON")
	}
}

// TestHostileNames: what Atlas or a file calls something ends no code block,
// starts no workflow command and mentions nobody.
func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "hostile.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n  - {name: \"```` @everyone\\n::error::pwned <script>\", members: []}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, filepath.Join(dir, "s"), "plan", "-o", "github", "--report", "markdown="+filepath.Join(dir, "md"), file)
	if code != exitOK {
		t.Fatal(code, errs)
	}
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "::error") {
			t.Error("a name became a command:", out)
		}
	}
	md, err := os.ReadFile(filepath.Join(dir, "md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(md), "`````diff") {
		t.Errorf("a name can end the code block:\n%s", md)
	}
}
