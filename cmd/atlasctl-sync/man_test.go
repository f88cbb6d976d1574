package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestMan: every command that the help shows has a page, which names every flag and says
// every word of the help, and which man reads without a warning.
func TestMan(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share", "man1")
	t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
	program := filepath.Join(t.TempDir(), "man")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "man", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out) // what it says of modules that it fetches is not the program's output
	}
	write := func(args ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
		return string(out), err
	}
	if out, err := write(dir); err != nil || out != "" {
		t.Fatalf("%v\n%s", err, out)
	}
	_, err := exec.LookPath("man")
	rendered := err == nil
	pages := 0
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		if c.Hidden || c.Name() == "help" {
			return
		}
		pages++
		path := filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
		text := strings.ReplaceAll(readFile(path), `\-`, "-")
		if !strings.Contains(text, `"Jan 2027"`) {
			t.Errorf("%s is missing, or has another date: %.300s", path, text)
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(text, "--"+f.Name) {
				t.Errorf("%s: there is no --%s", path, f.Name)
			}
		})
		if rendered {
			cmd := exec.Command("man", "--warnings", "-E", "UTF-8", "--no-hyphenation", "--no-justification", "-l", path)
			cmd.Env = append(os.Environ(), "MANWIDTH=500", "LC_ALL=C.UTF-8", "MAN_KEEP_FORMATTING=", "MANROFFSEQ=")
			var page, warnings bytes.Buffer
			cmd.Stdout, cmd.Stderr = &page, &warnings
			if err := cmd.Run(); err != nil || warnings.Len() > 0 {
				t.Errorf("%s: %v %s", path, err, warnings.String())
			}
			said := strings.Join(strings.Fields(page.String()), " ")
			for paragraph := range strings.SplitSeq(c.Long, "\n\n") {
				want := strings.Join(strings.Fields(paragraph), " ")
				if !strings.HasPrefix(want, "#### ") && !strings.Contains(said, want) { // a heading of the library's own texts
					t.Errorf("%s does not say: %s\nbut:\n%s", path, want, page.String())
				}
			}
		}
		for _, below := range c.Commands() {
			check(below)
		}
	}
	root := newRoot(&Environment{Getenv: os.Getenv}, false)
	check(root)
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) != pages || pages < 20 {
		t.Errorf("%d pages of %d commands", len(found), pages)
	}
	if out, err := write(); err == nil || !strings.Contains(out, "say which directory") {
		t.Errorf("without a directory: %v, %s", err, out)
	}
}
