package spec_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A filler writes one text twice: with placeholders, and with what they stand for.
type filler struct {
	t    *rapid.T
	vars map[string]any
	n    int
}

// scope is what placeholders can name without being declared.
var scope = map[string]string{"name": "shop", "tags.env": "prod", "tags.cost centre": "it's \"7\""}

// value returns how a value is written in a baseline, and by hand.
func (f *filler) value(v any) (given, byHand string) {
	byHand = written(f.t, v)
	if !rapid.Bool().Draw(f.t, "from a variable") {
		return strings.ReplaceAll(byHand, "${", "$${"), byHand
	}
	return quoted("${" + f.variable(v) + "}"), byHand
}

// text returns a text that is joined from parts.
func (f *filler) text() (given, byHand string) {
	for range rapid.IntRange(1, 3).Draw(f.t, "parts") {
		switch rapid.IntRange(0, 2).Draw(f.t, "part") {
		case 0:
			given, byHand = given+"a $${b} ${name}", byHand+"a ${b} shop"
		case 1:
			name := rapid.SampledFrom([]string{"name", "tags.env", "tags.cost centre"}).Draw(f.t, "of the scope")
			given, byHand = given+"${"+name+"}", byHand+scope[name]
		default:
			v := rapid.SampledFrom([]any{7, true, "x y", "it's", "${literal}", 1.5}).Draw(f.t, "variable")
			given, byHand = given+"${"+f.variable(v)+"}.", byHand+fmt.Sprint(v)+"."
		}
	}
	return quoted(given), quoted(byHand)
}

func (f *filler) variable(v any) string {
	f.n++
	name := fmt.Sprintf("v%d", f.n)
	f.vars[name] = v
	return "vars." + name
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// written writes a value in a line.
func written(t *rapid.T, v any) string {
	n := &yaml.Node{}
	if err := n.Encode(v); err != nil {
		t.Fatal(err)
	}
	var flow func(*yaml.Node)
	flow = func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			n.Style = yaml.FlowStyle
		} else if n.Tag == "!!str" {
			n.Style = yaml.SingleQuotedStyle
		}
		for _, c := range n.Content {
			flow(c)
		}
	}
	flow(n)
	data, err := yaml.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.TrimSpace(string(data))), " ")
}

// entries writes some entries of several kinds, with all types that fields have.
func (f *filler) entries() (given, byHand string) {
	t := f.t
	add := func(format string, pairs ...[2]string) {
		var a, b []any
		for _, p := range pairs {
			a, b = append(a, p[0]), append(b, p[1])
		}
		given, byHand = given+fmt.Sprintf(format, a...), byHand+fmt.Sprintf(format, b...)
	}
	pair := func(a, b string) [2]string { return [2]string{a, b} }
	value := func(v any) [2]string { return pair(f.value(v)) }
	roles := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER"}), 1, 3, rapid.ID[string])
	add("managedSlowMs: {enabled: %s}\n", value(rapid.Bool().Draw(t, "on")))
	add("users:\n")
	for i := range rapid.IntRange(1, 4).Draw(t, "users") {
		add("- {username: %s, roles: %s}\n", value(fmt.Sprintf("u%d@example.com", i)), value(roles.Draw(t, "roles")))
	}
	if rapid.Bool().Draw(t, "whole section") {
		add("ipAccessList: %s\n", value([]map[string]any{{"cidrBlock": "10.0.0.0/16", "comment": "${x}"}, {"cidrBlock": "1.2.3.4"}}))
	}
	add("clusters:\n- name: %s\n  clusterType: REPLICASET\n  replicationSpecs:\n  - regionConfigs:\n    - providerName: AWS\n      regionName: %s\n      priority: 7\n      electableSpecs: %s\n",
		value("main"), value("EU_WEST_1"), value(map[string]any{"instanceSize": "M10", "nodeCount": rapid.IntRange(1, 7).Draw(t, "nodes")}))
	add("  tags: {why: %s}\n", pair(f.text()))
	add("  searchIndexes:\n  - {name: i, database: d, collectionName: c, definition: {mappings: %s, also: %s}}\n",
		value(map[string]any{"dynamic": true, "n": []any{1, "two", 2.5}}), pair(f.text()))
	add("databaseUsers:\n- username: app\n  password: %s\n  description: %s\n  roles: [%s]\n",
		value(map[string]any{"fromEnv": "APP"}), pair(f.text()), value(map[string]any{"roleName": "read", "databaseName": "db"}))
	return given, byHand
}

// seen is what a state declares, without the places.
func seen(s *spec.State) map[spec.Address]any {
	out := map[spec.Address]any{}
	s.Resources(func(r *spec.Resource) {
		out[r.Address] = []any{r.Values, r.Absent, r.Ident, r.Kind.Name}
	})
	return out
}

