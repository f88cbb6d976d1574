package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mongodb-forks/digest"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// TestChaos: whatever is live, whatever is declared and whatever goes wrong,
// a few runs end in the declared state. It prints how many faults struck.
// More cases: make chaos. A failing case prints how to replay it.
func TestChaos(t *testing.T) {
	few(t, 60)
	struck := map[string]int{}
	cases := 0
	rapid.Check(t, func(r *rapid.T) {
		cases++
		w := drawWorld(r)
		w.run(r, t.TempDir(), struck)
	})
	t.Logf("%d cases; faults by sort: %v", cases, struck)
}

// disturb runs the program in ways that go wrong, before the runs that have to
// come to an end; it returns what the runs printed that did not.
type disturb func(r *rapid.T, c chaosClient, file string) []string

var (
	people   = []string{"u0", "u1", "u2", "u3", "u4"}
	orgRoles = []string{"ORG_MEMBER", "ORG_READ_ONLY", "ORG_BILLING_ADMIN"}
	prjRoles = []string{"GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER", "GROUP_DATA_ACCESS_ADMIN"}
	actions  = []string{"429", "500", "503", "html", "reset", "reset-after", "409/DATA_CONCURRENCY_ERROR", "slow/30ms", "twice"}
	places   = []string{"POST /orgs/*/users", "POST /orgs/*/users/*", "POST /orgs/*/teams", "POST /orgs/*/teams/*", "POST /groups",
		"PATCH /groups/*", "POST /groups/*/users", "POST /groups/*/users/*", "POST /groups/*/teams", "PATCH /groups/*/teams/*",
		"POST /groups/*/managedSlowMs/enable", "DELETE /groups/*/managedSlowMs/disable", "POST /groups/*/serviceAccounts",
		"POST /groups/*/serviceAccounts/*/secrets", "DELETE /**", "GET /**", "* /**"}
)

// A chaosWorld is what one case starts from.
type chaosWorld struct {
	seed, files string
	faults      []string
	before      disturb         // nil: nothing
	declared    map[string]bool // "kind/name" of what the files mention
	accounts    []string
}

func mail(u string) string { return u + "@example.com" }

