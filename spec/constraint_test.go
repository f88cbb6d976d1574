package spec_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// trialCatalog has projects and one kind below them, with rules at every depth.
func trialCatalog(t *testing.T, change func(*spec.Kind)) (*spec.Catalog, error) {
	t.Helper()
	read := func(route string) spec.Read { return spec.Read{Route: route, Version: "2023-01-01"} }
	str := func(name string) spec.Field { return spec.Field{Name: name, Type: spec.String, Doc: "trial"} }
	org := spec.Kind{Name: "Organization", Document: true, Key: []string{"name"}, Fields: []spec.Field{str("name")}, List: read("GET /orgs")}
	project := spec.Kind{Name: "Project", Document: true, Parent: "Organization", Key: []string{"name"}, Params: map[string]string{"groupId": "/id"},
		Fields: []spec.Field{str("name")}, List: read("GET /groups")}
	trial := spec.Kind{Name: "Trial", Section: "trials", Parent: "Project", Key: []string{"name"}, Ident: "id",
		List:   read("GET /groups/{groupId}/trials"),
		Delete: []spec.Call{{Route: "DELETE /groups/{groupId}/trials", Version: "2023-01-01"}},
		Constraints: []spec.Constraint{
			{CEL: "!has(self.least) || !has(self.most) || self.least <= self.most", Message: "least is not to be above most", At: "least"},
			{CEL: "!has(self.token) || self.token == '(sensitive)' && !self.token.contains('TOKEN')", Message: "the token's text was there"},
			{CEL: "!has(self.owner) || self.owner == null || self.owner != self.name", Message: "nobody owns himself", At: "owner"},
			{CEL: "!has(self.body) || self.body.a.b == 1", Message: "b is to be 1", At: "body"},
			{CEL: "!has(self.id) || self.id != '000000000000000000000000'", Message: "this id is nobody's"},
		},
		Fields: []spec.Field{
			str("name"),
			{Name: "least", Type: spec.Int, Doc: "trial"},
			{Name: "most", Type: spec.Number, Doc: "trial"},
			{Name: "token", Type: spec.String, Sensitive: true, Doc: "trial"},
			{Name: "owner", Type: spec.String, Nullable: true, Doc: "trial"},
			{Name: "body", Type: spec.Document, Doc: "trial"},
			{Name: "seen", Type: spec.String, ReadOnly: true, Doc: "trial"},
			{Name: "window", Type: spec.Object, Doc: "trial",
				Constraints: []spec.Constraint{{CEL: "self.from.at < self.to.at", Message: "the window ends before it begins", At: "to.at"}},
				Fields: []spec.Field{
					{Name: "from", Type: spec.Object, Doc: "trial", Fields: []spec.Field{{Name: "at", Type: spec.Duration, Doc: "trial"}}},
					{Name: "to", Type: spec.Object, Doc: "trial", Fields: []spec.Field{{Name: "at", Type: spec.Duration, Doc: "trial"}}},
				}},
			{Name: "channels", Type: spec.Set, ElemKey: []string{"sort"}, Doc: "trial",
				Constraints: []spec.Constraint{{CEL: "has(self.mail) != has(self.url)", Message: "a channel takes mail or url", At: "url"}},
				Fields: []spec.Field{str("sort"), str("mail"), str("url"),
					{Name: "hours", Type: spec.List, Doc: "trial",
						Constraints: []spec.Constraint{{CEL: "self.from < self.to", Message: "the hours end before they begin", At: "to"}},
						Fields:      []spec.Field{{Name: "from", Type: spec.Int, Doc: "trial"}, {Name: "to", Type: spec.Int, Doc: "trial"}}},
				}},
		}}
	if change != nil {
		change(&trial)
	}
	trial.Params = map[string]string{"trialId": "/id"}
	return spec.NewCatalog(&org, &project, &trial)
}

