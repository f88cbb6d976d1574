package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// APIVersion is what every document of this format says.
const APIVersion = "atlasctl-sync/v1"

// maxFile is the largest file that is read: far above what a person reviews,
// far below what would fill the memory.
const maxFile = 10 << 20

// Load reads files, directories (their *.yaml and *.yml, hidden ones apart)
// and "-" (stdin) as one desired state. Everything that is wrong with them is
// in the diagnostics; the state is usable only if those hold no errors.
func Load(c *Catalog, paths []string, stdin io.Reader) (*State, Diagnostics) {
	l := newLoader(c)
	for _, path := range l.find(paths) {
		l.file(path, stdin)
	}
	return l.finish()
}

// Find lists the files that Load would read.
func Find(paths []string) ([]string, Diagnostics) {
	l := newLoader(nil)
	return l.find(paths), l.diags
}

// LoadFiles loads files that were read before, as a saved plan holds them.
func LoadFiles(c *Catalog, files []File) (*State, Diagnostics) {
	l := newLoader(c)
	for _, f := range files {
		l.text(f.Name, []byte(f.Text))
	}
	return l.finish()
}

// Syntax tells what keeps a file from being read as YAML, if anything does.
func Syntax(c *Catalog, f File) Diagnostics {
	l := newLoader(c)
	l.text(f.Name, []byte(f.Text))
	l.parseAll()
	broken := slices.DeleteFunc(l.diags, func(d Diagnostic) bool { return !strings.HasPrefix(d.Message, notYAML) })
	l.state.Sources.Annotate(broken)
	return broken
}

func newLoader(c *Catalog) *loader {
	l := &loader{catalog: c, state: &State{Sources: newSources(), byAddress: map[Address]*Resource{}},
		holders: map[*Resource]bool{}, givers: map[*Resource]map[*baseline]bool{}, lacking: map[*Resource]bool{},
		places: map[Position]place{}, written: map[*yaml.Node]string{}}
	l.state.Sources.words = sync.OnceValue(func() *vocabulary { return vocabularyOf(c) })
	return l
}

func (l *loader) finish() (*State, Diagnostics) {
	l.extended()
	l.state.Catalog = l.catalog
	l.parseAll()
	l.merge()
	if l.rebuild != nil && !l.diags.HasErrors() {
		l.move()
	}
	for _, r := range l.needing {
		before := len(l.diags)
		l.required(r)
		l.relate(r.Root(), before)
	}
	l.unusedBaselines()
	if l.rebuild == nil { // else the files were loaded as they are, too, and told
		l.unusedVars()
	}
	l.check()
	l.diags.Sort()
	l.state.Sources.Annotate(l.diags)
	return l.state, l.diags
}

type loader struct {
	catalog *Catalog
	state   *State
	diags   Diagnostics
	docs    []*document

	baselines []*baseline
	needing   []*Resource                      // whose required fields are looked at once baselines are merged
	holders   map[*Resource]bool               // those that hold the sections of baselines
	givers    map[*Resource]map[*baseline]bool // the baselines of a scope, or of an organization's projects
	lacking   map[*Resource]bool               // scopes that have not all values that baselines ask for

	places  map[Position]place    // of the placeholders
	written map[*yaml.Node]string // the files of texts that stand in the place of placeholders
	giving  *giving               // what is being decoded for one scope
	missing int                   // placeholders that nothing filled, so far

	taken allTaken // files that no secret may be delivered to

	rebuild *Rebuild // nil: the files mean what they say

	undefined []string // sections whose kinds files describe wrongly
	depth     int      // of what is decoded of a definition
	visited   int      // nodes visited, over all files: bounds what aliases unfold to
}

// find lists the files to read, each once, in a stable order.
func (l *loader) find(paths []string) []string {
	var files []string
	for _, path := range paths {
		if path == "-" {
			files = append(files, path)
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			l.unreadable(path, err)
			continue
		}
		if !info.IsDir() {
			files = append(files, filepath.Clean(path))
			continue
		}
		found := l.findIn(path)
		if len(found) == 0 {
			l.diags.Errorf(Position{File: path}, "files end in .yaml or .yml; hidden ones are left out, as is what "+IgnoreFile+" names", "this directory holds no YAML files")
		}
		files = append(files, found...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(files, func(f string) bool {
		dup := seen[f]
		seen[f] = true
		return dup
	})
}

func (l *loader) findIn(dir string) []string {
	var files []string
	ignore, err := ignoreIn(dir)
	if err != nil {
		l.diags.Errorf(Position{File: filepath.Join(dir, IgnoreFile)}, "write a pattern a line, as in a .gitignore", "cannot read it: %v", err)
		return nil
	}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			l.unreadable(path, err)
			return nil
		}
		if path != dir && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() || !IsDeclared(entry.Name()) {
			return nil
		}
		if below, err := filepath.Rel(dir, path); err == nil && ignore.Ignores(below) {
			return nil
		}
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			l.diags.Errorf(Position{File: path}, "", "this is not a regular file") // a pipe would be waited for
			return nil
		}
		files = append(files, path)
		return nil
	})
	if err != nil {
		l.unreadable(dir, err)
	}
	return files
}

// IsDeclared tells whether a file found in a directory is read, by its path
// below that directory.
func IsDeclared(name string) bool {
	for _, part := range strings.Split(filepath.ToSlash(name), "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

func (l *loader) unreadable(path string, err error) {
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.diags.Errorf(Position{File: path}, "", "no such file or directory")
		return
	case errors.Is(err, fs.ErrPermission):
		hint = "give the user who runs this read permission"
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	l.diags.Errorf(Position{File: path}, hint, "cannot read it: %v", err)
}

// file reads one file.
func (l *loader) file(path string, stdin io.Reader) {
	name, in := path, stdin
	if path == "-" {
		name = "<stdin>"
	} else {
		f, err := os.Open(path)
		if err != nil {
			l.unreadable(path, err)
			return
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		l.unreadable(name, err)
		return
	}
	l.text(name, data)
}

// text checks that a file can be YAML at all, and keeps it.
func (l *loader) text(name string, data []byte) {
	at := Position{File: name, Line: 1, Column: 1}
	switch {
	case len(data) > maxFile:
		l.diags.Errorf(Position{File: name}, "split it by project", "the file is larger than %d MiB", maxFile>>20)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		l.diags.Errorf(Position{File: name}, "declare resources in UTF-8 YAML", "this is not a text file")
	case len(bytes.TrimSpace(data)) == 0:
		l.diags.Errorf(at, fmt.Sprintf("start it with apiVersion: %s", APIVersion), "the file is empty")
	default:
		l.state.Sources.add(name, data)
	}
}

// parseAll parses what was read: once it is known which kinds there are.
func (l *loader) parseAll() {
	for _, f := range l.state.Sources.files {
		l.parse(f.Name, []byte(f.Text))
	}
}

func (l *loader) parse(name string, data []byte) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	documents := 0
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			l.syntax(name, data, err)
			return
		}
		if len(node.Content) == 0 || node.Content[0].Tag == "!!null" {
			continue // a document of comments alone
		}
		documents++
		if l.circular(name, node.Content[0], map[*yaml.Node]bool{}) {
			continue
		}
		l.document(name, node.Content[0])
	}
	if documents == 0 {
		l.diags.Errorf(Position{File: name, Line: 1, Column: 1}, fmt.Sprintf("start it with apiVersion: %s", APIVersion), "the file holds no document")
	}
}
