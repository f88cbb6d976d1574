package seal_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/seal"
)

// TestSeals: whatever is changed of a sealed document is found, and its layout may change.
func TestSeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := map[string]any{}
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3}`), 1, 4, rapid.ID[string]).Draw(t, "names") {
			doc[name] = rapid.OneOf(rapid.Just[any](12345678901234567890.0), rapid.Map(rapid.String(), func(s string) any { return s }), rapid.Map(rapid.Int(), func(n int) any { return n })).Draw(t, name)
		}
		key := rapid.SampledFrom([]string{"", "a long and random key"}).Draw(t, "key")
		bare, _ := json.Marshal(doc)
		sum, mac, err := seal.Seals(bare, key)
		if err != nil {
			t.Fatal(err)
		}
		doc["checksum"] = sum
		if mac != "" {
			doc["hmac"] = mac
		}
		sealed, _ := json.MarshalIndent(doc, "", "  ")
		if err := seal.Verify(sealed, key); err != nil {
			t.Fatal(err)
		}
		if err := seal.Verify(sealed, "another long and random key"); err == nil {
			t.Fatal("another key will do")
		}
		if err := seal.Verify(sealed, ""); (err == nil) != (key == "") {
			t.Fatal("signed, and nobody asks for the key: ", err)
		}
		doc["more"] = true
		edited, _ := json.Marshal(doc)
		if err := seal.Verify(edited, key); err == nil || !strings.Contains(err.Error(), "edited") {
			t.Fatal("edited: ", err)
		}
	})
}
