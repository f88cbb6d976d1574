package spec

import (
	"fmt"
	"strings"
	"unicode"
)

// maxExcerpt is the longest piece of a line that is shown, in characters.
const maxExcerpt = 160

// A File is a declared file as it was read.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Sources keeps the lines of the declared files, for excerpts, and the places
// in them that must not be shown.
type Sources struct {
	files  []File
	lines  map[string][]string
	masked map[string]map[int][]span
}

type span struct{ from, to int } // columns from 1, to exclusive; to 0: rest of the line

func newSources() *Sources {
	return &Sources{lines: map[string][]string{}, masked: map[string]map[int][]span{}}
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

// mask hides what stands at a place from every excerpt.
func (s *Sources) mask(at Position, width int) {
	if s.masked[at.File] == nil {
		s.masked[at.File] = map[int][]span{}
	}
	sp := span{from: at.Column}
	if width > 0 {
		sp.to = at.Column + width
	}
	s.masked[at.File][at.Line] = append(s.masked[at.File][at.Line], sp)
}

// Annotate fills in the excerpts.
func (s *Sources) Annotate(ds Diagnostics) {
	for i := range ds {
		ds[i].Excerpt = s.excerpt(ds[i].Source)
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
	var out []rune
	caret := column
	for i := 0; i < len(line); i++ {
		if sp, ok := s.maskedAt(at, i+1); ok {
			out = append(out, []rune(Masked)...)
			end := sp.to - 1
			if sp.to == 0 || end > len(line) {
				end = len(line)
			}
			if column > end {
				caret += len(Masked) - (end - i)
			}
			i = end - 1
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

func (s *Sources) maskedAt(at Position, column int) (span, bool) {
	for _, sp := range s.masked[at.File][at.Line] {
		if column >= sp.from && (sp.to == 0 || column < sp.to) {
			return sp, true
		}
	}
	return span{}, false
}
