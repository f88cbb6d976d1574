package suite

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// drawFaults draws what goes wrong in a world.
func drawFaults(r *rapid.T) []string {
	var out []string
	for range rapid.IntRange(1, 3).Draw(r, "faults") {
		out = append(out, fmt.Sprintf("%s=%s:%d",
			rapid.SampledFrom([]string{"POST /**", "PATCH /**", "PUT /**", "DELETE /**", "GET /**"}).Draw(r, "place"),
			rapid.SampledFrom([]string{"500", "503", "html", "reset", "reset-after", "409/DATA_CONCURRENCY_ERROR", "twice"}).Draw(r, "action"),
			rapid.IntRange(1, 3).Draw(r, "count")))
	}
	return out
}

// runs is enough for each fault that a world can hold to cost one.
const runs = 2 + 3*3

// amongFaults: whatever goes wrong, a few runs end in what is declared.
func (w *world) amongFaults(k *spec.Kind) {
	t := w.target
	w.born(k, func(file string) bool {
		for n := 1; ; n++ {
			code, r := t.apply(file)
			switch {
			case code == 0:
				return true
			case strings.Contains(r.text, "objects that match") || strings.Contains(r.text, "made and never delivered"):
				w.tell(k.Name + " told of a twin")
				return false // it is a person's turn
			case n == runs:
				w.fail("not as declared after %d runs", n)
			}
		}
	})
}
