package planner_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

var fields = []spec.Field{
	{Name: "text", Type: spec.String},
	{Name: "mail", Type: spec.String, Norm: spec.Email},
	{Name: "block", Type: spec.String, Norm: spec.CIDR},
	{Name: "doc", Type: spec.String, Norm: spec.JSONDoc},
	{Name: "size", Type: spec.Bytes},
	{Name: "set", Type: spec.Set, Norm: spec.Email},
	{Name: "list", Type: spec.List},
	{Name: "map", Type: spec.Map},
	{Name: "object", Type: spec.Object, Fields: []spec.Field{{Name: "a", Type: spec.Int}, {Name: "b", Type: spec.Bool}}},
	{Name: "keyed", Type: spec.Set, ElemKey: []string{"k"}, Fields: []spec.Field{{Name: "k", Type: spec.String}, {Name: "v", Type: spec.Int}}},
	{Name: "pairs", Type: spec.Set, ElemKey: []string{"a", "b"}, Fields: []spec.Field{{Name: "a", Type: spec.String}, {Name: "b", Type: spec.Int, Default: int64(7)}, {Name: "on", Type: spec.Bool}}},
	{Name: "flag", Type: spec.Bool, Default: false},
	{Name: "at", Type: spec.String, Norm: spec.Instant},
	{Name: "version", Type: spec.String, Norm: spec.Version},
	{Name: "number", Type: spec.Number},
	{Name: "free", Type: spec.Document},
	{Name: "objects", Type: spec.List, Fields: []spec.Field{{Name: "k", Type: spec.String}, {Name: "v", Type: spec.Int}}},
}

type values = map[string]any

func list(v ...any) []any { return append([]any{}, v...) }

