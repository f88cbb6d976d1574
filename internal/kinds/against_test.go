package kinds

import (
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// TestNothingIsContradicted: what our kinds say of places, states and types is so in
// the calls.
func TestNothingIsContradicted(t *testing.T) {
	for _, k := range Catalog().Kinds() {
		d, err := describe(api.Load(), k)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range d.against(k) {
			t.Error(err)
		}
	}
}
