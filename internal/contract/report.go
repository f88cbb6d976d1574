package contract

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A Report is what became of the exchanges of a test run.
type Report struct {
	Exchanges  int
	Operations map[string]int // how many exchanges each had
	Exempt     map[Rule]int
	Violations []Finding
	Refused    []Finding // what our own client's refused requests did wrong
	Unchecked  int       // beyond the recorder's memory
	CutShort   int       // written by processes that were killed meanwhile
}

// A Finding is a violation, how often it occurred, and the first exchange that
// had it.
type Finding struct {
	Violation
	Count int
	First string
}

// shown is how many findings are printed; the rest is only counted.
const shown = 40

// Print writes the report for the people who run the tests. The wrongs of the
// client's refused requests are only for those who want details.
func (r Report) Print(w io.Writer, details bool) {
	fmt.Fprintf(w, "contract: %d exchanges checked against the description, %d operations exercised, %d violations\n",
		r.Exchanges-r.Exempt[TokenEndpoint], len(r.Operations), occurrences(r.Violations))
	var exempt []string
	for _, rule := range slices.Sorted(maps.Keys(r.Exempt)) {
		exempt = append(exempt, fmt.Sprintf("%s %d", rule, r.Exempt[rule]))
	}
	if len(exempt) > 0 {
		fmt.Fprintf(w, "contract: exempt by rule: %s\n", strings.Join(exempt, ", "))
	}
	if r.Unchecked > 0 {
		fmt.Fprintf(w, "contract: %d exchanges NOT checked: more than the recorder keeps\n", r.Unchecked)
	}
	if r.CutShort > 0 {
		fmt.Fprintf(w, "contract: %d exchanges not checked: their process ended while it wrote them\n", r.CutShort)
	}
	printFindings(w, "VIOLATION", r.Violations)
	if details {
		printFindings(w, ClientsRefusedRequest, r.Refused)
	}
}

func printFindings[T ~string](w io.Writer, label T, findings []Finding) {
	for i, f := range findings {
		if i == shown {
			fmt.Fprintf(w, "contract: and %d more\n", len(findings)-shown)
			return
		}
		fmt.Fprintf(w, "contract: %s (%d×) %s\n\tfirst in: %s\n", label, f.Count, f.Violation, f.First)
	}
}

func occurrences(findings []Finding) int {
	n := 0
	for _, f := range findings {
		n += f.Count
	}
	return n
}