// Only what is declared counts, and two spellings of a value are one.
func TestDiff(t *testing.T) {
	for _, c := range []struct {
		name           string
		declared, live values
		want           []string // path: before -> after
	}{
		{"the same", values{"text": "x"}, values{"text": "x", "size": int64(1)}, nil},
		{"a change", values{"text": "x"}, values{"text": "y"}, []string{"text: y -> x"}},
		{"missing in Atlas", values{"text": "x"}, values{}, []string{"text: <nil> -> x"}},
		{"case of an address", values{"mail": "Ana@X.org"}, values{"mail": "ana@x.org"}, nil},
		{"an address and its block", values{"block": "10.0.0.1"}, values{"block": "10.0.0.1/32"}, nil},
		{"another block", values{"block": "10.0.0.0/8"}, values{"block": "10.0.0.0/16"}, []string{"block: 10.0.0.0/16 -> 10.0.0.0/8"}},
		{"JSON spelt otherwise", values{"doc": `{"a":1,"b":[2]}`}, values{"doc": `{ "b": [2], "a": 1 }`}, nil},
		{"other JSON", values{"doc": `{"a":1}`}, values{"doc": `{"a":2}`}, []string{`doc: {"a":2} -> {"a":1}`}},
		{"order of a set", values{"set": list("a", "b")}, values{"set": list("B", "A")}, nil},
		{"members of a set", values{"set": list("a", "b")}, values{"set": list("b", "c")}, []string{"set: [b c] -> [a b] +[a] -[c]"}},
		{"an emptied set", values{"set": list()}, values{"set": list("a")}, []string{"set: [a] -> [] +[] -[a]"}},
		{"an empty set that Atlas leaves out", values{"set": list()}, values{}, nil},
		{"order of a list", values{"list": list("a", "b")}, values{"list": list("b", "a")}, []string{"list: [b a] -> [a b]"}},
		{"a shorter list", values{"list": list("a")}, values{"list": list("a", "b")}, []string{"list: [a b] -> [a]"}},
		{"a map's keys", values{"map": values{"a": "1", "b": "2"}}, values{"map": values{"a": "1", "c": "3"}}, []string{"map.b: <nil> -> 2", "map.c: 3 -> <nil>"}},
		{"undeclared members of an object", values{"object": values{"a": int64(1)}}, values{"object": values{"a": int64(1), "b": true}}, nil},
		{"a member of an object", values{"object": values{"a": int64(1), "b": true}}, values{"object": values{"a": int64(1), "b": false}}, []string{"object.b: false -> true"}},
		{"an object that Atlas leaves out", values{"object": values{"b": true}}, values{}, []string{"object.b: <nil> -> true"}},
		{"keyed objects in another order", values{"keyed": list(values{"k": "x"}, values{"k": "y", "v": int64(2)})},
			values{"keyed": list(values{"k": "y", "v": int64(2)}, values{"k": "x", "v": int64(9)})}, nil},
		{"a keyed object's member", values{"keyed": list(values{"k": "x", "v": int64(1)})}, values{"keyed": list(values{"k": "x", "v": int64(2)})},
			[]string{"keyed[x].v: 2 -> 1"}},
		{"an undeclared member of a listed object", values{"objects": list(values{"k": "x"})}, values{"objects": list(values{"k": "x", "v": int64(2)})}, nil},
		{"one more listed object", values{"objects": list(values{"k": "x"})}, values{"objects": list()}, []string{"objects[0]: <nil> -> map[k:x]"}},
		{"one keyed object for another", values{"keyed": list(values{"k": "x"})}, values{"keyed": list(values{"k": "y", "v": int64(2)})},
			[]string{"keyed[x]: <nil> -> map[k:x]", "keyed[y]: map[k:y v:2] -> <nil>"}},
		{"keys of several parts, one left out", values{"pairs": list(values{"a": "x/y"}, values{"a": "z", "b": int64(2)})},
			values{"pairs": list(values{"a": "z", "b": int64(2), "on": true}, values{"a": "x/y", "b": int64(7)})}, nil},
		{"a member of one whose key needs escapes", values{"pairs": list(values{"a": "x/y]", "b": int64(1), "on": true})},
			values{"pairs": list(values{"a": "x/y]", "b": int64(1)})}, []string{"pairs[x%2Fy%5D/1].on: <nil> -> true"}},
		{"a default that Atlas leaves out", values{"flag": false}, values{}, nil},
		{"other than the default that Atlas leaves out", values{"flag": true}, values{}, []string{"flag: <nil> -> true"}},
		{"one moment in two zones", values{"at": "2027-01-01T01:00:00+01:00"}, values{"at": "2027-01-01T00:00:00Z"}, nil},
		{"a version", values{"version": "8"}, values{"version": "8.0"}, nil},
		{"a number", values{"number": 0.5}, values{"number": 0.25}, []string{"number: 0.25 -> 0.5"}},
		{"null and nothing", values{"text": spec.Null{}}, values{}, nil},
		{"null and something", values{"text": spec.Null{}}, values{"text": "x"}, []string{"text: x -> null"}},
		{"a document that is all there", values{"free": values{"a": list(values{"b": int64(1)})}}, values{"free": values{"a": list(values{"b": int64(1), "c": values{}}), "d": nil, "e": list()}}, nil},
		{"members of a document", values{"free": values{"a": list(values{"b": int64(1)}), "f": "x"}}, values{"free": values{"a": list(values{"b": int64(1), "c": "more"}), "d": "more", "f": "y"}},
			[]string{"free: map[a:[map[b:1 c:more]] d:more f:y] -> map[a:[map[b:1]] f:x] +[] -[a[0].c: \"more\" d: \"more\"] ~[f: \"y\" -> \"x\"]"}},
		{"a document's list", values{"free": values{"a": list("x")}}, values{"free": values{"a": list("x", "y")}}, []string{`free: map[a:[x y]] -> map[a:[x]] +[] -[a[1]: "y"] ~[]`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, ch := range planner.Diff(fields, c.declared, c.live) {
				s := fmt.Sprintf("%s: %v -> %v", ch.Path, ch.Before, ch.After)
				if ch.Path == "set" {
					s += fmt.Sprintf(" +%v -%v", ch.Added(), ch.Removed())
				}
				if ch.Path == "free" {
					s += fmt.Sprintf(" +%v -%v ~%v", ch.Added(), ch.Removed(), ch.Changed())
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCeiling(t *testing.T) {
	for in, want := range map[string]planner.Ceiling{"10": {N: 10}, "0": {}, "5%": {N: 5, Percent: true}} {
		if got, err := planner.ParseCeiling(in); err != nil || got != want {
			t.Error(in, got, err)
		}
	}
	for _, in := range []string{"", "x", "-1", "101%", "%", "1.5"} {
		if got, err := planner.ParseCeiling(in); err == nil {
			t.Error(in, got)
		}
	}
}
