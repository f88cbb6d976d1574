package spec_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Order is kept below the named members alone, and at every depth of them.
func TestOrderIsKept(t *testing.T) {
	const text = `{"b":{"z":1,"a":2},"a":[{"z":{"y":1,"x":[{"c":1,"b":2}]},"a":2.50}]}`
	doc, err := spec.DecodeJSON([]byte(text), []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc)
	if want := `{"a":[{"z":{"y":1,"x":[{"c":1,"b":2}]},"a":2.50}],"b":{"a":2,"z":1}}`; err != nil || string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
	for _, broken := range []string{`{"a":{"z":1`, `{"a":1}}`, `{"a":1} 2`, ``} {
		for _, ordered := range [][]string{nil, {"a"}} {
			if doc, err := spec.DecodeJSON([]byte(broken), ordered); err == nil {
				t.Errorf("%s was taken for %v", broken, doc)
			}
		}
	}
}

// TestCatalogRefuses what the engine would ignore.
func TestCatalogRefuses(t *testing.T) {
	stopped := &spec.Cond{At: "/state", Values: []string{"STOPPED"}}
	update := spec.Call{Route: "PATCH /groups/{groupId}/trials/{trialId}", Version: "2023-01-01", From: stopped}
	for want, change := range map[string]func(*spec.Kind){
		"the order in body is not kept": func(k *spec.Kind) { k.Field("body").InOrder = true },
		"inOrder is for documents":      func(k *spec.Kind) { k.Field("most").InOrder = true },
		"true is for booleans":          func(k *spec.Kind) { k.Field("owner").True = "YES" },
		"from and to are for updates":   func(k *spec.Kind) { k.Create = []spec.Call{update} },
		"only strings can be sensitive": func(k *spec.Kind) { k.Field("least").Sensitive = true },
		"without when and each":         func(k *spec.Kind) { update.When = &spec.When{Field: "most"}; k.Update = []spec.Call{update} },
	} {
		_, err := trialCatalog(t, change)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
