package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestOneOrder: what drift finds is told in the same order in every format.
func TestOneOrder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "acme.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nprune: [teams]\nteams: []\nusers:\n" +
		"  - {username: a-new@example.com, roles: [ORG_MEMBER]}\n  - {username: bo@example.com, roles: [ORG_READ_ONLY]}\n  - {username: left@example.com, state: absent}\n" +
		"---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nmanagedSlowMs: {enabled: false}\nusers: []\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	accept := filepath.Join(dir, ".accept.yaml")
	if err := os.WriteFile(accept, []byte("- {address: project/payments/managedSlowMs, reason: known, until: 2999-12-31}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`(?:org|project)/[A-Za-z]+(?:/[a-zA-Z-]+(?:@example.com|/[a-zA-Z-]+(?:@example.com)?)?)`)
	orders := map[string][]string{}
	for _, format := range []string{"text", "json", "markdown", "junit", "github"} {
		code, out, errs := run(t, filepath.Join(dir, "s"), "drift", "-o", format, "--accept", accept, file)
		if code != exitDifference {
			t.Fatal(code, errs)
		}
		if format == "github" {
			_, out, _ = strings.Cut(out, "\n::") // behind the text
			out = regexp.MustCompile(`title=[^:]*`).ReplaceAllString(out, "")
		}
		orders[format] = slices.Compact(address.FindAllString(out, -1))
	}
	if len(orders["text"]) < 7 || orders["text"][0] != "org/Acme/teams/platform" || orders["text"][1] != "org/Acme/users/left@example.com" {
		t.Errorf("%q", orders["text"])
	}
	for format, order := range orders {
		want := orders["text"]
		if format == "github" {
			want = want[:len(order)] // only what fails
		}
		if !slices.Equal(order, want) {
			t.Errorf("%s has %q, text %q", format, order, want)
		}
	}
}

// TestReportThatFails: that a report could not be written stands among the
// errors of all the others.
func TestReportThatFails(t *testing.T) {
	dir := t.TempDir()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full:", err)
	}
	other := filepath.Join(dir, "other.json")
	code, out, errs := run(t, dir, "plan", "-o", "json", "--report", "json="+other, "--report", "markdown=/dev/full", slowMs)
	data, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"-o json": out, "--report json": string(data)} {
		var d struct{ Errors []string }
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Fatal(err)
		}
		if len(d.Errors) != 1 || !strings.Contains(d.Errors[0], "cannot write the report: ") {
			t.Errorf("%s: errors %q", name, d.Errors)
		}
	}
	if code != exitError || errs != "" {
		t.Errorf("exit code %d: %s", code, errs)
	}
}

// TestJSONIsAskedFor: however -o json is spelled, a command line that is wrong
// is told of in JSON.
func TestJSONIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		args []string
		want bool
	}{
		{[]string{"-o", "json"}, true}, {[]string{"-ojson"}, true}, {[]string{"-o=json"}, true}, {[]string{"--output", "json"}, true},
		{[]string{"--output=json"}, true}, {[]string{"-qo", "json"}, true}, {[]string{"-qojson"}, true}, {[]string{"-vqo=json"}, true},
		{[]string{"-o", "markdown"}, false}, {[]string{"-fo", "json"}, false}, {nil, false},
	} {
		code, out, _ := run(t, t.TempDir(), append(append([]string{"plan"}, c.args...), "--no-such-flag")...)
		if code != exitError || strings.Contains(out, "unknown flag") != c.want {
			t.Errorf("%q: exit code %d: %s", c.args, code, out)
		}
	}
}

// TestExportedNames: no character that a reader does not see gets into a file
// as it is, and what the file says is what Atlas has.
func TestExportedNames(t *testing.T) {
	dir := t.TempDir()
	s := filepath.Join(dir, "s")
	file := filepath.Join(dir, "acme.yaml")
	name := `"a\u202Eb\u200Bc\U000E0041 \u0085d"`
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n  - {name: " + name + ", members: [ana@example.com]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := run(t, s, "apply", "--auto-approve", "-q", file); code != exitOK {
		t.Fatal(errs)
	}
	_, exported, _ := run(t, s, "export", "-q")
	var declared bytes.Buffer
	env := Environment{Stdin: strings.NewReader(""), Stdout: &declared, Stderr: io.Discard, Getenv: func(string) string { return "" }}
	if code := Run([]string{"explain", "--org", "Acme", file}, env); code != exitOK {
		t.Fatal(declared.String())
	}
	for _, out := range []string{exported, declared.String()} {
		for _, r := range "\u202e\u200b\U000e0041\u0085" {
			if strings.ContainsRune(out, r) {
				t.Errorf("%q gets out: %s", r, out)
			}
		}
		if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := run(t, s, "plan", "--detailed-exitcode", file); code != exitOK {
			t.Errorf("exit code %d: %s%s", code, out, errs)
		}
	}
}

// TestSecretsWithoutAges: where Atlas does not tell when a secret was made,
// no plan makes a date of it.
func TestSecretsWithoutAges(t *testing.T) {
	s, env := serve(t, sandbox.Options{})
	target, err := url.Parse(env["MONGODB_ATLAS_BASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		body = regexp.MustCompile(`"createdAt":"[^"]*",`).ReplaceAll(body, nil)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Del("Content-Length")
		return err
	}
	front := httptest.NewServer(proxy)
	defer front.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "acme.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nserviceAccounts:\n" +
		"  - {name: robot, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 720h, deliverTo: {file: key}}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := program(t, env, "apply", "--auto-approve", "-q", file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	env["MONGODB_ATLAS_BASE_URL"] = front.URL
	out, err := program(t, env, "plan", "--rotate", "org/Acme/serviceAccounts/robot", file).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("    secrets: ")) || bytes.Contains(out, []byte("0001")) {
		t.Errorf("%v after %d requests: %s", err, len(s.Requests()), out)
	}
}

// TestReaderGone: a reader that has seen enough, as head has, needs no explanation.
func TestReaderGone(t *testing.T) {
	for _, args := range [][]string{{"explain", "Cluster"}, {"kinds"}, {"schema"}, {"explain", "--draft", "getGroupPushBasedLogExport"}} {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = reader.Close()
		var errs bytes.Buffer
		code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: writer, Stderr: &errs, Getenv: func(string) string { return "" }})
		_ = writer.Close()
		if code != exitError || errs.Len() > 0 {
			t.Errorf("%v: exit code %d, %q", args, code, errs.String())
		}
	}
}