// TestFilledIsWrittenByHand: a baseline with placeholders declares what the same
// baseline with the values written into it declares.
func TestFilledIsWrittenByHand(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := &filler{t: rt, vars: map[string]any{}}
		given, byHand := f.entries()
		base := "apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: '*'}\n"
		project := "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: shop\ntags: {env: prod, cost centre: " + quoted(scope["tags.cost centre"]) + "}\n"
		vars := ""
		for i := 1; i <= f.n; i++ {
			name := fmt.Sprintf("v%d", i)
			vars += "  " + name + ": " + strings.ReplaceAll(written(rt, f.vars[name]), "${", "$${") + "\n"
		}
		if vars != "" {
			vars = "vars:\n" + vars
		}
		filled, diags := load(t, base+given+project+vars)
		if diags.HasErrors() {
			rt.Fatalf("%v\n%s", diags, base+given+project+vars)
		}
		plain, diags := load(t, base+strings.ReplaceAll(byHand, "${", "$${")+project)
		if diags.HasErrors() {
			rt.Fatalf("%v\n%s", diags, base+byHand+project)
		}
		if a, b := seen(filled), seen(plain); !reflect.DeepEqual(a, b) {
			rt.Fatalf("%s\n%s\ngives %v\nand by hand %v", given, vars, a, b)
		}
	})
}

// A path is relative to the file that it is written in, be that the project's or the
// baseline's.
func TestPathsOfVariables(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"shared/base.yaml": "apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: x}\ndatabaseUsers:\n" +
			"- {username: a, password: '${vars.key}', roles: [{roleName: read, databaseName: d}]}\n" +
			"- {username: b, password: {fromFile: '${vars.file}'}, roles: [{roleName: read, databaseName: d}]}\n" +
			"- {username: c, password: {fromFile: '${name}.key'}, roles: [{roleName: read, databaseName: d}]}\n",
		"teams/x.yaml": "apiVersion: atlasctl-sync/v1\nkind: Project\nname: x\nvars: {key: {fromFile: a.key}, file: b.key}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	state, diags := spec.Load(kinds.Catalog(), []string{dir}, nil)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for user, want := range map[string]string{"a": "teams/a.key", "b": "teams/b.key", "c": "shared/x.key"} {
		secret := state.Lookup(spec.Address("project/x/databaseUsers/admin/" + user)).Values["password"].(spec.Secret)
		if secret.FromFile != filepath.Join(dir, want) {
			t.Errorf("%s: %s, want %s", user, secret.FromFile, want)
		}
	}
}

// What a project leaves out is reported neither for its values nor for what it lacks,
// in a section, an entry or an entry of an entry; what it says itself stands.
func TestWithout(t *testing.T) {
	base := `
apiVersion: atlasctl-sync/v1
kind: Baseline
match: {name: x}
managedSlowMs: {enabled: "${vars.a}"}
users:
  - {username: "${name}@example.com", roles: ["${vars.b}"]}
  - {username: bo@example.com, roles: [GROUP_OWNER]}
dataFederation:
  - name: lake
    limits: [{name: bytesProcessed.query, value: "${vars.c}"}, {name: bytesProcessed.daily, value: 1GiB}]
---
apiVersion: atlasctl-sync/v1
kind: Project
name: x
`
	state, diags := load(t, base+`
users:
  - {username: bo@example.com, roles: [GROUP_READ_ONLY]}
without:
  managedSlowMs: its profiler is ours
  users/X@example.com: nobody is
  users/bo@example.com: his roles are here
  dataFederation/lake/limits/bytesProcessed.query: no limit
`)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if n := len(state.LeftOut()); n != 4 {
		t.Errorf("%d left out: %v", n, state.LeftOut())
	}
	declared := seen(state)
	for _, gone := range []spec.Address{"project/x/managedSlowMs", "project/x/users/x@example.com", "project/x/dataFederation/lake/limits/bytesProcessed.query"} {
		if declared[gone] != nil {
			t.Errorf("%s is declared", gone)
		}
	}
	if roles := state.Lookup("project/x/users/bo@example.com").Values["roles"]; !reflect.DeepEqual(roles, []any{"GROUP_READ_ONLY"}) {
		t.Errorf("bo has %v", roles)
	}
	if declared["project/x/dataFederation/lake/limits/bytesProcessed.daily"] == nil {
		t.Error("what stands beside it is not declared")
	}
	if _, diags = load(t, base); len(diags) != 3 {
		t.Errorf("without that, each value is missing: %v", diags)
	}
	// A section that is left out may be pruned: the baseline adds nothing to it.
	_, diags = load(t, base+"vars: {a: true, c: 1GiB}\nprune: [users]\nusers: []\nwithout: {users: they stand here}\n")
	if len(diags) > 0 {
		t.Error(diags)
	}
}

// Nothing unfolds without end.
func TestVariablesAreBounded(t *testing.T) {
	base := "apiVersion: atlasctl-sync/v1\nkind: Baseline\nmatch: {name: x}\nclusters: [{name: c, tags: {a: '${vars.a}'}}]\n---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: x\n"
	_, diags := load(t, base+"vars: {a: &a [*a]}\n")
	if !strings.Contains(diags.Err().Error(), "stands in what it is an alias of") {
		t.Error(diags)
	}
	_, diags = load(t, base+"vars: {a: "+strings.Repeat("[", 60)+strings.Repeat("]", 60)+"}\n")
	if len(diags) == 0 || !strings.Contains(diags.Err().Error(), "nests deeper") {
		t.Error(diags)
	}
	bomb := "vars:\n  x0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("  x%d: &x%d [%s*x%d]\n", i, i, strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 9), i-1)
	}
	if _, diags = load(t, base+bomb); !strings.Contains(diags.Err().Error(), "unfold to more than") {
		t.Error(diags)
	}
}
