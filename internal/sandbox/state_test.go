package sandbox_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

func TestTheStateSurvives(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	own := a.server.Credentials()
	a.newProject("kept")
	a.server.Close()

	b := open(t, sandbox.Options{Dir: dir, Seed: []byte("not even read")})
	if b.server.Credentials() != own {
		t.Error("new credentials")
	}
	equal(t, b.get("/groups/byName/kept").want(200).at("orgId"), a.org)
	equal(t, b.get("/orgs/"+a.org+"/serviceAccounts").each("results", "name"), "sandbox-owner")
}

func TestOneProcessPerDirectory(t *testing.T) {
	dir := t.TempDir()
	a := open(t, sandbox.Options{Dir: dir})
	if _, err := sandbox.Open(sandbox.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("got %v", err)
	}
	a.get("/orgs").want(200)
	a.server.Close()
	a.get("/orgs").want(503) // and no longer touches the directory
	s, err := sandbox.Open(sandbox.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestSecretsStayOutOfStateAndLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	var log bytes.Buffer
	a := openAcme(t, sandbox.Options{Dir: dir, Log: &log})
	own := a.server.Credentials()
	made := a.post(a.accounts(""), account).want(201)
	token := a.token(made.at("clientId"), made.at("secrets.0.secret"), clientCredentials).want(200).at("access_token")
	a.patch(a.in("/encryptionAtRest"), `{"googleCloudKms":{"enabled":true,"keyVersionResourceID":"k","serviceAccountKey":"kms-key-value"}}`).want(200)

	state := append(read(t, filepath.Join(dir, "state.json")), read(t, filepath.Join(dir, "journal.jsonl"))...)
	for _, secret := range []string{own.ClientSecret, own.PrivateKey, made.at("secrets.0.secret"), token, "kms-key-value"} {
		if secret == "" || bytes.Contains(state, []byte(secret)) || strings.Contains(log.String(), secret) {
			t.Errorf("%q is written down", secret)
		}
	}
	if !strings.Contains(log.String(), "POST /api/oauth/token 200 ") {
		t.Errorf("log: %s", log.String())
	}
	for name, mode := range map[string]os.FileMode{"": 0o700 | os.ModeDir, "state.json": 0o600, "journal.jsonl": 0o600, "credentials.json": 0o600, "lock": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParallelWritesAllSurvive(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			a.post(a.teams(""), fmt.Sprintf(`{"name":"t%d","usernames":[]}`, i))
			a.get(a.teams(""))
		})
	}
	all.Wait()
	a.server.Close()
	b := open(t, sandbox.Options{Dir: dir})
	equal(t, b.get(a.teams("")).want(200).at("totalCount"), "21")
}

// Whatever the last record lost on its way to the disk, everything before it
// is there, and the sandbox goes on from there.
func TestATornJournal(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir})
	a.get("/orgs") // the token is a use of a secret, so a record too
	path := filepath.Join(dir, "journal.jsonl")
	type point struct {
		size  int
		names string
	}
	points := []point{{len(read(t, path)), "platform"}}
	for i := range 4 {
		a.post(a.teams(""), fmt.Sprintf(`{"name":"t%d","usernames":["ana@example.com"]}`, i)).want(200)
		points = append(points, point{len(read(t, path)), a.get(a.teams("")).each("results", "name")})
	}
	a.server.Close()
	journal := read(t, path)
	for size := points[0].size; size <= len(journal); size++ {
		whole := bytes.Count(journal[:size], []byte("\n")) // a line is a record
		if n, kept, err := sandbox.ParseJournal(journal[:size]); err != nil || n != whole || kept != bytes.LastIndexByte(journal[:size], '\n')+1 {
			t.Fatalf("cut at %d, %d records of %d bytes are whole: %v", size, n, kept, err)
		}
		if size%23 != 0 && size != len(journal) && journal[size-1] != '\n' && journal[size] != '\n' {
			continue // opening takes its time
		}
		last := points[0]
		for _, p := range points {
			if p.size <= size {
				last = p
			}
		}
		for _, end := range []string{"", "\x00\x00\x00", "\n"} {
			if end != "" && (size%115 != 0 || size == last.size) {
				continue
			}
			write(t, path, append(bytes.Clone(journal[:size]), end...))
			b := open(t, sandbox.Options{Dir: dir})
			equal(t, b.get(a.teams("")).each("results", "name"), last.names)
			b.server.Close()
			if !bytes.HasPrefix(read(t, path), journal[:last.size]) {
				t.Fatalf("cut at %d, the journal lost whole records", size)
			}
		}
	}
}