// TestConstraints: every broken rule is told at once, at the place it is about; a
// rule that reads what is reported already is not told again.
func TestConstraints(t *testing.T) {
	c, err := trialCatalog(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Compile(); err != nil {
		t.Fatal(err)
	}
	_, diags := spec.Load(c, []string{"-"}, strings.NewReader(`apiVersion: atlasctl-sync/v1
kind: Project
name: p
trials:
  - {name: good, least: 1, most: 1.5, owner: null, token: {fromEnv: TOKEN}, body: {a: {b: 1}}}
  - {name: gone, least: 9, most: 1, state: absent}
  - name: bad
    most: 1
    least: 2
    owner: bad
    body: {a: 1}
    window: {from: {at: 2h}, to: {at: 1h}}
    channels:
      - {sort: a, mail: x}
      - {sort: b, mail: x, url: y, hours: [{from: 1, to: 2}, {from: 2, to: 2}, {to: 3}]}
      - {sort: c}
  - {name: half, window: {to: {at: 1h}}}
  - {name: told, least: many, most: 1}
  - {name: given, most: 2}
  - {id: "000000000000000000000000"}
---
apiVersion: atlasctl-sync/v1
kind: Baseline
match: {name: p}
trials:
  - {name: given, least: 3}
`))
	var got []string
	for _, d := range diags {
		got = append(got, d.Error())
	}
	want := []string{
		"<stdin>:9:12: project/p/trials/bad: least is not to be above most",
		"<stdin>:10:12: project/p/trials/bad: nobody owns himself",
		"<stdin>:11:11: project/p/trials/bad: b is to be 1 (it cannot be told: no such key: b)",
		"<stdin>:12:39: project/p/trials/bad: the window ends before it begins",
		"<stdin>:15:33: project/p/trials/bad: a channel takes mail or url",
		"<stdin>:15:76: project/p/trials/bad: the hours end before they begin",
		"<stdin>:15:85: project/p/trials/bad: the hours end before they begin (it cannot be told: no such key: from)",
		"<stdin>:16:9: project/p/trials/bad: a channel takes mail or url",
		"<stdin>:17:36: project/p/trials/half: the window ends before it begins (it cannot be told: no such key: from)",
		"<stdin>:18:25: least is to be an integer, not text (write a whole number)",
		"<stdin>:20:5: project/p/trials/000000000000000000000000: this id is nobody's",
		"<stdin>:26:26: project/p/trials/given: least is not to be above most",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestUnsoundConstraints: a rule that means nothing is refused before anybody
// declares the kind.
func TestUnsoundConstraints(t *testing.T) {
	for cel, want := range map[string]string{
		"has(self.leest)":                "undefined field 'leest'",
		"self.seen == ''":                "undefined field 'seen'",
		"self.least == 'x'":              "no matching overload",
		"self.least +":                   "Syntax error",
		"self.least":                     "it is no bool",
		"self.body":                      "it is no bool",
		"self.channels.all(c, c.x == 1)": "undefined field 'x'",
		"self.window.to == 1":            "no matching overload",
		"size(self.token) > 0 && other":  "undeclared reference to 'other'",
	} {
		c, err := trialCatalog(t, func(k *spec.Kind) { k.Constraints = []spec.Constraint{{CEL: cel, Message: "trial"}} })
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Compile(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "kind Trial") {
			t.Errorf("%s: want %q, got %v", cel, want, err)
		}
	}
	for at, want := range map[string]string{"lest": "cannot be declared", "window.at": "cannot be declared", "channels.sort": "cannot be declared", "seen": "cannot be declared"} {
		_, err := trialCatalog(t, func(k *spec.Kind) {
			k.Constraints = []spec.Constraint{{CEL: "true", Message: "trial", At: at}}
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("at %s: want %q, got %v", at, want, err)
		}
	}
	for what, change := range map[string]func(*spec.Kind){
		"needs an expression": func(k *spec.Kind) { k.Constraints = []spec.Constraint{{CEL: "true"}} },
		"for what has fields": func(k *spec.Kind) { k.Fields[1].Constraints = []spec.Constraint{{CEL: "true", Message: "trial"}} },
		"a message":           func(k *spec.Kind) { k.Fields[7].Constraints = []spec.Constraint{{Message: "trial"}} },
	} {
		if _, err := trialCatalog(t, change); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("want %q, got %v", what, err)
		}
	}
}
