package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/receipt"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestUndoWorlds: after a random apply and its undo, what is exported is what was
// exported before, but for what the receipt says that cannot be undone; nothing that
// the receipt does not tell of was written to.
func TestUndoWorlds(t *testing.T) {
	few(t, 12)
	whole := 0
	rapid.Check(t, func(r *rapid.T) {
		w := drawWorld(r)
		dir := t.TempDir()
		server, url, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Seed: []byte(w.seed), Tap: exchanges.Tap})
		if err != nil {
			r.Fatal(err)
		}
		defer stop()
		c := chaosClient{r, server, url}
		file := filepath.Join(dir, "files.yaml")
		if err := os.WriteFile(file, []byte(w.files), 0o600); err != nil {
			r.Fatal(err)
		}
		before := exported(r, c, filepath.Join(dir, "before"))
		path := filepath.Join(dir, "receipt.json")
		code, said := c.sync("apply", "-q", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner", "--receipt", path, file)
		if code != exitOK && code != exitPartial {
			r.Fatalf("apply: exit code %d\n%s", code, said)
		}
		kept, err := receipt.Load(path, "")
		if os.IsNotExist(err) {
			return // there was nothing to do
		}
		if err != nil || kept.Ended == nil {
			r.Fatal(kept, err)
		}
		for n := range 3 { // what was made in a project goes before it
			code, out := c.sync("undo", "-q", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner", path)
			said += fmt.Sprintf("undo: exit code %d\n%s", code, out)
			if code != exitOK && len(kept.Cannot) == 0 {
				r.Fatalf("%d: exit code %d\nseed:\n%s\nfiles:\n%s\n%s", n, code, w.seed, w.files, said)
			}
		}
		after := exported(r, c, filepath.Join(dir, "after"))
		excused := func(a spec.Address) bool {
			return slices.ContainsFunc(kept.Cannot, func(l receipt.Loss) bool { return a.Within(l.Address) })
		}
		for a := range before {
			if excused(a) {
				delete(before, a)
			}
		}
		for a := range after {
			stays := slices.ContainsFunc(kept.Cannot, func(l receipt.Loss) bool {
				return strings.HasPrefix(l.Why, "it stays in the section serviceAccounts") && a == "org/Acme/serviceAccounts/robot"
			})
			if excused(a) || stays {
				delete(after, a)
			}
		}
		if diff := cmp.Diff(before, after); diff != "" {
			data, _ := json.MarshalIndent(kept, "", " ")
			r.Fatalf("%s\nseed:\n%s\nfiles:\n%s\n%s\n%s", diff, w.seed, w.files, said, data)
		}
		if len(kept.Cannot) == 0 {
			whole++
		}
	})
	t.Logf("%d undone as a whole", whole)
	if whole == 0 {
		t.Error("nothing was undone as a whole")
	}
}

// exported is what export writes, by address.
func exported(r *rapid.T, c chaosClient, dir string) map[spec.Address]string {
	if code, out := c.sync("export", "-q", "--out", dir); code != exitOK {
		r.Fatalf("export: exit code %d\n%s", code, out)
	}
	env := Environment{}
	state, diags := spec.Load(env.catalog(), []string{dir}, strings.NewReader(""))
	if diags.HasErrors() {
		r.Fatal(diags)
	}
	out := map[spec.Address]string{}
	state.Resources(func(res *spec.Resource) {
		values, err := json.Marshal(res.Values)
		if err != nil {
			r.Fatal(err)
		}
		out[res.Address] = string(values)
	})
	return out
}

// TestUndoOfTheKilled: a run that was killed has left a receipt, and what it had done
// by then is taken back.
func TestUndoOfTheKilled(t *testing.T) {
	s, env := serve(t, sandbox.Options{Latency: 10 * time.Millisecond})
	dir := t.TempDir()
	file, kept := filepath.Join(dir, "files.yaml"), filepath.Join(dir, "receipt.json")
	text := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: payments\norganization: Acme\ntags: {env: x}\nipAccessList:\n"
	for i := range 9 {
		text += fmt.Sprintf("  - {cidrBlock: 10.%d.0.0/24}\n", i)
	}
	text += "customRoles:\n"
	for i := range 9 {
		text += fmt.Sprintf("  - {roleName: r%d, actions: [{action: FIND, resources: [{db: a, collection: b}]}]}\n", i)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	export := func(name string) string {
		out, err := program(t, env, "export", "-q").Output()
		if err != nil {
			t.Fatal(name, err)
		}
		return string(out)
	}
	before := export("before")
	cmd := program(t, env, "apply", "--auto-approve", "-q", "--receipt", kept, file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForWrites(t, s, 4)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	r, err := receipt.Load(kept, "")
	if err != nil || r.Ended != nil || r.Outcome() != "did not end" {
		t.Fatal(r, err)
	}
	// Whose they are has to be seen first: what the run has made nobody knows.
	if out, err := program(t, env, "undo", "--auto-approve", "--max-deletes", "20", kept).CombinedOutput(); err == nil || !strings.Contains(string(out), "--allow unproven") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := program(t, env, "undo", "--auto-approve", "--max-deletes", "20", "--allow", "unproven", kept).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(before, export("after")); diff != "" {
		t.Error(diff)
	}
}
