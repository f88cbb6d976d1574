package schema_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/schema"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// trial has variants of the kind, of a block and of elements, alternatives in the
// key, and the types whose schema is not their name.
func trial(t *testing.T) *spec.Catalog {
	t.Helper()
	str := func(name string, values ...string) spec.Field {
		return spec.Field{Name: name, Type: spec.String, For: values, Doc: "What it is."}
	}
	needed := func(f spec.Field) spec.Field { f.Required = true; return f }
	read := func(route string) spec.Read { return spec.Read{Route: route, Version: "2023-01-01"} }
	typed := spec.Field{Name: "type", Type: spec.String, Enum: []string{"MAIL", "CHAT", "PAGER"}, Required: true, Doc: "Which."}
	members := []spec.Field{typed, needed(str("address", "MAIL")), str("room", "CHAT", "PAGER"), needed(str("token", "CHAT", "PAGER")), str("note")}
	c, err := spec.NewCatalog(
		&spec.Kind{Name: "Organization", Document: true, Key: []string{"name"}, Fields: []spec.Field{str("name")}, List: read("GET /orgs")},
		&spec.Kind{Name: "Project", Document: true, Parent: "Organization", Key: []string{"name"}, Params: map[string]string{"groupId": "/id"},
			Fields: []spec.Field{str("name")}, List: read("GET /groups")},
		&spec.Kind{Name: "Trial", Section: "trials", Parent: "Project", Key: []string{"cidr|group", "place.name"}, Variant: "type",
			List: read("GET /groups/{groupId}/trials"), Fields: []spec.Field{
				{Name: "type", Type: spec.String, Doc: "Which."}, str("cidr"), str("group"),
				{Name: "place", Type: spec.Object, Doc: "Where.", Fields: []spec.Field{str("name")}},
				str("login", "A"), str("url", "A", "B"),
				{Name: "channels", Type: spec.List, Variant: "type", Doc: "Whom.", Fields: members},
				{Name: "way", Type: spec.Object, Variant: "type", Doc: "How.", Fields: members},
				{Name: "body", Type: spec.Document, Doc: "Anything."},
				{Name: "limit", Type: spec.Number, Nullable: true, Doc: "How much."},
			}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compile returns the schema of a catalogue, and its text.
func compile(t *testing.T, c *spec.Catalog) (*jsonschema.Schema, string) {
	t.Helper()
	var text bytes.Buffer
	if err := schema.Write(&text, c); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("trial.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("trial.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled, text.String()
}

// TestSchemaAgreesWithTheLoader: what editors accept and refuse is what the
// program does.
func TestSchemaAgreesWithTheLoader(t *testing.T) {
	c := trial(t)
	compiled, text := compile(t, c)
	for entry, fine := range map[string]bool{
		"place: {name: p}, cidr: c":                        true,
		"place: {name: p}, group: g":                       true,
		"place: {name: p}":                                 false,
		"cidr: c":                                          false,
		"type: A, login: l, url: u":                        true,
		"type: B, url: u":                                  true,
		"type: B, login: l":                                false,
		"type: C, url: u":                                  false,
		"login: l, url: u":                                 true, // a baseline may say the type
		"channels: [{type: MAIL, address: a, note: n}]":    true,
		"channels: [{type: MAIL, note: n}]":                false,
		"channels: [{type: MAIL, address: a, token: t}]":   false,
		"channels: [{type: CHAT, token: t, room: r}]":      true,
		"channels: [{type: PAGER, token: t, note: n}]":     true,
		"channels: [{type: PAGER, room: r}]":               false,
		"channels: [{type: CHAT, token: t}, {type: CHAT}]": false,
		"channels: [{address: a}]":                         false,
		"way: {type: MAIL, address: a}":                    true,
		"way: {type: MAIL, address: a, room: r}":           false,
		"body: [1, {a: null}]":                             true,
		"limit: 1.5":                                       true,
		"limit: null":                                      true,
		"limit: much":                                      false,
	} {
		if !strings.Contains(entry, "cidr") && !strings.Contains(entry, "place") {
			entry = "cidr: c, place: {name: p}, " + entry
		}
		file := "apiVersion: atlasctl-sync/v1\nkind: Project\nname: p\ntrials: [{" + entry + "}]\n"
		var value any
		if err := yaml.Unmarshal([]byte(file), &value); err != nil {
			t.Fatal(err)
		}
		_, diags := spec.Load(c, []string{"-"}, strings.NewReader(file))
		if diags.HasErrors() == fine {
			t.Errorf("%s: the loader says %v", entry, diags)
		}
		if err := compiled.Validate(value); (err == nil) != fine {
			t.Errorf("%s: the schema says %v", entry, err)
		}
	}
	for _, want := range []string{`"What it is. For A, B."`, `"What it is. For CHAT, PAGER."`} {
		if !strings.Contains(text, want) {
			t.Errorf("the schema does not say %s", want)
		}
	}
}
