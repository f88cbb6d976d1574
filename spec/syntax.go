package spec

import (
	"regexp"
	"strconv"
	"strings"
)

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

// looksSecret finds lines whose value must not be shown when the file could
// not be parsed, so that nobody knows yet which fields are sensitive.
var looksSecret = regexp.MustCompile(`(?i)secret|password|key|token|credential`)

// syntax reports what the YAML parser said, with a place and advice.
func (l *loader) syntax(file string, data []byte, err error) {
	message, hint := strings.TrimPrefix(err.Error(), "yaml: "), ""
	at := Position{File: file, Line: 1, Column: 1}
	lines := strings.Split(string(data), "\n")
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	if line, column := tabIndent(lines); line > 0 && strings.Contains(message, "cannot start any token") {
		at.Line, at.Column = line, column
		message, hint = "a tab stands where YAML wants spaces", "indent with spaces"
	} else if at.Line <= len(lines) {
		at.Column = len(lines[at.Line-1]) - len(strings.TrimLeft(lines[at.Line-1], " ")) + 1
	}
	for i, text := range lines {
		if before, _, found := strings.Cut(text, ":"); found && looksSecret.MatchString(text) {
			l.state.Sources.mask(Position{File: file, Line: i + 1, Column: len([]rune(before)) + 2}, 0)
		}
	}
	l.diags.Errorf(at, hint, "not valid YAML: %s", message)
}

// tabIndent finds the first line that is indented with a tab.
func tabIndent(lines []string) (line, column int) {
	for i, text := range lines {
		trimmed := strings.TrimLeft(text, " ")
		if strings.HasPrefix(trimmed, "\t") && strings.TrimSpace(trimmed) != "" {
			return i + 1, len(text) - len(trimmed) + 1
		}
	}
	return 0, 0
}
