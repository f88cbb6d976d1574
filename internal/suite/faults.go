package suite

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// drawFaults draws what goes wrong in a world.
func drawFaults(r *rapid.T) []string {
	var out []string
	for range rapid.IntRange(1, 3).Draw(r, "faults") {
		out = append(out, fmt.Sprintf("%s=%s:%d",
			rapid.SampledFrom([]string{"POST /**", "PATCH /**", "PUT /**", "DELETE /**", "GET /**"}).Draw(r, "place"),
			rapid.SampledFrom([]string{"429", "500", "503", "html", "reset", "reset-after", "409/DATA_CONCURRENCY_ERROR", "twice"}).Draw(r, "action"),
			rapid.IntRange(1, 3).Draw(r, "count")))
	}
	return out
}

// amongFaults: whatever goes wrong, a few runs end in what is declared.
func (w *world) amongFaults(k *spec.Kind) {
	w.born(k, func(file string) {
		for n := 1; ; n++ {
			code, _ := w.apply(file)
			if code == 0 {
				return
			}
			if n == 12 {
				w.fail("not there after %d runs", n)
			}
		}
	})
}