// A record that does not fit its checksum is a torn one only at the end.
func TestADamagedJournal(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir})
	for i := range 3 {
		a.post(a.teams(""), fmt.Sprintf(`{"name":"t%d","usernames":[]}`, i)).want(200)
	}
	a.server.Close()
	path := filepath.Join(dir, "journal.jsonl")
	write(t, path, bytes.Replace(read(t, path), []byte(`"t1"`), []byte(`"x1"`), 1))
	if _, err := sandbox.Open(sandbox.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "journal.jsonl is damaged") {
		t.Errorf("got %v", err)
	}
}

// A directory of the time before the journal is read, and goes on.
func TestAnOlderDirectory(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir})
	a.server.Close()
	state := read(t, filepath.Join(dir, "state.json"))
	old := regexp.MustCompile(`"sequence":\d+,`).ReplaceAll(state, nil)
	write(t, filepath.Join(dir, "state.json"), old)
	if err := os.Remove(filepath.Join(dir, "journal.jsonl")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		b := open(t, sandbox.Options{Dir: dir})
		b.post(a.teams(""), `{"name":"`+name+`","usernames":[]}`).want(200)
		b.server.Close()
	}
	equal(t, open(t, sandbox.Options{Dir: dir}).get(a.teams("")).each("results", "name"), "platform one two")
}

