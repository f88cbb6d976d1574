package atlas

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func decoded(t *testing.T, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// What is shared is what was read.
func TestSharedIsTheSame(t *testing.T) {
	p := &pool{}
	for _, text := range []string{`{"a":["x","x",{"b":null,"x":1.5}],"":"","c":{}}`, `[]`, `"x"`, `null`, `5`, `["` + strings.Repeat("y", 2*longest) + `"]`} {
		if got, want := p.share(decoded(t, text)), decoded(t, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Many answers with the same people in them take far less than their text does.
func TestSharedTakesLess(t *testing.T) {
	var answer strings.Builder
	for i := range 200 {
		fmt.Fprintf(&answer, `,{"id":"%024d","username":"somebody.with.a.name.%d@example.com","orgMembershipStatus":"ACTIVE","roles":["GROUP_READ_ONLY"],"createdAt":"2026-01-01T00:00:%02dZ"}`, i, i, i%60)
	}
	text := "[" + answer.String()[1:] + "]"
	held := func(keep func(any) any) uint64 {
		var before, after runtime.MemStats
		all := make([]any, 0, 50)
		runtime.GC()
		runtime.ReadMemStats(&before)
		for range 50 {
			all = append(all, keep(decoded(t, text)))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(all)
		return after.HeapAlloc - before.HeapAlloc
	}
	p := &pool{}
	plain, shared := held(func(v any) any { return v }), held(p.share)
	if shared > plain*3/4 {
		t.Errorf("%d bytes, %d as they come", shared, plain)
	}
	t.Logf("%d bytes, %d as they come", shared, plain)
}
