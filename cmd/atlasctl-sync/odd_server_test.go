package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// oddly serves a sandbox behind a server that changes what it answers: to
// requests of that method whose path fits.
func oddly(t *testing.T, o sandbox.Options, method, path string, change func(r *http.Request, doc map[string]any)) (*sandbox.Server, map[string]string) {
	t.Helper()
	s, env := serve(t, o)
	target, err := url.Parse(env["MONGODB_ATLAS_BASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	fits := regexp.MustCompile(path)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(resp *http.Response) error {
			if resp.Request.Method != method || resp.StatusCode > 299 || !fits.MatchString(resp.Request.URL.Path) {
				return nil
			}
			var doc map[string]any
			if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
				return err
			}
			change(resp.Request, doc)
			data, err := json.Marshal(doc)
			if err != nil {
				return err
			}
			resp.Body = io.NopCloser(bytes.NewReader(data))
			resp.Header.Set("Content-Length", strconv.Itoa(len(data)))
			resp.ContentLength = int64(len(data))
			return nil
		},
	}
	front := httptest.NewServer(proxy)
	t.Cleanup(front.Close)
	env["MONGODB_ATLAS_BASE_URL"] = front.URL
	return s, env
}

// ran runs the program and returns its exit code and all that it printed.
func ran(t *testing.T, env map[string]string, args ...string) (int, string) {
	t.Helper()
	cmd := program(t, env, args...)
	out, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(out)
}

// declare writes a file of resources and returns its path.
func declare(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "declared.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	acme     = "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n"
	payments = "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\norganization: Acme\n"
)

// noIDs are what cannot be an id.
var noIDs = map[string]any{"missing": nil, "empty": "", "dot": ".", "dots": "..", "the word null": "null", "a slash": "/", "two parts": "a/b", "a number": 5}

func spoil(entry map[string]any, id any) {
	if id == nil {
		delete(entry, "id")
		return
	}
	entry["id"] = id
}

// TestListedWithoutAnID: an entry of a list that calls could not name safely
// fails the run, with the list and the entry, before anything is sent: its
// address would be somebody else's.
func TestListedWithoutAnID(t *testing.T) {
	lists := map[string]string{
		`/groups/[0-9a-f]+/users$`: payments + "prune: [users]\nusers: [{username: ana@example.com, roles: [GROUP_OWNER]}]\n",
		`/orgs/[0-9a-f]+/users$`:   acme + "users: [{username: left@example.com, state: absent}]\n",
		`/orgs/[0-9a-f]+/teams$`:   acme + "prune: [teams]\nteams: []\n",
		`/v2/groups$`:              payments + "state: absent\n",
	}
	for list, file := range lists {
		for name, id := range noIDs {
			t.Run(list+" "+name, func(t *testing.T) {
				t.Parallel()
				s, env := oddly(t, sandbox.Options{}, "GET", list, func(_ *http.Request, doc map[string]any) {
					results := doc["results"].([]any)
					spoil(results[len(results)-1].(map[string]any), id)
				})
				code, out := ran(t, env, "apply", "--auto-approve", "--max-deletes", "100%", declare(t, file))
				if code != exitError || !regexp.MustCompile(`GET /api/atlas/v2\S*`+strings.TrimPrefix(list, "/v2")[:5]).MatchString(out) || !regexp.MustCompile(`entry \d+ of the list`).MatchString(out) {
					t.Errorf("exit code %d: %s", code, out)
				}
				if n := writes(s); n > 0 {
					t.Errorf("%d writes: %v", n, s.Requests())
				}
			})
		}
	}
}

// TestCreatedWithoutAnID: what a creation answers is no better. Nothing that
// would need the id is sent.
func TestCreatedWithoutAnID(t *testing.T) {
	file := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: fresh\norganization: Acme\nmanagedSlowMs: {enabled: false}\nteams: [{name: platform, roles: [GROUP_READ_ONLY]}]\n"
	for name, id := range noIDs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, env := oddly(t, sandbox.Options{}, "POST", `/v2/groups$`, func(_ *http.Request, doc map[string]any) { spoil(doc, id) })
			code, out := ran(t, env, "apply", "--auto-approve", declare(t, file))
			for _, r := range s.Requests() {
				if r.Method != "GET" && regexp.MustCompile(`/groups/($|[^0-9a-f]|null|5/)`).MatchString(r.Path) || strings.Contains(r.Path, "..") {
					t.Errorf("it sent %s %s", r.Method, r.Path)
				}
			}
			if id != nil && (code != exitPartial || !strings.Contains(out, "project/fresh")) {
				t.Errorf("exit code %d: %s", code, out)
			}
		})
	}
}

// TestKeysThatLeadElsewhere: a declared key that stands in a path is no better.
func TestKeysThatLeadElsewhere(t *testing.T) {
	s, env := serve(t, sandbox.Options{})
	for _, key := range []string{".", "..", "a/../b"} {
		for section, path := range map[string]string{
			"dataFederation: [{name: KEY, limits: [{name: bytesProcessed.daily, value: 1GiB}]}]": "5:25",
			"dataFederation: [{name: KEY, limits: []}]":                                          "5:25",
		} {
			code, out := ran(t, env, "plan", declare(t, payments+strings.ReplaceAll(section, "KEY", strconv.Quote(key))))
			if code != exitFile || !strings.Contains(out, path+": name: "+strconv.Quote(key)+" cannot be part of a path") {
				t.Errorf("%s %s: exit code %d: %s", section, key, code, out)
			}
		}
	}
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests: %s", n, fmt.Sprint(s.Requests()))
	}
}