// Once the journal is longer than the state it starts anew, and dying between
// the two steps of that does no harm.
func TestALongJournalIsShortened(t *testing.T) {
	dir := t.TempDir()
	a := openAcme(t, sandbox.Options{Dir: dir})
	path := filepath.Join(dir, "journal.jsonl")
	tags := make([]string, 40)
	longest := 0
	for i := 0; ; i++ {
		for j := range tags {
			tags[j] = fmt.Sprintf(`{"key":"k%d","value":"%s%d"}`, j, strings.Repeat("v", 240), i)
		}
		before := read(t, path)
		a.patch("/groups/"+a.project, `{"tags":[`+strings.Join(tags, ",")+`]}`).want(200)
		if size := len(read(t, path)); size > longest {
			longest = size
			continue
		}
		if len(before) > 2<<20 || len(before) < 1<<19 {
			t.Errorf("shortened at %d bytes", len(before))
		}
		a.server.Close()
		write(t, path, before) // as if it had died before the journal was emptied
		b := open(t, sandbox.Options{Dir: dir})
		equal(t, b.get("/groups/"+a.project).at("tags.0.value"), fmt.Sprintf("%s%d", strings.Repeat("v", 240), i))
		return
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A write that cannot be saved has not happened.
func TestUnsavedWritesAreUndone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	a := openAcme(t, sandbox.Options{Dir: dir})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	a.post(a.teams(""), `{"name":"lost","usernames":[]}`).want(500)
	a.get(a.teams("/byName/lost")).want(404)
	a.get(a.teams("/byName/platform")).want(200)
}

func TestRequestLog(t *testing.T) {
	a := acme(t)
	a.get(a.teams("/byName/a%2Fb?pretty=true")).want(404)
	all := a.server.Requests()
	last := all[len(all)-1]
	equal(t, fmt.Sprint(last.Method, " ", last.Path, " ", last.Status), "GET /api/atlas/v2"+a.teams("/byName/a%2Fb?pretty=true")+" 404")
}

func TestSeeds(t *testing.T) {
	a := open(t, sandbox.Options{Seed: []byte(`
organizations:
  - name: One
    users:
      - {username: o@example.com, roles: [ORG_OWNER]}
      - {username: n@example.com, roles: [ORG_MEMBER], status: INVITATION_REJECTED}
    teams: [{name: t, members: [o@example.com]}]
    serviceAccounts: [{name: ci, description: d, roles: [ORG_MEMBER]}]
  - name: Two
    users: [{username: o@example.com, roles: [ORG_MEMBER]}]
projects:
  - name: p
    organization: One
    tags: {b: "2", a: "1"}
    users: [{username: o@example.com, roles: [GROUP_OWNER]}]
    teams: [{name: t, roles: [GROUP_READ_ONLY]}]
    serviceAccounts: [{name: ci, roles: [GROUP_OWNER]}]
    managedSlowMs: false
    encryptionAtRest: {azureKeyVault: {enabled: true, keyIdentifier: k, keyVaultName: v, resourceGroupName: g,
      subscriptionID: 00000000-0000-4000-8000-000000000000, roleId: aaaaaaaaaaaaaaaaaaaaaaaa}}
    serverlessInstances:
      - {name: s, provider: AZURE, endpoints: [{comment: c}]}
`)})
	equal(t, a.get("/orgs").each("results", "name"), "One Two")
	p := a.get("/groups/byName/p").want(200)
	equal(t, p.each("tags", "key"), "a b")
	in := "/groups/" + p.at("id")
	equal(t, a.get(in+"/serviceAccounts").each("results", "name"), "ci")
	equal(t, a.get(in+"/encryptionAtRest").at("azureKeyVault.valid"), "true")
	equal(t, a.get(in+"/privateEndpoint/serverless/instance/s/endpoint").at("0.status"), "RESERVED")
	equal(t, a.get("/orgs/"+a.get("/orgs").at("results.1.id")+"/users").at("results.0.id"), a.get(in+"/users").at("results.0.id"))
}

func TestBadSeedsNameTheLine(t *testing.T) {
	head := "organizations:\n  - name: A\n    users: [{username: o@example.com, roles: [ORG_OWNER]}]\n"
	for seed, want := range map[string]string{
		"":                     "at least one organization",
		head + "colour: red\n": "line 4: field colour not found",
		head + "    teams: [{name: t, members: [x@example.com]}]\n": "line 4: \"x@example.com\" is not a user",
		head + "projects:\n  - name: p\n    organization: B\n":      "line 6: project p is in the unknown organization",
		head + "projects:\n  - name: p/q\n    organization: A\n":    "line 5: project name",
		head + "  - name: A\n": "line 4: organization \"A\" is there twice",
	} {
		_, err := sandbox.Open(sandbox.Options{Seed: []byte(seed)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot %v", seed, err)
		}
	}
}

// A write costs the same in a small world and in a large one.
func BenchmarkWrite(b *testing.B) {
	for _, projects := range []int{10, 200, 1000} {
		b.Run(fmt.Sprintf("projects=%d", projects), func(b *testing.B) { benchmarkWrite(b, projects) })
	}
}

func benchmarkWrite(b *testing.B, projects int) {
	var seed strings.Builder
	seed.WriteString("organizations:\n  - name: A\n    users:\n      - {username: o@example.com, roles: [ORG_OWNER]}\n")
	for i := range 2 * projects {
		fmt.Fprintf(&seed, "      - {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
	}
	seed.WriteString("projects:\n")
	for i := range projects {
		fmt.Fprintf(&seed, "  - {name: p%d, organization: A, dataFederation: [{name: lake, limits: [{name: bytesProcessed.daily, value: 1}]}], users: [", i)
		for j := range 20 {
			fmt.Fprintf(&seed, "{username: u%d@example.com, roles: [GROUP_READ_ONLY]}, ", (i+j*7)%(2*projects))
		}
		seed.WriteString("]}\n")
	}
	a := open(b, sandbox.Options{Dir: b.TempDir(), Seed: []byte(seed.String())})
	org := a.get("/orgs").at("results.0.id")
	team := a.post("/orgs/"+org+"/teams", `{"name":"t","usernames":[]}`).want(200).at("id")
	project := a.get("/groups/byName/p7").at("id")
	for n := 0; b.Loop(); n++ {
		a.patch("/orgs/"+org+"/teams/"+team, fmt.Sprintf(`{"name":"t%d"}`, n)).want(200)
		a.patch("/groups/"+project, fmt.Sprintf(`{"tags":[{"key":"n","value":"%d"}]}`, n)).want(200)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(2*b.N)/1000, "ms/write")
}