func drawWorld(r *rapid.T) *chaosWorld {
	w := &chaosWorld{declared: map[string]bool{}}
	some := func(label string, of []string) []string {
		return rapid.Permutation(of).Draw(r, label)[:rapid.IntRange(1, len(of)).Draw(r, label+" n")]
	}
	yes := func(label string) bool { return rapid.Bool().Draw(r, label) }
	list := func(l []string) string { return "[" + strings.Join(l, ", ") + "]" }

	var seed, org, project strings.Builder
	seed.WriteString("organizations:\n  - name: Acme\n    users:\n      - {username: ana@example.com, roles: [ORG_OWNER]}\n")
	org.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n")
	var known, active []string // who can be a member or be in a project
	for _, u := range people {
		status := rapid.SampledFrom([]string{"", "ACTIVE", "ACTIVE", "PENDING"}).Draw(r, u)
		if status != "" {
			fmt.Fprintf(&seed, "      - {username: %s, roles: %s, status: %s}\n", mail(u), list(some(u+" live", orgRoles)), status)
		}
		if status == "ACTIVE" {
			active = append(active, mail(u))
		}
		switch rapid.SampledFrom([]string{"left alone", "declared", "absent"}).Draw(r, u+" file") {
		case "declared":
			fmt.Fprintf(&org, "  - {username: %s, roles: %s}\n", mail(u), list(some(u+" roles", orgRoles)))
			w.declared["user/"+mail(u)] = true
			known = append(known, mail(u))
		case "absent":
			fmt.Fprintf(&org, "  - {username: %s, state: absent}\n", mail(u))
			w.declared["user/"+mail(u)] = true
		default:
			if status != "" {
				known = append(known, mail(u))
			}
		}
	}
	members := func(label string, of []string) string {
		if len(of) == 0 {
			return "[]"
		}
		return list(some(label, of))
	}
	seed.WriteString("    teams:\n")
	org.WriteString("teams:\n")
	for _, team := range []string{"t0", "t1"} {
		if yes(team + " live") {
			fmt.Fprintf(&seed, "      - {name: %s, members: %s}\n", team, members(team+" seed", active))
		}
		if team == "t0" || yes(team+" declared") {
			fmt.Fprintf(&org, "  - {name: %s, members: %s}\n", team, members(team+" members", known))
			w.declared["team/"+team] = true
		}
	}
	seed.WriteString("projects:\n  - {name: other, organization: Acme, users: [{username: ana@example.com, roles: [GROUP_OWNER]}]}\n")
	if yes("project live") {
		fmt.Fprintf(&seed, "  - name: p\n    organization: Acme\n    managedSlowMs: %v\n    users:\n      - {username: ana@example.com, roles: [GROUP_OWNER]}\n", yes("slow live"))
		for _, u := range active {
			if yes(u + " in p") {
				fmt.Fprintf(&seed, "      - {username: %s, roles: %s}\n", u, list(some(u+" p live", prjRoles)))
			}
		}
	}
	fmt.Fprintf(&project, "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: p\norganization: Acme\ntags: {env: %s}\nmanagedSlowMs: {enabled: %v}\n",
		rapid.SampledFrom([]string{"a", "b"}).Draw(r, "tag"), yes("slow"))
	fmt.Fprintf(&project, "teams:\n  - {name: t0, roles: %s}\nusers:\n", list(some("t0 roles", prjRoles)))
	for _, u := range known {
		if yes(u + " declared in p") {
			fmt.Fprintf(&project, "  - {username: %s, roles: %s}\n", u, list(some(u+" p roles", prjRoles)))
			w.declared["project user/"+u] = true
		}
	}
	project.WriteString("  - {username: ana@example.com, roles: [GROUP_OWNER]}\n")
	if yes("account") {
		w.accounts = []string{"robot"}
		project.WriteString("serviceAccounts:\n  - {name: robot, description: r, roles: [GROUP_READ_ONLY], secrets: {maxAge: 720h, deliverTo: {file: robot}}}\n")
		if yes("account fault") { // where most is at stake, chance is helped
			w.faults = append(w.faults, rapid.SampledFrom([]string{"POST /groups/*/serviceAccounts", "POST /groups/*/serviceAccounts/*/secrets",
				"DELETE /groups/*/serviceAccounts/*/secrets/*"}).Draw(r, "account place")+"="+
				rapid.SampledFrom([]string{"reset-after", "500", "reset", "twice", "409", "400"}).Draw(r, "account action")+":"+rapid.SampledFrom([]string{"1", "2", "5"}).Draw(r, "account count"))
		}
	}
	for i := range rapid.IntRange(0, 4).Draw(r, "faults") {
		w.faults = append(w.faults, fmt.Sprintf("%s=%s:%d", rapid.SampledFrom(places).Draw(r, fmt.Sprint("place", i)),
			rapid.SampledFrom(actions).Draw(r, fmt.Sprint("action", i)), rapid.IntRange(1, 3).Draw(r, fmt.Sprint("count", i))))
	}
	w.seed = seed.String()
	w.files = strings.ReplaceAll(org.String()+project.String(), "users:\nteams:", "users: []\nteams:")
	return w
}

// maxRuns is enough for each fault that a world can hold to cost one.
const maxRuns = 1 + 5 + 4*3

