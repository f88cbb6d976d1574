package report

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// foldOver is how many addresses are told of one scope before they are counted.
const foldOver = 20

// Coverage prints a table of the scopes, the objects that nobody governs by their
// addresses, and the share. Scopes that are governed as a whole are counted where
// there are more than a few, unless everything is to be told.
func (t Text) Coverage(c *Coverage) {
	shown, whole := c.split(t.Full)
	if len(shown) > 0 {
		var b strings.Builder
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "live\tgoverned\tshare\t  \n")
		for _, s := range shown {
			fmt.Fprintf(w, "%d\t%d\t%s\t  %s%s\n", s.Live, s.Governed, Tally{s.Live, s.Governed}.Percent(), Clean(string(s.Address)), s.mark())
			for _, k := range s.Kinds {
				if t.Full || k.Live > k.Governed {
					fmt.Fprintf(w, "%d\t%d\t%s\t    %s\n", k.Live, k.Governed, Tally{k.Live, k.Governed}.Percent(), k.Kind)
				}
			}
		}
		_ = w.Flush() // into memory
		for line := range strings.Lines(b.String()) {
			t.printf("%s\n", strings.TrimRight(line, " \n"))
		}
	}
	if whole > 0 {
		t.printf("%s\n", wholeLine(whole))
	}
	if c.Summary.Governed < c.Summary.Live {
		t.printf("\nNot governed:\n")
	}
	for _, s := range c.Scopes {
		addresses := s.ungoverned()
		rest := 0
		if n := len(addresses); !t.Full && n > foldOver {
			addresses, rest = addresses[:foldOver], n-foldOver
		}
		for _, a := range addresses {
			t.printf("  %s\n", Clean(string(a)))
		}
		if rest > 0 {
			t.printf("  and %d more in %s (--full names them)\n", rest, Clean(string(s.Address)))
		}
	}
	if len(shown)+whole > 0 {
		t.printf("\n")
	}
	t.printf("%s\n", c.Line())
}

func wholeLine(n int) string {
	return fmt.Sprintf("%s governed as a whole (--full names them).", map[bool]string{true: "1 organization or project is", false: fmt.Sprintf("%d organizations and projects are", n)}[n == 1])
}

// few is how many scopes may be told though nothing is missing in them.
const few = 10

// split returns the scopes to tell of by themselves, and how many others there
// are that are governed as a whole.
func (c *Coverage) split(full bool) (shown []ScopeCoverage, whole int) {
	if full || len(c.Scopes) <= few {
		return c.Scopes, 0
	}
	for _, s := range c.Scopes {
		if s.Governed < s.Live {
			shown = append(shown, s)
		}
	}
	return shown, len(c.Scopes) - len(shown)
}

func (s ScopeCoverage) mark() string {
	if s.Declared {
		return ""
	}
	return " (no file declares it)"
}

func (s ScopeCoverage) ungoverned() []spec.Address {
	var out []spec.Address
	for _, k := range s.Kinds {
		out = append(out, k.Ungoverned...)
	}
	slices.Sort(out)
	return out
}

// coverage writes the same for a comment on a change.
func (m *markdown) coverage(w *strings.Builder) {
	c := m.Coverage
	shown, whole := c.split(m.Full)
	fmt.Fprintf(w, "\n%s\n", c.Line())
	if len(shown) == 0 {
		return
	}
	rows := []string{"", "| | live | governed | share |", "|---|--:|--:|--:|"}
	m.fits(rows)
	dropped := 0
	for _, s := range shown {
		row := fmt.Sprintf("| %s%s | %d | %d | %s |", strings.ReplaceAll(prose(string(s.Address)), "|", `\|`), s.mark(), s.Live, s.Governed, Tally{s.Live, s.Governed}.Percent())
		if dropped > 0 || !m.fits([]string{row}) {
			dropped++
			continue
		}
		rows = append(rows, row)
	}
	fmt.Fprintln(w, strings.Join(rows, "\n"))
	if whole > 0 {
		fmt.Fprintf(w, "\n%s\n", strings.Replace(wholeLine(whole), " (--full names them)", "", 1))
	}
	if dropped > 0 {
		m.left = append(m.left, Count(dropped, "row")+" of the table")
	}
	m.ungoverned(w)
}

// ungoverned lists the addresses as far as there is room.
func (m *markdown) ungoverned(w *strings.Builder) {
	c := m.Coverage
	if c.Summary.Governed == c.Summary.Live {
		return
	}
	var lines []string
	dropped := 0
	for _, s := range c.Scopes {
		for _, a := range s.ungoverned() {
			line := Clean(string(a))
			if dropped > 0 || !m.fits([]string{line}) {
				dropped++
				continue
			}
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "\n**Not governed** (%d)\n", c.Summary.Live-c.Summary.Governed)
		fence(w, "", lines)
	}
	if dropped > 0 {
		m.left = append(m.left, Count(dropped, "object")+" that nobody governs")
	}
}
