package spec_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestAs: one value is another's, if both are there.
func TestAs(t *testing.T) {
	as := &spec.Cond{At: "/value", As: "/default"}
	for doc, want := range map[string]bool{
		`{"value":5,"default":5}`: true, `{"value":5,"default":6}`: false, `{"value":5}`: false, `{"default":5}`: false, `{}`: false,
		`{"value":null,"default":null}`: false,
	} {
		var v any
		if err := json.Unmarshal([]byte(doc), &v); err != nil {
			t.Fatal(err)
		}
		if as.Holds(v) != want {
			t.Errorf("%s: not %v", doc, want)
		}
	}
}

// TestGiven: nobody makes or deletes it.
func TestGiven(t *testing.T) {
	k := &spec.Kind{Name: "Limit", Section: "limits", Doc: "trial", Key: []string{"name"}, Given: true,
		Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}},
		List:   spec.Read{Route: "GET /limits", Version: "2023-01-01"}}
	if _, err := spec.NewCatalog(k); err != nil {
		t.Fatal(err)
	}
	k.Delete = []spec.Call{{Route: "DELETE /limits", Version: "2023-01-01"}}
	if _, err := spec.NewCatalog(k); err == nil || !strings.Contains(err.Error(), "given is for objects of a list") {
		t.Error(err)
	}
}

// TestUnset is for what calls reset, and says when it is.
func TestUnset(t *testing.T) {
	for want, edit := range map[string]func(*spec.Kind){
		"unset is for what delete calls reset": func(k *spec.Kind) { k.Delete = nil },
		"unset names no values":                func(k *spec.Kind) { k.Unset = &spec.Cond{At: "/value"} },
	} {
		k := &spec.Kind{Name: "Limit", Section: "limits", Doc: "trial", Key: []string{"name"}, Unset: &spec.Cond{At: "/value", As: "/default"},
			Fields: []spec.Field{{Name: "name", Type: spec.String, Doc: "trial"}},
			List:   spec.Read{Route: "GET /limits", Version: "2023-01-01"},
			Delete: []spec.Call{{Route: "DELETE /limits", Version: "2023-01-01"}}}
		if _, err := spec.NewCatalog(k); err != nil {
			t.Fatal(err)
		}
		if !k.Untouched(map[string]any{"value": 1, "default": 1}) || k.Untouched(map[string]any{"value": 1}) {
			t.Error("it is as Atlas makes it where the values are the same")
		}
		edit(k)
		if _, err := spec.NewCatalog(k); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %s", err, want)
		}
	}
}
