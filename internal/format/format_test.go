package format_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/format"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
)

// Comments stay where they are: below a member, an order stays with them.
func TestComments(t *testing.T) {
	for in, want := range map[string]string{
		"users:\n  - roles: [A]\n    username: a\n    # end a\n": "users:\n  - roles: [A]\n    username: a\n    # end a\n",
		"# only this\n":                "# only this\n",
		"x: &x {a: 1}\ny:\n  <<: *x\n": "x: &x {a: 1}\ny:\n  <<: *x\n",
	} {
		head := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\n"
		if in[0] == '#' || in[0] == 'x' {
			head = ""
		}
		out, err := format.File(kinds.Catalog(), []byte(head+in))
		if err != nil || string(out) != head+want {
			t.Errorf("%q became %q: %v", in, out, err)
		}
	}
}

// FuzzFile: what is laid out is laid out, and says what it said: doing it
// again changes nothing. That nothing gets lost is checked by File itself.
func FuzzFile(f *testing.F) {
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no examples", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, odd := range []string{
		"", "# only a comment\n", "a: |\n  x\n\n  y\n\nb: 1\n", "a: >-\n\n  x\n# c\nb: 1\n", "a: 1\r\n\r\nb: 2\r\n", "---\na: 1\n---\n\nb: 2\n...\n",
		"x: &a {b: 1}\n\ny: *a\n", "kind: Project\nname: x # why\n\n# about users\nusers:\n\n- username: a\n", "? [a]\n: b\n", "- 1\n\n- 2\n", "a: \"x\n\n  y\"\n",
	} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		once, err := format.File(kinds.Catalog(), text)
		if err != nil {
			return // told, and left alone
		}
		twice, err := format.File(kinds.Catalog(), once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%q became %q, then %q (%v)", text, once, twice, err)
		}
	})
}

// TestLineEnds: a file of Windows's lines is laid out as any other, and keeps them.
func TestLineEnds(t *testing.T) {
	const text = "# of the whole\napiVersion: atlasctl-sync/v1\nkind: Project\nname: x\n# of the users\nusers:\n  # of ana\n  - {username: ana@example.com, roles: [GROUP_OWNER]}\n\n# of the teams\nteams: []\n"
	unix, err := format.File(kinds.Catalog(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	windows, err := format.File(kinds.Catalog(), []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil || string(windows) != strings.ReplaceAll(string(unix), "\n", "\r\n") {
		t.Errorf("%v\n%q\n%q", err, windows, unix)
	}
}
