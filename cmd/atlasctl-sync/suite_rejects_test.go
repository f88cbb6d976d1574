package main

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/suite"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestSuiteRejects: each of these faults was made once, in a literal that all
// checks of the catalogue passed. The suite has to find it.
func TestSuiteRejects(t *testing.T) {
	few(t, 60)
	for name, value := range map[string]string{"rapid.shrinktime": "0s", "rapid.nofailfile": "true"} {
		f := flag.Lookup(name)
		old := f.Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, old) })
	}
	for _, c := range []struct {
		what, kind string
		spoil      func(k *spec.Kind)
		points     []string
		finds      string // part of what is said
	}{
		{"a list of objects without a key of the elements", "CustomDatabaseRole", func(k *spec.Kind) {
			f := fieldAt(k, "inheritedRoles")
			f.Type, f.ElemKey = spec.List, nil
		}, []string{"leaves"}, ""},
		{"a key of elements that is too short", "CustomDatabaseRole", func(k *spec.Kind) { fieldAt(k, "actions.resources").ElemKey = []string{"db"} }, []string{"leaves", "born"}, ""},
		{"a missing Carry", "AlertConfiguration", func(k *spec.Kind) { fieldAt(k, "notifications.notifierId").Carry = false }, []string{"part", "leaves"}, ""},
		{"a reference in an element without ByID", "AlertConfiguration", func(k *spec.Kind) { fieldAt(k, "notifications.teamId").Ref.ByID = false }, []string{"born", "leaves"}, ""},
		{"Sensitive missing on a masked value", "ThirdPartyIntegration", func(k *spec.Kind) { fieldAt(k, "apiKey").Sensitive = false }, []string{"export"}, "sensitive"},
		{"Sensitive missing in an element", "AlertConfiguration", func(k *spec.Kind) { fieldAt(k, "notifications.webhookUrl").Sensitive = false }, []string{"export"}, "sensitive"},
		{"Sensitive missing on what Atlas does not return", "DatabaseUser", func(k *spec.Kind) { fieldAt(k, "password").Sensitive = false }, []string{"export"}, "sensitive"},
		{"Partial on a block that Atlas replaces", "AlertConfiguration", func(k *spec.Kind) { fieldAt(k, "metricThreshold").Partial = true }, []string{"part"}, ""},
		{"an integer that is a decimal", "AlertConfiguration", func(k *spec.Kind) { fieldAt(k, "metricThreshold.threshold").Type = spec.Int }, []string{"export", "born"}, ""},
		{"a missing Norm", "IPAccessList", func(k *spec.Kind) { fieldAt(k, "deleteAfterDate").Norm, k.Expires = spec.Exact, "" }, []string{"born", "leaves", "export"}, ""},
		{"a body with what changed where Atlas replaces", "AlertConfiguration", func(k *spec.Kind) {
			for i := range k.Update {
				k.Update[i].Body.Send = spec.Changed
			}
		}, []string{"part", "leaves"}, ""},
		{"no call that takes members away", "OrganizationUser", func(k *spec.Kind) { k.Update = k.Update[:1] }, []string{"leaves", "part"}, ""},
		{"a member that is not for its variant", "AlertConfiguration", func(k *spec.Kind) { fieldAt(k, "notifications.emailAddress").For = []string{"SLACK"} }, []string{"export"}, ""},
		{"an update that lacks a field", "ProjectSettings", func(k *spec.Kind) { k.Update[0].Body.Except = []string{"isDataExplorerEnabled"} }, []string{"part", "leaves"}, ""},
		{"a deletion that is another's", "MaintenanceWindow", func(k *spec.Kind) { k.Unset = &spec.Cond{At: "/dayOfWeek", Values: []string{"9"}} }, []string{"born"}, ""},
		{"a field that Atlas changes taken for one that it keeps", "QueryLimit", func(k *spec.Kind) { k.Update[0].Body.Send = spec.Changed }, []string{"part", "leaves"}, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := suiteOf(t, spoiled(t, c.kind, c.spoil))
			s.Tap = nil // what a wrong literal sends need not keep the contract
			k := s.Catalog.Kind(c.kind)
			for _, p := range suite.Points {
				if !slices.Contains(c.points, p.Name) || s.Cannot(k, p) != "" {
					continue
				}
				if failed, said := rejected(s, k, p); failed {
					if !strings.Contains(said, c.finds) {
						t.Errorf("it was rejected for another reason: %s", said)
					}
					first, _, _ := strings.Cut(said, "\n")
					t.Logf("%s: %.300s", p.Name, first)
					return
				}
			}
			t.Errorf("the suite takes it for good: %v", s.Told)
		})
	}
}

// spoiled is the catalogue with one kind of it changed.
func spoiled(t *testing.T, kind string, spoil func(*spec.Kind)) *spec.Catalog {
	t.Helper()
	var all []*spec.Kind
	for _, k := range kinds.Catalog().Kinds() {
		if k.Name == kind {
			other := *k
			other.Fields = copied(k.Fields)
			other.Update = slices.Clone(k.Update)
			spoil(&other)
			k = &other
		}
		all = append(all, k)
	}
	c, err := spec.NewCatalog(all...)
	if err != nil {
		t.Fatalf("the catalogue finds it already: %v", err)
	}
	return c
}

func copied(fields []spec.Field) []spec.Field {
	out := slices.Clone(fields)
	for i := range out {
		out[i].Fields = copied(out[i].Fields)
		if out[i].Ref != nil {
			ref := *out[i].Ref
			out[i].Ref = &ref
		}
	}
	return out
}

func fieldAt(k *spec.Kind, path string) *spec.Field {
	f := spec.FieldAt(k.Fields, spec.SplitPath(path))
	if f == nil {
		panic(fmt.Sprintf("kind %s has no %s", k.Name, path))
	}
	return f
}

// rejected tells whether a kind fails a point, and what is said of it.
func rejected(s *suite.Suite, k *spec.Kind, p suite.Point) (bool, string) {
	r := &recorder{name: k.Name}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Check(r, k, p)
	}()
	<-done
	return r.failed, r.said
}

// A recorder is a test that may fail.
type recorder struct {
	name   string
	failed bool
	said   string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Name() string              { return r.name }
func (r *recorder) Logf(string, ...any)       {}
func (r *recorder) Log(...any)                {}
func (r *recorder) Skipf(string, ...any)      { runtime.Goexit() }
func (r *recorder) Skip(...any)               { runtime.Goexit() }
func (r *recorder) SkipNow()                  { runtime.Goexit() }
func (r *recorder) Errorf(f string, a ...any) { r.failed, r.said = true, r.said+fmt.Sprintf(f, a...) }
func (r *recorder) Error(a ...any)            { r.failed, r.said = true, r.said+fmt.Sprint(a...) }
func (r *recorder) Fatalf(f string, a ...any) { r.Errorf(f, a...); runtime.Goexit() }
func (r *recorder) Fatal(a ...any)            { r.Error(a...); runtime.Goexit() }
func (r *recorder) FailNow()                  { r.failed = true; runtime.Goexit() }
func (r *recorder) Fail()                     { r.failed = true }
func (r *recorder) Failed() bool              { return r.failed }
