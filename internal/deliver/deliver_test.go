package deliver

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// The note stands beside the file from before the secret is made until the
// value is in the file.
func TestNote(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	d := planner.Delivery{To: planner.Target{File: file}, Known: []string{"a"}, Hours: 744}
	var deliverer Deliverer
	if err := deliverer.Prepare("org/Acme/serviceAccounts/a", d); err != nil {
		t.Fatal(err)
	}
	var n note
	found, err := readBeside(file+spec.PendingSuffix, &n, "")
	if time.Since(n.At) > time.Minute {
		t.Error("no time", n.At)
	}
	if err := deliverer.Prepare("org/Acme/serviceAccounts/a", d); err != nil {
		t.Error("an attempt stands in the way of the next:", err)
	}
	if !isHeld(file+spec.PendingSuffix) || new(Deliverer).Prepare("org/Acme/serviceAccounts/a", d) == nil {
		t.Error("another run could take it for an interrupted one")
	}
	if diff := cmp.Diff(note{Known: []string{"a"}, At: n.At, Hours: 744}, n); diff != "" || !found || err != nil {
		t.Error(diff, found, err)
	}
	if err := deliverer.Deliver(t.Context(), d, planner.Made{ID: "b", Value: "value"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	info, _ := os.Stat(file)
	if string(data) != "value" || err != nil || info.Mode() != 0o600 {
		t.Error(string(data), err, info.Mode())
	}
	if found, err := readBeside(file+spec.PendingSuffix, &n, ""); found || err != nil {
		t.Error("the note is still there", err)
	}
	var d2 planner.Delivered
	found, err = readBeside(file+spec.IDsSuffix, &d2, "")
	if diff := cmp.Diff(planner.Delivered{ID: "b", Replaced: []string{"a"}}, d2); diff != "" || !found || err != nil {
		t.Error(diff, found, err)
	}
}

// A value that does not reach its file leaves a note that says what was made,
// and the file that was there as it was.
func TestDeliveryThatFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.MkdirAll(filepath.Join(file, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	d := planner.Delivery{To: planner.Target{File: file}, Known: []string{"a"}, Hours: 744}
	if err := (&Deliverer{}).Deliver(t.Context(), d, planner.Made{ID: "b", Value: "value"}); err == nil {
		t.Error("no error")
	}
	var n note
	found, err := readBeside(file+spec.PendingSuffix, &n, "")
	if diff := cmp.Diff(note{Known: []string{"a"}, At: n.At, Hours: 744, ID: "b", Hash: hash([]byte("value"))}, n); diff != "" || !found || err != nil {
		t.Error(diff, found, err)
	}
}

// The file is replaced, never written into: who has it open reads the old
// value whole, and a link elsewhere to it keeps it.
func TestReplacedAsAWhole(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "key"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(file, link); err != nil {
		t.Skip(err)
	}
	if err := (&Deliverer{}).Deliver(t.Context(), planner.Delivery{To: planner.Target{File: file}}, planner.Made{ID: "b", Value: "new"}); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(link); string(data) != "old" {
		t.Errorf("the old file was written into: %s", data)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	for to, want := range map[*planner.Target]bool{
		{File: filepath.Join(dir, "key")}:          true,
		{File: filepath.Join(dir, "nowhere", "k")}: false,
		{File: dir}:                               false,
		{Command: []string{"sh", "-c", "cat"}}:    true,
		{Command: []string{"no-such-program-99"}}: false,
	} {
		if err := (&Deliverer{}).Check(*to); (err == nil) != want {
			t.Errorf("%+v: %v", *to, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Error(left)
	}
}