func (w *chaosWorld) run(r *rapid.T, dir string, struck map[string]int) {
	var mu sync.Mutex
	var log []sandbox.Exchange
	server, url, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Seed: []byte(w.seed), Faults: w.faults, Tap: func(x sandbox.Exchange) {
		exchanges.Tap(x)
		mu.Lock()
		defer mu.Unlock()
		log = append(log, x)
	}})
	if err != nil {
		r.Fatal(err, w.seed)
	}
	defer stop()
	seenFrom := func(n int) []sandbox.Exchange {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(log[n:])
	}
	seen := func() int { return len(seenFrom(0)) }
	file := filepath.Join(dir, "files.yaml")
	if err := os.WriteFile(file, []byte(w.files), 0o600); err != nil {
		r.Fatal(err)
	}
	c := chaosClient{r, server, url}
	before := c.undeclared(w)

	var said []string
	told := false // of an account or a secret that is one too many
	if w.before != nil {
		said = w.before(r, c, file)
		told = isTold(strings.Join(said, ""))
	}
	for n := 1; !told; n++ {
		from := seen()
		code, out := c.sync("apply", "-q", "-o", "json", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner", file)
		said = append(said, fmt.Sprintf("run %d: exit code %d\n%s", n, code, out))
		w.planned(r, seenFrom(from), out)
		told = isTold(out)
		if code == exitOK {
			if code, out = c.sync("plan", "--detailed-exitcode", file); code == exitOK {
				break
			}
			said = append(said, fmt.Sprintf("plan: exit code %d\n%s", code, out))
		}
		if n == maxRuns && !told {
			r.Fatalf("not converged after %d runs\nfaults: %v\n%s\n%s", n, w.faults, w.files, strings.Join(said, "\n"))
		}
	}
	for _, x := range seenFrom(0) {
		if x.Struck != "" {
			action, _, _ := strings.Cut(x.Struck[strings.LastIndex(x.Struck, "=")+1:], ":")
			struck[action]++
		}
	}
	if told {
		w.accounts = nil // it is a person's turn
		struck["told of a twin"]++
	}
	w.check(r, c, before, dir, strings.Join(said, "\n"))
}

func isTold(out string) bool {
	return strings.Contains(out, "Atlas has 2 objects that match") || strings.Contains(out, "made and never delivered)")
}

// planned holds the writes that Atlas took against the requests of the plan
// that the run printed. Where it showed a new secret, one that was made and
// lost may be deleted, and another made, besides.
func (w *chaosWorld) planned(r *rapid.T, log []sandbox.Exchange, out string) {
	var doc struct {
		Steps []struct {
			Changes  []struct{ Path string }
			Requests []struct{ Method, Path string }
		}
	}
	if err := json.Unmarshal([]byte(out[:strings.LastIndex(out, "}")+1]), &doc); err != nil {
		r.Fatal(err, out)
	}
	shown := map[string]*regexp.Regexp{}
	secrets := false
	for _, s := range doc.Steps {
		for _, c := range s.Changes {
			secrets = secrets || c.Path == "secrets"
		}
		for _, req := range s.Requests {
			pattern := unresolved.ReplaceAllString(regexp.QuoteMeta(req.Method+" "+req.Path), "[^/:]+")
			shown[pattern] = regexp.MustCompile("^" + pattern + "$")
		}
	}
	for _, x := range log {
		call := x.Method + " " + x.Path
		if x.Method == "GET" || x.Status >= 300 || strings.Contains(call, "/api/oauth/") || secrets && lostSecret.MatchString(call) {
			continue
		}
		inPlan := false
		for _, p := range shown {
			inPlan = inPlan || p.MatchString(call)
		}
		if !inPlan {
			r.Errorf("%s was sent, and is in no plan:\n%s", call, out)
		}
	}
}

var (
	unresolved = regexp.MustCompile(`\\\{[^}]*\\\}`)
	lostSecret = regexp.MustCompile(`^(POST|DELETE) .*/serviceAccounts/[^/]+/secrets(/[^/]+)?$`) // these worlds begin without any
)

