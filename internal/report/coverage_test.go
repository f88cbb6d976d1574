package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// coverageOf counts projects that hold so many objects each, of which some are not
// governed.
func coverageOf(projects, objects int, open func(project, object int) bool) *report.Coverage {
	c := &report.Coverage{}
	for p := range projects {
		s := report.ScopeCoverage{Address: spec.ScopeAddress("project", fmt.Sprintf("p%03d", p)), ID: fmt.Sprintf("%024x", p), Declared: true}
		for o := range objects {
			s.Count([]string{"Team", "Cluster"}[o%2], s.Address.Child("things", fmt.Sprintf("o`%03d|\x1b", o)), !open(p, o))
		}
		c.Add(s)
	}
	return c
}

// TestCoverageFolds: what is governed as a whole is counted, and so are the
// addresses beyond the first of a project; --full tells all.
func TestCoverageFolds(t *testing.T) {
	c := coverageOf(100, 60, func(p, o int) bool { return p == 7 && o < 50 })
	var b bytes.Buffer
	report.Text{W: &b}.Coverage(c)
	text := b.String()
	for _, want := range []string{"project/p007\n", "99 organizations and projects are governed as a whole (--full names them).\n",
		"  and 30 more in project/p007 (--full names them)\n", "5950 of 6000 live objects are governed: 99.1%.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "\n"); n > 35 || strings.Contains(text, "\x1b") || strings.Contains(text, "p008") {
		t.Errorf("%d lines:\n%s", n, text)
	}
	b.Reset()
	report.Text{W: &b, Full: true}.Coverage(c)
	if n := strings.Count(b.String(), "\n"); n != 1+3*100+2+50+2 {
		t.Errorf("%d lines:\n%s", n, b.String())
	}
}

// TestCoverageFitsIntoAComment, however much nobody governs, and tells what it left out.
func TestCoverageFitsIntoAComment(t *testing.T) {
	d := report.NewDocument("coverage", nil)
	d.Coverage = coverageOf(2000, 10, func(int, int) bool { return true })
	var b bytes.Buffer
	if err := report.Markdown(&b, d); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if n := len([]rune(text)); n > report.MarkdownLimit || !strings.Contains(text, "**Shortened to fit:**") || strings.Contains(text, "Cut off here") {
		t.Errorf("%d characters, ending in %q", n, text[len(text)-300:])
	}
}

// TestCoverageAddsUp: the sums are those of the parts, and a share of 1 is all.
func TestCoverageAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := rapid.IntRange(1, 5).Draw(t, "objects")
		open := rapid.SliceOfN(rapid.Bool(), 20, 20).Draw(t, "open")
		c := coverageOf(4, objects, func(p, o int) bool { return open[p*5+o] })
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Summary struct {
				Live, Governed int
				Share          float64
			}
			Scopes []report.ScopeCoverage
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		live, governed, left := 0, 0, 0
		for _, s := range doc.Scopes {
			inScope := 0
			for _, k := range s.Kinds {
				inScope += k.Live
				left += len(k.Ungoverned)
				if k.Live != k.Governed+len(k.Ungoverned) {
					t.Fatal(s)
				}
			}
			if inScope != s.Live {
				t.Fatal(s)
			}
			live += s.Live
			governed += s.Governed
		}
		sum := doc.Summary
		if sum.Live != live || sum.Governed != governed || live != governed+left || (sum.Share == 1) != (left == 0) ||
			c.Summary.Under(100) != (left > 0) || (c.Summary.Percent() == "100.0%") != (left == 0) {
			t.Fatal(string(data))
		}
	})
}
