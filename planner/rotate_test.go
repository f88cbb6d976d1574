package planner_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func account(secrets ...string) map[string]string {
	return map[string]string{"OrganizationServiceAccount": fmt.Sprintf(
		`[{"clientId":"%s","name":"ci","description":"d","roles":["ORG_MEMBER"],"secrets":[%s]}]`, accID, strings.Join(secrets, ","))}
}

// secret was made so many hours ago, lives for so many and, if that is said, was
// used last so many hours ago.
func secret(id string, age, life int, used ...int) string {
	lastUsed := "null"
	if len(used) > 0 {
		lastUsed = `"` + now.Add(-time.Duration(used[0])*time.Hour).Format(time.RFC3339) + `"`
	}
	made := now.Add(-time.Duration(age) * time.Hour)
	return fmt.Sprintf(`{"id":"%s","createdAt":"%s","expiresAt":"%s","lastUsedAt":%s,"maskedSecretValue":"mdb_sa_sk_...%s"}`, id, made.Format(time.RFC3339), made.Add(time.Duration(life)*time.Hour).Format(time.RFC3339), lastUsed, id)
}

// The rule asks for secrets of 124 hours.
func TestRotation(t *testing.T) {
	const ci = spec.Address("org/Acme/serviceAccounts/ci")
	delivered := func(id string, replaced ...string) *planner.Delivered {
		return &planner.Delivered{ID: id, Replaced: replaced}
	}
	lost := func(known ...string) *planner.Pending {
		return &planner.Pending{Known: known, At: now.Add(-time.Hour), Hours: 124}
	}
	for _, c := range []struct {
		name      string
		secrets   []string
		delivered *planner.Delivered // what stands beside the file; nil: nothing
		pending   *planner.Pending
		want      string // requests
		finding   planner.Class
		command   bool
		rotate    bool
		failed    bool // the plan is an error
	}{
		{name: "young", secrets: []string{secret("a", 99, 124)}},
		{name: "due", secrets: []string{secret("a", 100, 124)}, want: "; POST /secrets"},
		{name: "none", want: "; POST /secrets"},
		{name: "expired", secrets: []string{secret("a", 200, 124)}, want: "; POST /secrets"},
		{name: "within the overlap", secrets: []string{secret("a", 120, 124), secret("b", 23, 124)}, delivered: delivered("b", "a")},
		{name: "after the overlap", secrets: []string{secret("a", 120, 168), secret("b", 24, 124)}, delivered: delivered("b", "a"), want: "; DELETE /secrets/a"},
		{name: "replaced, and still in use", secrets: []string{secret("a", 120, 168, 1), secret("b", 26, 124)}, delivered: delivered("b", "a"), finding: planner.Outside},
		{name: "replaced, and used within the overlap", secrets: []string{secret("a", 120, 168, 3), secret("b", 26, 124)}, delivered: delivered("b", "a"), want: "; DELETE /secrets/a"},
		{name: "a newer one made by hand", secrets: []string{secret("a", 90, 168), secret("b", 30, 744)}, delivered: delivered("a", "z")},
		{name: "nothing beside the file", secrets: []string{secret("a", 90, 168), secret("b", 30, 124)}},
		{name: "the file's own is gone", secrets: []string{secret("a", 10, 744)}, delivered: delivered("z"), want: "; POST /secrets"},
		{name: "two made by hand", secrets: []string{secret("a", 90, 744), secret("b", 80, 744)}},
		{name: "by command, the newest as the rule asks", secrets: []string{secret("a", 190, 268), secret("b", 30, 124)}, command: true, want: "; DELETE /secrets/a"},
		{name: "by command, the newest made by hand", secrets: []string{secret("a", 90, 168), secret("b", 30, 744)}, command: true},
		{name: "by command, made before the older was due", secrets: []string{secret("a", 90, 168), secret("b", 30, 124)}, command: true},
		{name: "by command, still in use", secrets: []string{secret("a", 190, 268, 2), secret("b", 30, 124)}, command: true, finding: planner.Outside},
		{name: "by command, used within the overlap", secrets: []string{secret("a", 190, 268, 7), secret("b", 30, 124)}, command: true, want: "; DELETE /secrets/a"},
		{name: "full, one expired", secrets: []string{secret("b", 101, 124), secret("a", 300, 124)}, want: "; DELETE /secrets/a; POST /secrets"},
		{name: "full, both alive", secrets: []string{secret("a", 110, 400), secret("b", 101, 400)}, finding: planner.Due},
		{name: "full, one replaced", secrets: []string{secret("a", 210, 400), secret("b", 101, 124)}, delivered: delivered("b", "a"), want: "; DELETE /secrets/a; POST /secrets"},
		{name: "full, one replaced and in use", secrets: []string{secret("a", 210, 400, 1), secret("b", 101, 124)}, delivered: delivered("b", "a"), finding: planner.Due},
		{name: "full, asked for within the overlap", secrets: []string{secret("a", 120, 400), secret("b", 3, 124)}, delivered: delivered("b", "a"), rotate: true, failed: true},
		{name: "one was lost", secrets: []string{secret("a", 99, 124), secret("b", 1, 124)}, pending: lost("a"), want: "; DELETE /secrets/b"},
		{name: "one was lost, by its id", secrets: []string{secret("a", 99, 124), secret("b", 1, 124)}, pending: &planner.Pending{Known: []string{"a"}, ID: "b"}, want: "; DELETE /secrets/b"},
		{name: "the lost one was cut short by a newer", secrets: []string{secret("b", 2, 169), secret("a", 1, 744)}, pending: &planner.Pending{Known: []string{"a"}, At: now.Add(-time.Hour), Hours: 744}, want: "; DELETE /secrets/b"},
		{name: "another was lost", secrets: []string{secret("a", 99, 124), secret("b", 1, 124)}, pending: &planner.Pending{Known: []string{"a"}, At: now.Add(-time.Hour), Hours: 124, ID: "c"}},
		{name: "the only one was lost", secrets: []string{secret("b", 1, 124)}, pending: lost(), want: "; DELETE /secrets/b; POST /secrets"},
		{name: "interrupted before it was made", secrets: []string{secret("a", 99, 124)}, pending: lost("a")},
		{name: "made by hand after an interruption", secrets: []string{secret("a", 99, 124), secret("b", 3, 124)}, pending: &planner.Pending{Known: []string{"a"}, At: now.Add(-50 * time.Hour), Hours: 124}},
		{name: "made by hand for another time", secrets: []string{secret("a", 99, 124), secret("b", 1, 125)}, pending: lost("a")},
		{name: "not lost: somebody uses it", secrets: []string{secret("a", 99, 124), secret("b", 1, 124, 0)}, pending: lost("a")},
		{name: "a note of unknown age", secrets: []string{secret("a", 99, 124), secret("b", 1, 124)}, pending: &planner.Pending{Known: []string{"a"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := "{file: /x}"
			if c.command {
				to = "{command: [vault]}"
			}
			file := head + "serviceAccounts: [{name: ci, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 100h, overlap: 24h, deliverTo: " + to + "}}]\n"
			p := plan(t, file, account(c.secrets...), func(o *planner.Options) {
				if c.rotate {
					o.Rotate = []spec.Address{ci}
				}
				if c.pending != nil {
					o.Pending = map[spec.Address]planner.Pending{ci: *c.pending}
				}
				if c.delivered != nil {
					o.Delivered = map[spec.Address]planner.Delivered{ci: *c.delivered}
				}
			})
			if c.failed {
				if !p.Diagnostics.HasErrors() || len(p.Steps) > 0 {
					t.Error(told(p))
				}
				return
			}
			if c.want == "" {
				expect(t, p)
			} else {
				expect(t, p, "update "+string(ci)+c.want)
			}
			var found planner.Class
			if len(p.Findings) > 0 {
				found = p.Findings[0].Class
			}
			if found != c.finding {
				t.Errorf("finding %q, want %q: %v", found, c.finding, p.Findings)
			}
		})
	}
}

// Deleting a secret counts, and what the run is logged in with is not deleted.
func TestDroppedSecrets(t *testing.T) {
	file := head + "serviceAccounts: [{name: ci, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 100h, overlap: 24h, deliverTo: {command: [vault]}}}]\n"
	live := account(secret("a", 190, 268), secret("b", 30, 124))
	for _, c := range []struct {
		name, want string
		edit       func(*planner.Options)
	}{
		{"ten may go", "", func(*planner.Options) {}},
		{"none may go", "max-deletes", func(o *planner.Options) { o.MaxDeletes = planner.Ceiling{} }},
		{"of the own account", "own-credentials", func(o *planner.Options) { o.Self = []string{accID} }},
		{"the own secret", "own-credentials", func(o *planner.Options) {
			o.Self, o.OwnSecret = []string{accID}, func(masked string) bool { return masked == "mdb_sa_sk_...a" }
		}},
		{"another of the own account", "", func(o *planner.Options) {
			o.Self, o.OwnSecret = []string{accID}, func(masked string) bool { return masked == "mdb_sa_sk_...b" }
		}},
	} {
		got := ""
		if p := plan(t, file, live, c.edit); len(p.Violations) > 0 {
			got = p.Violations[0].Guard
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Members that a body leaves out are removed, as those that have a call each.
func TestRemovedMembersOfBodies(t *testing.T) {
	p := plan(t, head+"serviceAccounts: [{name: ci, description: d, roles: [ORG_READ_ONLY]}]\n", account(secret("a", 1, 744)),
		func(o *planner.Options) { o.MaxDeletes = planner.Ceiling{} })
	if len(p.Violations) != 1 || p.Violations[0].Guard != "max-deletes" || !strings.Contains(p.Violations[0].Message, "removes 1 thing ") {
		t.Error(p.Violations)
	}
}

// Where no place is left, a person is told what there is to choose from.
func TestNoPlaceForASecret(t *testing.T) {
	file := head + "serviceAccounts: [{name: ci, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 100h, deliverTo: {file: /x}}}]\n"
	secrets := account(secret("a", 110, 400, 2), secret("b", 101, 400))
	p := plan(t, file, secrets)
	if len(p.Diagnostics) != 1 || p.Diagnostics.HasErrors() ||
		!strings.Contains(p.Diagnostics[0].Message, "a of 2026-05-27T22:00:00Z (mdb_sa_sk_...a), expires 2026-06-13T14:00:00Z, last used 2026-06-01T10:00:00Z; b of") ||
		!strings.Contains(p.Diagnostics[0].Message, "never used") {
		t.Error(p.Diagnostics)
	}
	p = plan(t, file, secrets, func(o *planner.Options) { o.Rotate = []spec.Address{"org/Acme/serviceAccounts/ci"} })
	if !p.Diagnostics.HasErrors() {
		t.Error("asked for, and no error")
	}
}

// The lifetime that is asked for outlives the age limit by the overlap, and a
// delivery says how to take the secret back.
func TestRotationRequest(t *testing.T) {
	p := plan(t, head+"serviceAccounts: [{name: ci, description: d, roles: [ORG_MEMBER], secrets: {maxAge: 100h30m, overlap: 24h, deliverTo: {file: /x}}}]\n", account(secret("a", 101, 124)))
	req := p.Steps[0].Requests[0]
	if diff := cmp.Diff(map[string]any{"secretExpiresAfterHours": 125}, req.Body); diff != "" {
		t.Error(diff)
	}
	if d := req.Deliver; d == nil || d.To.File != "/x" || d.Known[0] != "a" || !strings.HasSuffix(d.Undo.Path, "/secrets/{secretId}") {
		t.Errorf("%+v", d)
	}
}

// The tool does not take away what it is logged in as.
func TestOwnCredentials(t *testing.T) {
	self := func(o *planner.Options) { o.Self = []string{accID} }
	for file, want := range map[string]int{
		"[{name: ci, state: absent}]":                          1,
		"[{name: ci, description: d, roles: [ORG_READ_ONLY]}]": 1,
		"[{name: ci, description: new, roles: [ORG_MEMBER]}]":  0,
		"[{name: ci, description: d, roles: [ORG_MEMBER]}]":    0,
	} {
		p := plan(t, head+"serviceAccounts: "+file+"\n", account(secret("a", 1, 100)), self)
		if len(p.Violations) != want || want > 0 && p.Violations[0].Guard != "own-credentials" {
			t.Errorf("%s: %v", file, p.Violations)
		}
	}
}
