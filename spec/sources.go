package spec

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxExcerpt is the longest piece of a line that is shown, in characters.
const maxExcerpt = 160

// A File is a declared file as it was read.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Sources keeps the lines of the declared files, for excerpts. What must not be
// shown of a file is looked for when something is said of it.
type Sources struct {
	files  []File
	lines  map[string][]string
	words  func() *vocabulary // nil: nothing is hidden
	masked map[string]map[int][]span
	hidden map[string]map[string]bool // the words of what is masked, by file

	concealed map[string][]*yaml.Node // values that a sensitive field was to take, by file
}

// A span is what is hidden of a line: columns from 1, to exclusive; to 0: the rest of
// the line. No message repeats a comment, so its words need not be taken out.
type span struct {
	from, to int
	comment  bool
}

func newSources() *Sources {
	return &Sources{lines: map[string][]string{}, masked: map[string]map[int][]span{}, hidden: map[string]map[string]bool{}, concealed: map[string][]*yaml.Node{}}
}

// SourcesOf returns the sources that some files are.
func SourcesOf(files ...File) *Sources {
	s := newSources()
	for _, f := range files {
		s.add(f.Name, []byte(f.Text))
	}
	return s
}

func (s *Sources) add(file string, data []byte) {
	s.files = append(s.files, File{file, string(data)})
	s.lines[file] = strings.Split(string(data), "\n")
}

// Files returns the declared files in the order in which they were read.
func (s *Sources) Files() []File { return s.files }

// masks returns what must not be shown of a file, by line.
func (s *Sources) masks(file string) map[int][]span {
	if _, known := s.masked[file]; !known && s.words != nil {
		m := &masker{vocabulary: s.words(), lines: s.lines[file], masks: map[int][]span{}, shared: map[*yaml.Node]bool{}}
		m.file()
		for _, n := range s.concealed[file] {
			m.mask(n.Line, n.Column, widthOf(n, m.from(at(n))))
		}
		s.masked[file] = m.masks
	}
	return s.masked[file]
}

// widthOf returns how many characters of a line a value takes; 0 if that is not plain
// to see.
func widthOf(n *yaml.Node, rest string) int {
	quotes := min(1, len(rest)-len(strings.TrimLeft(rest, `"'`)))
	if n.Value != "" && strings.HasPrefix(rest[quotes:], n.Value) {
		return len([]rune(n.Value)) + 2*quotes
	}
	return 0
}

// conceal hides the texts below a node, wherever they would be shown.
func (s *Sources) conceal(file string, n *yaml.Node) {
	if n = unalias(n); n.Kind == yaml.ScalarNode {
		s.concealed[file] = append(s.concealed[file], n)
	}
	for _, c := range n.Content {
		s.conceal(file, c)
	}
}

// Annotate fills in the excerpts, and takes out of the messages what the
// excerpts would not show.
func (s *Sources) Annotate(ds Diagnostics) {
	for i := range ds {
		d := &ds[i]
		d.Excerpt = s.excerpt(d.Source)
		hide := func(file string) {
			if hidden := s.hiddenWords(file); len(hidden) > 0 {
				d.Message, d.Hint = without(d.Message, hidden), without(d.Hint, hidden)
			}
		}
		hide(d.Source.File)
		for _, r := range d.Related { // a value that stands there may be named
			hide(r.Source.File)
		}
	}
}

func (s *Sources) excerpt(at Position) string {
	lines := s.lines[at.File]
	if at.Line < 1 || at.Line > len(lines) {
		return ""
	}
	line, column := s.shown(at, []rune(strings.TrimSuffix(lines[at.Line-1], "\r")))
	gutter := fmt.Sprintf("%5d | ", at.Line)
	text := gutter + string(line)
	if column > 0 {
		text += "\n" + strings.Repeat(" ", len(gutter)-2) + "| " + strings.Repeat(" ", column-1) + "^"
	}
	return text
}

// shown returns the line as it may be printed, and where the caret goes.
func (s *Sources) shown(at Position, line []rune) ([]rune, int) {
	column := min(at.Column, len(line)+1)
	masked := s.maskedIn(at, len(line), true)
	var out []rune
	caret := column
	for i := 0; i < len(line); i++ {
		if masked[i] {
			start := i
			for i+1 < len(line) && masked[i+1] {
				i++
			}
			out = append(out, []rune(Masked)...)
			switch {
			case column > i+1:
				caret += len(Masked) - (i + 1 - start)
			case column > start:
				caret -= column - 1 - start // where the mask begins
			}
			continue
		}
		switch r := line[i]; {
		case r == '\t':
			out = append(out, ' ')
		case !unicode.IsPrint(r):
			out = append(out, '\uFFFD')
		default:
			out = append(out, r)
		}
	}
	if len(out) > maxExcerpt {
		from := max(0, min(caret-maxExcerpt/2, len(out)-maxExcerpt))
		out = append([]rune("…"), append(out[from:from+maxExcerpt:from+maxExcerpt], '…')...)
		caret += 1 - from
	}
	return out, max(caret, 0)
}

// maskedIn tells of each character of a line whether it is hidden.
func (s *Sources) maskedIn(at Position, length int, comments bool) []bool {
	masked := make([]bool, length)
	for _, sp := range s.masks(at.File)[at.Line] {
		if sp.comment && !comments {
			continue
		}
		end := length
		if sp.to > 0 {
			end = min(length, sp.to-1)
		}
		for i := max(0, sp.from-1); i < end; i++ {
			masked[i] = true
		}
	}
	return masked
}

// minHidden is how long a part of a hidden value is, at least, to be taken out
// of messages: what is shorter stands everywhere.
const minHidden = 4

// hiddenWords returns the parts of what is hidden in a file, letters and digits.
func (s *Sources) hiddenWords(file string) map[string]bool {
	if words, known := s.hidden[file]; known {
		return words
	}
	words := map[string]bool{}
	for line := range s.masks(file) {
		if line < 1 || line > len(s.lines[file]) {
			continue
		}
		text := []rune(s.lines[file][line-1])
		masked := s.maskedIn(Position{File: file, Line: line}, len(text), false)
		for i := range text {
			if !masked[i] {
				text[i] = ' '
			}
		}
		for _, word := range strings.FieldsFunc(string(text), notInWord) {
			if len(word) >= minHidden && !s.words().known[word] && !neverSecret[word] {
				words[word] = true
			}
		}
	}
	for _, values := range s.concealed {
		for _, n := range values {
			for _, word := range strings.FieldsFunc(n.Value, notInWord) {
				words[word] = len(word) >= minHidden
			}
		}
	}
	s.hidden[file] = words
	return words
}

// neverSecret are words of every file and message.
var neverSecret = map[string]bool{"absent": true, "atlasctl": true, "sync": true}

func notInWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// escapeSequence is how Go quotes what cannot be printed.
var escapeSequence = compiled(`\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)`)

// without replaces words of a text.
func without(text string, words map[string]bool) string {
	apart := escapeSequence().ReplaceAllStringFunc(text, func(e string) string { return strings.Repeat(" ", len(e)) })
	var b strings.Builder
	from := 0
	flush := func(to int) {
		if word := apart[from:to]; words[word] {
			b.WriteString(Masked)
		} else {
			b.WriteString(text[from:to])
		}
	}
	for i := 0; i < len(apart); {
		r, width := utf8.DecodeRuneInString(apart[i:])
		if notInWord(r) {
			flush(i)
			b.WriteString(text[i : i+width])
			from = i + width
		}
		i += width
	}
	flush(len(apart))
	return b.String()
}
