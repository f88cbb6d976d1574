package spec

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/patternmatcher"
)

// IgnoreFile names the file in a directory of declared files that says which
// of the files there are none of ours, as .gitignore says it for git.
const IgnoreFile = ".atlasctl-sync-ignore"

// An Ignore is what the ignore file of a directory says.
type Ignore struct {
	patterns *patternmatcher.PatternMatcher
}

// ParseIgnore reads the text of an ignore file: a pattern a line, with *, ?,
// [a-z] and **; one without a slash counts at any depth, ! takes a pattern
// back, and # begins a comment.
func ParseIgnore(text string) (*Ignore, error) {
	var patterns []string
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		not, pattern := "", line
		if rest, ok := strings.CutPrefix(line, "!"); ok {
			not, pattern = "!", rest
		}
		if !strings.Contains(strings.TrimSuffix(pattern, "/"), "/") {
			pattern = "**/" + pattern
		}
		patterns = append(patterns, not+strings.TrimPrefix(pattern, "/"))
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, err
	}
	return &Ignore{m}, nil
}

// Ignores tells whether a file is left out, by its path below the directory.
func (i *Ignore) Ignores(name string) bool {
	if i == nil {
		return false
	}
	ignored, err := i.patterns.MatchesOrParentMatches(filepath.FromSlash(name))
	return err == nil && ignored
}

// ignoreIn reads the ignore file of a directory; nil if there is none.
func ignoreIn(dir string) (*Ignore, error) {
	text, err := os.ReadFile(filepath.Join(dir, IgnoreFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ParseIgnore(string(text))
}
