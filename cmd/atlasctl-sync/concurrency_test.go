package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestTwoRuns: two applies of the same files at once end in the declared
// state, with nothing there twice; who loses a race may have to run again.
func TestTwoRuns(t *testing.T) {
	config := filepath.Join(t.TempDir(), "config")
	if err := os.CopyFS(config, os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	for _, accounts := range []string{"project_service_account.yaml", "organization_service_account.yaml", "serverless_private_endpoint.yaml",
		"cloud_provider_access.yaml", "organization_api_key.yaml", "organization_api_key_access_list.yaml", "project_api_key.yaml",
		"organization_service_account_access_list.yaml", "project_service_account_access_list.yaml", "online_archive.yaml", "ai_model_api_key.yaml",
		"network_peering.yaml", "stream_private_link.yaml", "backup_private_endpoint.yaml", "encryption_at_rest_private_endpoint.yaml",
		"private_endpoint.yaml", "private_endpoint_service.yaml", "project_mcp_config.yaml", "organization_mcp_config.yaml", "federated_identity_provider.yaml"} {
		if err := os.Remove(filepath.Join(config, accounts)); err != nil { // Atlas does not keep these unique
			t.Fatal(err)
		}
	}
	s, env := serve(t, sandbox.Options{Latency: 5 * time.Millisecond})
	done := make(chan string, 2)
	for range 2 {
		cmd := program(t, env, "apply", "--auto-approve", config)
		go func() {
			out, err := cmd.CombinedOutput()
			done <- fmt.Sprintf("%v\n%s", err, out)
		}()
	}
	first, second := <-done, <-done
	// A run that meets the other's half of a change does not write over it, and
	// deletes nothing after that: the next run does what both left.
	if out, err := program(t, env, "apply", "--auto-approve", config).CombinedOutput(); err != nil {
		t.Errorf("the run after both: %v\n%s\n%s\n%s", err, out, first, second)
	}
	if out, err := program(t, env, "plan", "--detailed-exitcode", config).CombinedOutput(); err != nil {
		t.Errorf("the plan after that: %v\n%s\n%s\n%s", err, out, first, second)
	}
	alone, aloneEnv := serve(t, sandbox.Options{})
	if out, err := program(t, aloneEnv, "apply", "--auto-approve", config).CombinedOutput(); err != nil {
		t.Fatalf("a run alone: %v\n%s", err, out)
	}
	wanted := creations(alone)
	for path, n := range creations(s) {
		again := strings.HasSuffix(path, "/users") || strings.HasSuffix(path, "/endpointIds") // the same once more changes nothing
		if n > wanted[path] && !again {
			t.Errorf("%d creations at %s, and %d by a run alone", n, path, wanted[path])
		}
	}
}

// creations counts what was created, by the path with its ids left out.
func creations(s *sandbox.Server) map[string]int {
	out := map[string]int{}
	for _, r := range s.Requests() {
		if r.Method == "POST" && (r.Status == 201 || r.Status == 200 && strings.HasSuffix(r.Path, "/teams")) {
			out[regexp.MustCompile(`[0-9a-f]{24}`).ReplaceAllString(r.Path, "*")]++
		}
	}
	return out
}

// TestTwins: where Atlas does not keep names unique, two runs that create the
// same account at once both make one; who sees two says so and names them.
func TestTwins(t *testing.T) {
	// Each creation waits until the other run has seen that there is no account.
	_, env := serve(t, sandbox.Options{Faults: []string{"POST /orgs/*/serviceAccounts=slow/2s:2"}})
	var cmds []*exec.Cmd
	var outs []*bytes.Buffer
	for i := range 2 {
		file := filepath.Join(t.TempDir(), "account.yaml")
		text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nserviceAccounts:\n" +
			"  - {name: twin, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 720h, deliverTo: {file: key}}}\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmds, outs = append(cmds, program(t, env, "apply", "--auto-approve", file)), append(outs, new(bytes.Buffer))
		cmds[i].Stdout, cmds[i].Stderr = outs[i], outs[i]
		if err := cmds[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	told := 0
	for i, cmd := range cmds {
		_ = cmd.Wait()
		if strings.Contains(outs[i].String(), "Atlas has 2 objects that match") && strings.Contains(outs[i].String(), "say which with clientId") {
			told++
			if code := cmd.ProcessState.ExitCode(); code != 3 {
				t.Errorf("exit code %d", code)
			}
		}
	}
	if told == 0 {
		t.Errorf("nobody was told of the twins:\n%s\n%s", outs[0], outs[1])
	}
}

// TestLaggingReads: Atlas may answer with what was before a write for a while.
func TestLaggingReads(t *testing.T) {
	_, env := serve(t, sandbox.Options{})
	target, err := url.Parse(env["MONGODB_ATLAS_BASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	old := map[string][]byte{} // the last answer for each path
	var until time.Time
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		switch path := r.Request.URL.Path; {
		case r.Request.Method != "GET" && !strings.HasPrefix(path, "/api/oauth/"):
			until = time.Now().Add(400 * time.Millisecond)
		case time.Now().Before(until) && old[path] != nil:
			data = old[path]
		default:
			old[path] = data
		}
		r.Body = io.NopCloser(bytes.NewReader(data))
		r.ContentLength = int64(len(data))
		r.Header.Del("Content-Length")
		return nil
	}
	front := httptest.NewServer(proxy)
	t.Cleanup(front.Close)
	env["MONGODB_ATLAS_BASE_URL"] = front.URL
	out, err := program(t, env, "apply", "--auto-approve", slowMs).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Apply: 1 verified.") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAPIKeyIsNoAccount: with an API key there is no account that the run is
// logged in as; what has no id is not it either.
func TestAPIKeyIsNoAccount(t *testing.T) {
	s, env := serve(t, sandbox.Options{Seed: []byte("organizations:\n  - name: Acme\n    users: [{username: ana@example.com, roles: [ORG_OWNER]}]\n    teams: [{name: t}]\n" +
		"projects:\n  - name: p\n    organization: Acme\n    teams: [{name: t, roles: [GROUP_READ_ONLY]}]\n")})
	own := s.Credentials()
	delete(env, "MONGODB_ATLAS_CLIENT_ID")
	delete(env, "MONGODB_ATLAS_CLIENT_SECRET")
	env["MONGODB_ATLAS_PUBLIC_API_KEY"], env["MONGODB_ATLAS_PRIVATE_API_KEY"] = own.PublicKey, own.PrivateKey
	file := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\nteams: [{name: t, state: absent}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := program(t, env, "apply", "--auto-approve", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
