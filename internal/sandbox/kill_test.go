package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

const childVariable = "ATLASCTL_SYNC_SANDBOX_CHILD"

// child serves the sandbox in a directory until it is killed.
func child(dir string) {
	s, url, _, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Dir: dir})
	if err != nil {
		panic(err)
	}
	json.NewEncoder(os.Stdout).Encode([]string{url, s.Credentials().ClientID, s.Credentials().ClientSecret})
	select {}
}

// Whatever was answered before a kill -9 is there after it, and nothing is
// there by halves.
func TestKilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "atlas")
	var answered []string
	for round := range 8 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childVariable+"="+dir)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var where []string
		if err := json.NewDecoder(out).Decode(&where); err != nil {
			t.Fatal(err)
		}
		a := &atlas{TB: t, url: where[0]}
		a.client = a.login(where[1], where[2])
		org := a.get("/orgs").at("results.0.id")
		var mu sync.Mutex
		var writers sync.WaitGroup
		for w := range 3 {
			writers.Go(func() {
				for n := 0; ; n++ {
					name := fmt.Sprintf("r%d-w%d-%d", round, w, n)
					res, err := a.client.Post(a.url+"/api/atlas/v2/orgs/"+org+"/teams", "application/json", strings.NewReader(`{"name":"`+name+`","usernames":["ana@example.com"]}`))
					if err != nil || res.StatusCode != http.StatusOK {
						return
					}
					res.Body.Close()
					mu.Lock()
					answered = append(answered, name)
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(20+round*13) * time.Millisecond)
		c.Process.Kill()
		writers.Wait()
		c.Wait()
	}
	if len(answered) < 20 {
		t.Fatalf("only %d writes, which proves nothing", len(answered))
	}
	b := open(t, sandbox.Options{Dir: dir})
	b.org = b.get("/orgs").at("results.0.id")
	var there []string
	for page := 1; ; page++ {
		names := strings.Fields(b.get(b.teams(fmt.Sprintf("?itemsPerPage=500&pageNum=%d", page))).each("results", "name"))
		if there = append(there, names...); len(names) < 500 {
			break
		}
	}
	for _, name := range answered {
		if !slices.Contains(there, name) {
			t.Errorf("%s was answered and is lost", name)
		}
	}
	if extra := len(there) - 1 - len(answered); extra < 0 || extra > 8*3 { // one of each writer may have been under way
		t.Errorf("%d teams for %d answers", len(there), len(answered))
	}
}
