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

// adopts: a change by hand can be taken over into a copy of the file, in the lines of
// the field that differs and no other; the plan of it is empty. Who cannot says why.
func (w *world) adopts(k *spec.Kind, file string, address spec.Address, path string) {
	before, err := os.ReadFile(file)
	if err != nil {
		w.Fatal(err)
	}
	text := remarked(string(before))
	copied := filepath.Join(w.dir, "adopted.yaml")
	if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	code, out, errs := w.run("adopt", string(address), "--kind", k.Name, "-o", "json", "-f", copied)
	var done struct {
		Adopted, Left []struct{ Address, Path, Why string }
	}
	if code == 1 || code == 6 || json.Unmarshal([]byte(out), &done) != nil {
		w.fail("adopt of %s: exit code %d: %s%s", path, code, out, errs)
	}
	data, err := os.ReadFile(copied)
	if err != nil {
		w.Fatal(err)
	}
	after := string(data)
	fmt.Fprintf(w.said, "%s was adopted: %s%s", path, out, after)
	if len(done.Left) > 0 {
		for _, l := range done.Left {
			if strings.HasPrefix(l.Why, "the files cannot say it") || strings.HasPrefix(l.Why, "with it the files") {
				w.fail("%s %s was not adopted: %s", l.Address, l.Path, l.Why)
			}
			w.tell("not adopted: " + l.Why)
		}
		return
	}
	w.tell("adopted")
	w.settled(copied, "after "+path+" was adopted")
	state, _ := spec.Load(w.Catalog, []string{file}, nil)
	r := state.Lookup(address)
	lines := strings.Split(text, "\n")
	first, last := fieldLines(lines, r.Source(spec.HeadOf(path)).Line-1, spec.HeadOf(path))
	if from, to := changedLines(lines, strings.Split(after, "\n")); from < to && (from < first || to > last) || from == to && (from < first || from > last) {
		w.fail("%s stands in the lines %d to %d, and adopting it changed %d to %d:\n%s", path, first+1, last, from+1, to, after)
	}
}

// fieldLines returns the lines of a field's key and value, which begins at a line or
// just below the key.
func fieldLines(lines []string, at int, field string) (from, to int) {
	for from = at; from > 0 && !strings.HasPrefix(strings.TrimLeft(lines[from], "- "), field+":"); {
		from--
	}
	depth := func(l string) int { return len(l) - len(strings.TrimLeft(l, "- ")) }
	for to = from + 1; to < len(lines) && (lines[to] == "" || depth(lines[to]) > depth(lines[from])); {
		to++
	}
	return from, to
}

// remarked is a text with a remark at the end of each line that can bear one.
func remarked(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" && !strings.ContainsAny(l, "|>\"'") && !strings.HasSuffix(l, "\\") && (strings.HasSuffix(l, ":") || strings.Contains(l, ": ")) {
			lines[i] = fmt.Sprintf("%s # %d", l, i+1)
		}
	}
	return strings.Join(lines, "\n")
}

// changedLines returns the lines of a text between what it has in common with another
// at the beginning and at the end.
func changedLines(before, after []string) (from, to int) {
	for from < len(before) && from < len(after) && before[from] == after[from] {
		from++
	}
	rest, other := slices.Clone(before[from:]), after[from:]
	for len(rest) > 0 && len(other) > 0 && rest[len(rest)-1] == other[len(other)-1] {
		rest, other = rest[:len(rest)-1], other[:len(other)-1]
	}
	return from, from + len(rest)
}
