package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A block is a fenced block of a Markdown file.
type block struct {
	language, file string
	lines          []string
}

func blocksOf(t *testing.T, path string) []block {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	var current *block
	for _, line := range strings.Split(string(data), "\n") {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && current == nil:
			language, file, _ := strings.Cut(fence, " ")
			current = &block{language: language, file: file}
		case isFence:
			out = append(out, *current)
			current = nil
		case current != nil:
			current.lines = append(current.lines, line)
		}
	}
	return out
}

// notHere are the commands in the documentation that a test cannot run: they
// take minutes, or something that is not here. They stay few.
var notHere = regexp.MustCompile(`^(make|git|gh|atlas|docker|kubectl|sha256sum|sudo|man|brew|helm) |v2\.yaml|facts\.txt`)

var exitsWith = regexp.MustCompile(`\s+# exits (\d+)$`)

// TestDocumentation runs every command block of the README and docs, in a
// directory of its own with the examples, against a sandbox: blocks of sh end
// well unless a comment says otherwise, and what a console block shows is what
// comes. A yaml block with a name is saved under it first.
func TestDocumentation(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	var ran, left atomic.Int32
	t.Cleanup(func() {
		t.Logf("%d commands ran, %d cannot run here", ran.Load(), left.Load())
		if ran.Load() < 15 {
			t.Errorf("only %d commands were found", ran.Load())
		}
	})
	for _, path := range append(files, "../../README.md") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("../../examples")); err != nil {
				t.Fatal(err)
			}
			_, env := serve(t, sandbox.Options{})
			for _, name := range []string{"adopting.md", "drift.md", "undo.md"} { // they begin with exported files
				if filepath.Base(path) == name {
					cmd := program(t, env, "export", "-q", "--out", filepath.Join(dir, "atlas"))
					if out, err := cmd.CombinedOutput(); err != nil {
						t.Fatalf("%v\n%s", err, out)
					}
				}
			}
			sh := terminal{t: t, dir: dir}
			for _, b := range blocksOf(t, path) {
				switch b.language {
				case "yaml":
					if b.file != "" {
						fmt.Fprintf(&sh.script, "mkdir -p %q\ncat > %q <<'END OF FILE'\n%s\nEND OF FILE\n", filepath.Dir(b.file), b.file, strings.Join(b.lines, "\n"))
					}
				case "sh":
					for _, line := range b.lines {
						if line == "" || strings.HasPrefix(line, "#") {
							continue
						}
						if notHere.MatchString(line) {
							left.Add(1)
							continue
						}
						want := "0"
						if m := exitsWith.FindStringSubmatch(line); m != nil {
							want = m[1]
						}
						sh.add(line, want, nil)
					}
				case "console":
					for i, line := range b.lines {
						if command, ok := strings.CutPrefix(line, "$ "); ok {
							shown := b.lines[i+1:]
							if end := slices.IndexFunc(shown, func(l string) bool { return strings.HasPrefix(l, "$ ") }); end >= 0 {
								shown = shown[:end]
							}
							sh.add(command, "0", shown)
						}
					}
				}
			}
			sh.run(env)
			ran.Add(int32(len(sh.commands)))
		})
	}
}

// A terminal is one shell in which the commands of a document run, one after
// the other.
type terminal struct {
	t        *testing.T
	dir      string
	script   strings.Builder
	commands []typed
}

type typed struct {
	line, exit string
	shown      []string // lines that are to be among what it prints
}

func (s *terminal) add(line, exit string, shown []string) {
	n := len(s.commands)
	s.commands = append(s.commands, typed{line, exit, shown})
	fmt.Fprintf(&s.script, "{\n%s\n} > .out.%d 2>&1 < /dev/null\necho $? > .exit.%d\n", line, n, n)
}

func (s *terminal) run(env map[string]string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "sh")
	cmd.Dir, cmd.Stdin = s.dir, strings.NewReader(s.script.String())
	cmd.Env = append(os.Environ(), "HOME="+s.dir)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err := cmd.Run()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it left in the background
	if err != nil {
		s.t.Errorf("sh: %v", err)
	}
	for n, c := range s.commands {
		out, _ := os.ReadFile(filepath.Join(s.dir, fmt.Sprintf(".out.%d", n)))
		exit, _ := os.ReadFile(filepath.Join(s.dir, fmt.Sprintf(".exit.%d", n)))
		if got := strings.TrimSpace(string(exit)); got != c.exit {
			s.t.Errorf("%s: exit code %s, want %s\n%s", c.line, got, c.exit, out)
		}
		for _, shown := range c.shown {
			if !strings.Contains("\n"+string(out)+"\n", "\n"+shown+"\n") {
				s.t.Errorf("%s does not print %q but\n%s", c.line, shown, out)
			}
		}
	}
}

// TestRecipes: what the recipes and documents call has to exist: commands,
// and their flags.
func TestRecipes(t *testing.T) {
	root := newRoot(&Environment{}, false)
	call := regexp.MustCompile(`atlasctl-sync ((?:plan|apply|rebuild|drift|coverage|merge|validate|export|show|doctor|fmt|explain|graph|sandbox|version)\b[^|;&)` + "`" + `\n]*)`)
	flag := regexp.MustCompile(`(?:^|\s)(--[a-zA-Z-]+|-[a-zA-Z])\b`)
	found := 0
	for _, dir := range []string{"../../examples/ci", "../../docs", "../../.github", "../../templates", "../../charts"} {
		err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text := strings.ReplaceAll(string(data), "\\\n", " ")
			for _, m := range call.FindAllStringSubmatch(text, -1) {
				command, _, err := root.Find(strings.Fields(m[1])[:1])
				if err != nil {
					t.Errorf("%s: %s: %v", path, m[0], err)
					continue
				}
				for _, f := range flag.FindAllStringSubmatch(m[1], -1) {
					found++
					if !hasFlag(command, f[1]) {
						t.Errorf("%s: %s has no flag %s", path, command.Name(), f[1])
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 20 {
		t.Errorf("only %d flags were found", found)
	}
}

func hasFlag(c *cobra.Command, name string) bool {
	if long, ok := strings.CutPrefix(name, "--"); ok {
		return c.Flags().Lookup(long) != nil || c.InheritedFlags().Lookup(long) != nil
	}
	return c.Flags().ShorthandLookup(strings.TrimPrefix(name, "-")) != nil
}

// TestExamplesAreFound: each directory of examples is linked from the README or a page.
func TestExamplesAreFound(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	dirs, err := os.ReadDir("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if d.IsDir() && d.Name() != "secrets" && !regexp.MustCompile(`\]\((\.\./)?examples/`+d.Name()+`[/)]`).MatchString(all.String()) {
			t.Errorf("nothing links to examples/%s", d.Name())
		}
	}
}
