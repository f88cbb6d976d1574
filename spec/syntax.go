package spec

import (
	"regexp"
	"strconv"
	"strings"
)

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

// notYAML begins what is said of a file that is not YAML.
const notYAML = "not valid YAML: "

var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)

// syntax reports what the YAML parser said, with a place and advice.
func (l *loader) syntax(file string, data []byte, err error) {
	message, hint := strings.TrimPrefix(err.Error(), "yaml: "), ""
	at := Position{File: file, Line: 1, Column: 1}
	lines := strings.Split(string(data), "\n")
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	if line, column := tabIndent(lines, at.Line, message); line > 0 {
		at.Line, at.Column = line, column
		message, hint = "a tab stands where YAML wants spaces", "indent with spaces"
	} else if name := unknownAnchor.FindStringSubmatch(message); name != nil {
		// What stands there may be no alias but a value, so it is not named.
		message, hint = "there is no anchor (&) of this alias's (*) name", "put a value that begins with * in quotes"
		for i, text := range lines {
			if column := strings.Index(text, "*"+name[1]); column >= 0 {
				at.Line, at.Column = i+1, len([]rune(text[:column]))+1
				break
			}
		}
	} else if line, column := bareInFlow(lines, at.Line); line > 0 {
		at.Line, at.Column = line, column
		hint = "put a placeholder in quotes inside { } and [ ]"
	} else if at.Line <= len(lines) {
		at.Column = len(lines[at.Line-1]) - len(strings.TrimLeft(lines[at.Line-1], " ")) + 1
	}
	l.diags.Errorf(at, hint, notYAML+"%s", message)
}

// barePlaceholder is one inside { } or [ ] that no quotes surround: YAML takes its
// brace for one of its own.
var barePlaceholder = compiled(`[{\[,]\s*([\w.-]+:\s+)?(\$\{\w)`)

// bareInFlow finds a placeholder without quotes at the line that the parser named,
// or beside it: the parser names the line before, or where the mapping goes on.
func bareInFlow(lines []string, named int) (line, column int) {
	for _, i := range []int{named + 1, named, named - 1} {
		if i >= 1 && i <= len(lines) {
			if m := barePlaceholder().FindStringSubmatchIndex(lines[i-1]); m != nil {
				return i, len([]rune(lines[i-1][:m[4]])) + 1
			}
		}
	}
	return 0, 0
}

// tabIndent finds the line indented with a tab that the parser could not take:
// the one that it names, or, of one kind of error, the first from there on.
func tabIndent(lines []string, named int, message string) (line, column int) {
	last := named
	switch {
	case strings.Contains(message, "tab character that violates"):
		last = len(lines)
	case !strings.Contains(message, "cannot start any token"):
		return 0, 0
	}
	for i := named; i <= last && i <= len(lines); i++ {
		text := lines[i-1]
		trimmed := strings.TrimLeft(text, " -")
		if strings.HasPrefix(trimmed, "\t") && strings.TrimSpace(trimmed) != "" {
			return i, len(text) - len(trimmed) + 1
		}
	}
	return 0, 0
}
