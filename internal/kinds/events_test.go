package kinds_test

import (
	"slices"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// Every type of event that a kind names is one that Atlas has, in the list in which
// it is looked for.
func TestEvents(t *testing.T) {
	c := kinds.Catalog()
	types := map[string][]any{}
	for document, schema := range map[string]string{"Organization": "EventTypeForOrg", "Project": "EventTypeForNdsGroup"} {
		for _, one := range api.Load().Schema(schema).OneOf {
			types[document] = append(types[document], one.Enum...)
		}
	}
	told := 0
	for _, k := range c.Kinds() {
		if k.Document && k.EventList.Route == "" {
			t.Errorf("%s: nothing lists its events", k.Name)
		}
		if k.Events == nil {
			continue
		}
		told++
		document := k
		for !document.Document {
			document = c.Kind(document.Parent)
		}
		list := func(document *spec.Kind, all []string) {
			for _, typ := range all {
				if !slices.Contains(types[document.Name], any(typ)) {
					t.Errorf("%s: the events of a %s have no type %s", k.Name, document.Name, typ)
				}
			}
		}
		list(document, k.Events.Changed)
		if k.Document && k.Parent != "" { // what makes it and takes it away stands among those of what it is in
			document = c.Kind(k.Parent)
		}
		list(document, k.Events.Made)
		list(document, k.Events.Gone)
	}
	if told < 60 {
		t.Errorf("only %d kinds have events", told)
	}
}
