package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestNotifyWho: a message says who it was, however long the values are; the report
// beside it says all.
func TestNotifyWho(t *testing.T) {
	var body []byte
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { body, _ = io.ReadAll(r.Body) }))
	defer hook.Close()
	dir := t.TempDir()
	write := func(name, comment string) string {
		path := filepath.Join(dir, name)
		text := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\nipAccessList:\n  - {cidrBlock: 10.0.0.0/16, comment: " + comment + "}\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if code, out, errs := run(t, dir, "apply", "--auto-approve", write("a.yaml", "office")); code != exitOK {
		t.Fatal(out, errs)
	}
	if code, out, errs := run(t, dir, "drift", "--who", "--notify", hook.URL, write("b.yaml", strings.Repeat("home ", 15))); code != exitDifference {
		t.Fatal(out, errs)
	}
	var sent struct {
		Text   string
		Report struct {
			Findings []struct {
				Who struct {
					Actor, ActorKind, Event, EventID string
					Own                              bool
					At                               time.Time
				}
			}
		}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^atlasctl-sync drift: 1 difference\nchanged project/payments/ipAccessList/10.0.0.0%2F16 comment: files say .*[)…] \[by service account mdb_sa_id_[0-9a-f]{24} \(this run's own credentials\), 20[^ ]*Z, NETWORK_PERMISSION_ENTRY_ADDED\]$`)
	if !want.MatchString(sent.Text) {
		t.Errorf("%q", sent.Text)
	}
	who := sent.Report.Findings[0].Who
	if !strings.HasPrefix(who.Actor, "mdb_sa_id_") || who.ActorKind != "serviceAccount" || !who.Own || who.Event != "NETWORK_PERMISSION_ENTRY_ADDED" || who.EventID == "" || time.Since(who.At) > time.Hour {
		t.Errorf("%+v", who)
	}
}
