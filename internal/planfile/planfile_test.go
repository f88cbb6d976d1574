package planfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/planfile"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func sample(t testing.TB) *planfile.File {
	t.Helper()
	steps, err := planfile.Encode([]*planner.Step{{Address: "project/p/x", Kind: "X", Action: planner.Update, Live: map[string]any{"a": int64(1), "b": "<&>"},
		Requests: []planner.Request{{Method: "POST", Path: "/x", Body: map[string]any{"s": spec.Secret{FromEnv: "E"}, "r": planner.Ref{Step: "y", Pointer: "/id"}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return &planfile.File{Files: []spec.File{{Name: "a.yaml", Text: "x: <y>\n"}}, Steps: steps}
}

func save(t testing.TB, f *planfile.File, key string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := f.Save(path, key); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSavedAndLoaded(t *testing.T) {
	path := save(t, sample(t), "a key that is long enough")
	f, err := planfile.Load(path, "a key that is long enough")
	if err != nil || !planfile.Is(path) {
		t.Fatal(err)
	}
	if changed, err := f.Stale(nil); err != nil || len(changed) != 1 {
		t.Error(changed, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

// Every byte counts: whichever is changed, the file is refused.
func TestDamage(t *testing.T) {
	path := save(t, sample(t), "")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(good); i += 7 {
		bad := append([]byte{}, good...)
		if bad[i] == ' ' || bad[i] == '\n' {
			continue // between the values: nothing is said there
		}
		bad[i] ^= 1
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := planfile.Load(path, ""); err == nil && !strings.EqualFold(string(bad), string(good)) {
			t.Errorf("byte %d changed from %q to %q and nobody noticed", i, good[i], bad[i])
		}
	}
}

// FuzzDecode: no saved plan makes the reader panic.
func FuzzDecode(f *testing.F) {
	good, err := os.ReadFile(save(f, sample(f), "a key that is long enough"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":"atlasctl-sync/plan","formatVersion":"2","steps":[null,1,{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := planfile.Decode(data)
		if err != nil {
			return
		}
		_, _ = file.Stale([]*planner.Step{{Address: "a"}})
	})
}

// What comes out in another order is another plan.
func TestOrderCounts(t *testing.T) {
	a := &planner.Step{Address: "project/p/a", Kind: "X", Action: planner.Update}
	b := &planner.Step{Address: "project/p/b", Kind: "X", Action: planner.Update}
	steps, err := planfile.Encode([]*planner.Step{a, b})
	if err != nil {
		t.Fatal(err)
	}
	f := &planfile.File{Steps: steps}
	if changed, err := f.Stale([]*planner.Step{a, b}); err != nil || len(changed) != 0 {
		t.Error(changed, err)
	}
	changed, err := f.Stale([]*planner.Step{b, a})
	if err != nil || len(changed) != 1 || changed[0] != "the steps are the same in another order" {
		t.Error(changed, err)
	}
}
