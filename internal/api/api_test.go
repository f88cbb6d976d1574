package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// Every fact can be read, and refers to what is there.
func TestFactsAreWhole(t *testing.T) {
	f := api.Load()
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Operations()); n < 500 {
		t.Errorf("%d operations", n)
	}
	for _, id := range f.Operations() {
		op := f.Operation(id)
		if op.Method == "" || !strings.HasPrefix(op.Path, "/api/atlas/v2") || len(op.Answers) == 0 {
			t.Errorf("%s: %s %s with %d answers", id, op.Method, op.Path, len(op.Answers))
		}
	}
}

// One operation, as the description has it.
func TestOperation(t *testing.T) {
	op := api.Load().Operation("addGroupUserRole")
	if op.Method+" "+op.Path != "POST /api/atlas/v2/groups/{groupId}/users/{userId}:addRole" {
		t.Error(op.Method, op.Path)
	}
	if diff := cmp.Diff([]string{"2025-02-19"}, op.Versions()); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, p := range op.Parameters {
		names = append(names, p.In+" "+p.Name)
	}
	if diff := cmp.Diff([]string{"path groupId", "path userId", "query envelope", "query pretty"}, names); diff != "" {
		t.Error(diff)
	}
	body := op.Requests["2025-02-19"].Schema.Resolve()
	if body.Name != "AddOrRemoveGroupRole" || !cmp.Equal([]string{"groupRole"}, body.Required) || !op.RequestRequired {
		t.Errorf("%+v", body)
	}
	if refused := op.Answers["401"]["json"]; refused == nil || refused.Schema.Resolve().Name != "ApiError" {
		t.Error(op.Answers["401"])
	}
}

const text = `# a head
answer refused json: ref="Error"
operation get answer 200 2023-01-01: ref="A" sunset="2026-01-01"
operation get answer 200 2024-01-01: array preview
operation get answer 200 2024-01-01[]: ref="A"
operation get answer 404: like="refused"
operation get parameter id: like="id"
operation get parameter query some: array needed
operation get parameter query some[]: string enum=["a b","c"]
operation get: GET path="/x/{id}:verb" deprecated
parameter id: string needed at="path id" pattern="^[a-z]: +$"
schema A.list: array max-items=3
schema A.list[].deep: integer default=0 max=10 min=0
schema A.list[]: object required=["deep"]
schema A: by="sort" object picks={"one":"B"} required=["sort"]
schema B&a: ref="A"
schema B&b.more: open read-only
schema B&b.more{}: string write-only
schema B&b: object
schema B: object
schema Error.code: integer nullable
schema Error: object
`

// Everything that a line can say is read, at every depth.
func TestRead(t *testing.T) {
	f, err := api.Read(text, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	three, ten, zero := 3, 10.0, 0.0
	plain := cmpopts.IgnoreUnexported(api.Schema{})
	want := &api.Schema{Name: "A", Type: "object", Required: []string{"sort"}, Discriminator: &api.Discriminator{Property: "sort", Mapping: map[string]string{"one": "B"}},
		Properties: map[string]*api.Schema{"list": {Type: "array", MaxItems: &three, Items: &api.Schema{Type: "object", Required: []string{"deep"},
			Properties: map[string]*api.Schema{"deep": {Type: "integer", Default: 0.0, Minimum: &zero, Maximum: &ten}}}}}}
	if diff := cmp.Diff(want, f.Schema("A"), plain); diff != "" {
		t.Error(diff)
	}
	want = &api.Schema{Name: "B", Type: "object", AllOf: []*api.Schema{{Ref: "A"}, {Type: "object", Properties: map[string]*api.Schema{
		"more": {ReadOnly: true, Open: true, Additional: &api.Schema{Type: "string", WriteOnly: true}}}}}}
	if diff := cmp.Diff(want, f.Schema("B"), plain); diff != "" {
		t.Error(diff)
	}
	if f.Schema("A").Pick("one") != f.Schema("B") || f.Schema("B").AllOf[0].Resolve() != f.Schema("A") || f.Schema("A").Pick("two") != nil {
		t.Error("references lead elsewhere")
	}
	op := f.Operation("get")
	id := op.Parameters[0]
	if id.In != "path" || id.Name != "id" || !id.Required || id.Schema.Pattern != "^[a-z]: +$" {
		t.Errorf("%+v", id)
	}
	if some := op.Parameters[1]; !some.Required || !cmp.Equal([]any{"a b", "c"}, some.Schema.Items.Enum) {
		t.Errorf("%+v", some)
	}
	if b := op.Answers["200"]["2023-01-01"]; b.Sunset != "2026-01-01" || b.Preview || !op.Answers["200"]["2024-01-01"].Preview || !op.Deprecated {
		t.Errorf("%+v", b)
	}
	if f.Operation("put") != nil || f.Schema("C") != nil {
		t.Error("what there is not was found")
	}
}

// Corrections come over the facts, and each has to hold and to name its source.
func TestCorrections(t *testing.T) {
	f, err := api.Read(text, `
# a comment
schema A.list: array # seen
schema A.new: string # seen
- operation get parameter query some # seen
schema B&b.more{}: + nullable # seen
`)
	if err != nil {
		t.Fatal(err)
	}
	a, more := f.Schema("A"), f.Schema("B").AllOf[1].Properties["more"].Additional
	if a.Properties["list"].MaxItems != nil || a.Properties["list"].Items == nil || a.Properties["new"].Type != "string" || !more.Nullable || !more.WriteOnly || len(f.Operation("get").Parameters) != 1 {
		t.Errorf("%+v %+v", a, more)
	}
	for _, wrong := range []string{"schema A.list: array", "- schema A.gone # seen", "schema A.gone: + nullable # seen", "schema A.list # seen"} {
		if _, err := api.Read(text, wrong); err == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
	for _, broken := range []string{`schema X.y: string max={`, `schema X.y: ref="Nowhere"`, `operation x: path="/y" frob`, `operation x answer 200 2023-01-01: ref="Nowhere"`} {
		f, err := api.Read("schema X: object\n"+broken, "")
		if err == nil {
			err = f.Check()
		}
		if err == nil && !strings.HasPrefix(broken, "operation x: ") {
			t.Errorf("%s was taken", broken)
		}
	}
}

// BenchmarkLoad is what the first question costs.
func BenchmarkLoad(b *testing.B) {
	f := api.Load()
	_ = f
	for b.Loop() {
		f, err := api.Read(api.Described(), "")
		if err != nil || f.Operation("createGroupCluster") == nil || f.Schema("ClusterDescription20240805") == nil {
			b.Fatal(err)
		}
	}
}
