package suite

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// receipt is where the next apply keeps what it does.
func (w *world) receipt() string { return filepath.Join(w.dir, "receipt.json") }

// undoes: what an apply has changed can be taken back by its receipt, and then an
// object is as it was before; or the receipt says that it cannot.
func (w *world) undoes(o *object, path string, before map[string]string) {
	data, err := os.ReadFile(w.receipt())
	if err != nil {
		w.fail("there is no receipt: %v", err)
	}
	var r struct {
		Ended  string
		Cannot []struct{ Address, Path, Why string }
	}
	if err := json.Unmarshal(data, &r); err != nil || r.Ended == "" {
		w.fail("the receipt is not whole: %v\n%s", err, data)
	}
	fmt.Fprintf(w.said, "%s\n", data)
	for _, c := range r.Cannot {
		if c.Path == "" || spec.HeadOf(c.Path) == spec.HeadOf(path) {
			w.tell("not undone: " + c.Why)
			return
		}
	}
	code, out, errs := w.run("undo", "-q", "--timeout", "20s", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner,own-credentials", w.receipt())
	fmt.Fprintf(w.said, "undo: %s%s", out, errs)
	if code != 0 {
		w.fail("undo of %s: exit code %d", path, code)
	}
	w.again(o)
	diff := slices.DeleteFunc(differences(before, w.kept(o, false)), func(d string) bool { return strings.Contains(d, "/id ") })
	if len(diff) > 0 {
		w.fail("%s was undone, and it is not as before: %q", path, diff)
	}
	w.tell("undone")
}