// check holds the end against the beginning.
func (w *chaosWorld) check(r *rapid.T, c chaosClient, before map[string]string, dir, said string) {
	for name, was := range before {
		if is := c.undeclared(w)[name]; is != was {
			r.Errorf("%s is not declared and was changed: %s, before %s\n%s", name, is, was, said)
		}
	}
	for _, name := range w.accounts {
		project := c.get("/groups/byName/p")["id"].(string)
		var found []map[string]any
		for _, a := range c.list("/groups/" + project + "/serviceAccounts") {
			if a["name"] == name {
				found = append(found, a)
			}
		}
		if len(found) != 1 || len(found[0]["secrets"].([]any)) != 1 {
			r.Errorf("there is to be one account with one secret: %v\n%s", found, said)
			continue
		}
		value, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !c.login(found[0]["clientId"].(string), string(value)) {
			r.Errorf("nobody holds the secret of %s: %v\n%s", name, err, said)
		}
		if strings.Contains(said, string(value)) {
			r.Error("the secret's value is shown")
		}
	}
}

// A chaosClient runs the program, and looks at Atlas with eyes of its own.
type chaosClient struct {
	r      *rapid.T
	server *sandbox.Server
	url    string
}

func (c chaosClient) sync(args ...string) (int, string) {
	env := c.env()
	var out bytes.Buffer
	code := Run(args, Environment{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, RetryWait: time.Millisecond, Pace: emulated,
		Getenv: func(name string) string { return env[name] }})
	return code, out.String()
}

func (c chaosClient) env() map[string]string {
	own := c.server.Credentials()
	return map[string]string{"MONGODB_ATLAS_BASE_URL": c.url, "MONGODB_ATLAS_CLIENT_ID": own.ClientID, "MONGODB_ATLAS_CLIENT_SECRET": own.ClientSecret}
}

// get reads an object, past the faults: they strike the program, and a few
// may be left for us.
func (c chaosClient) get(path string) map[string]any {
	own := c.server.Credentials()
	client := &http.Client{Transport: digest.NewTransport(own.PublicKey, own.PrivateKey)}
	for range 20 {
		resp, err := client.Get(c.url + "/api/atlas/v2" + path)
		if err != nil {
			continue
		}
		var doc map[string]any
		err = json.NewDecoder(resp.Body).Decode(&doc)
		resp.Body.Close()
		if err == nil && resp.StatusCode == http.StatusOK {
			return doc
		}
	}
	c.r.Fatal("cannot read ", path)
	return nil
}

func (c chaosClient) list(path string) []map[string]any {
	var out []map[string]any
	for _, e := range c.get(path)["results"].([]any) {
		out = append(out, e.(map[string]any))
	}
	return out
}

// undeclared describes what no file mentions, as Atlas has it.
func (c chaosClient) undeclared(w *chaosWorld) map[string]string {
	out := map[string]string{}
	keep := func(name string, v map[string]any) {
		if !w.declared[name] {
			for _, volatile := range []string{"teamIds", "links", "lastAuth"} {
				delete(v, volatile)
			}
			if roles, ok := v["roles"].(map[string]any); ok {
				v["roles"] = roles["orgRoles"]
			}
			data, _ := json.Marshal(v)
			out[name] = string(data)
		}
	}
	org := c.list("/orgs")[0]["id"].(string)
	for _, u := range c.list("/orgs/" + org + "/users") {
		keep("user/"+u["username"].(string), u)
	}
	for _, t := range c.list("/orgs/" + org + "/teams") {
		keep("team/"+t["name"].(string), t)
	}
	other := c.get("/groups/byName/other")
	keep("project/other", other)
	for _, u := range c.list("/groups/" + other["id"].(string) + "/users") {
		keep("other project's user/"+u["username"].(string), u)
	}
	return out
}

func (c chaosClient) login(id, secret string) bool {
	for range 20 {
		req, err := http.NewRequest("POST", c.url+"/api/oauth/token", strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
		if err != nil {
			c.r.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(id, secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		resp.Body.Close()
		if slices.Contains([]int{200, 401}, resp.StatusCode) {
			return resp.StatusCode == 200
		}
	}
	return false
}
