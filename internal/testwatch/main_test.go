package main

import (
	"strings"
	"testing"
	"time"
)

// What fails is told whole, what passes in short, and that it goes on.
func TestWatch(t *testing.T) {
	in := strings.Join([]string{
		`{"Action":"run","Package":"p","Test":"A"}`,
		`{"Action":"output","Package":"p","Test":"A","Output":"chatter\n"}`,
		`{"Action":"pass","Package":"p","Test":"A"}`,
		`{"Action":"run","Package":"p","Test":"B"}`,
		`{"Action":"output","Package":"p","Test":"B","Output":"--- FAIL: B\n"}`,
		`{"Action":"fail","Package":"p","Test":"B"}`,
		`{"Action":"output","Package":"p","Output":"FAIL\tp\t1s\n"}`,
		`{"Action":"fail","Package":"p"}`,
		`{"Action":"output","Package":"q","Output":"PASS\n"}`,
		`{"Action":"output","Package":"q","Output":"ok  \tq\t1s\n"}`,
		`{"Action":"pass","Package":"q"}`,
		`not an event`,
	}, "\n")
	clock := time.Now()
	var out strings.Builder
	watch(strings.NewReader(in), &out, func() time.Time { clock = clock.Add(4 * time.Second); return clock })
	for _, want := range []string{"--- FAIL: B\n", "FAIL\tp\t1s\n", "ok  \tq\t1s\n", "not an event", "… 1 tests done, 0 failed; now p A\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "chatter") || strings.Contains(out.String(), "PASS") {
		t.Errorf("it says too much:\n%s", out.String())
	}
}
