package main

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// few asks for a few cases, the same each time, where no number was asked for.
func few(t *testing.T, cases int) {
	t.Helper()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() != checks.DefValue {
		return
	}
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(cases), "rapid.seed": "20261124"} {
		old := flag.Lookup(name).DefValue
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, old) })
	}
}

// TestKilledWorlds: kill -9 after any number of writes, several times over, is
// followed by runs that end in the declared state.
func TestKilledWorlds(t *testing.T) {
	few(t, 12)
	kills := 0
	rapid.Check(t, func(r *rapid.T) {
		w := drawWorld(r)
		w.faults = nil
		w.before = func(r *rapid.T, c chaosClient, file string) []string {
			for i := range rapid.IntRange(1, 3).Draw(r, "kills") {
				cmd := program(t, c.env(), "apply", "-q", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner", file)
				if err := cmd.Start(); err != nil {
					r.Fatal(err)
				}
				ended := make(chan struct{})
				go func() { _ = cmd.Wait(); close(ended) }()
				after := writes(c.server) + rapid.IntRange(1, 8).Draw(r, fmt.Sprint("after", i))
				for over := false; !over && writes(c.server) < after; {
					select {
					case <-ended:
						over = true
					case <-time.After(time.Millisecond):
					}
				}
				_ = cmd.Process.Kill()
				<-ended
				kills++
				time.Sleep(20 * time.Millisecond) // what the emulator was sent it does
			}
			return nil
		}
		w.run(r, t.TempDir(), map[string]int{})
	})
	t.Logf("%d kills", kills)
}

// TestTwoRunWorlds: two runs at once, and then others, end in the declared
// state; where both made an account, that is told.
func TestTwoRunWorlds(t *testing.T) {
	few(t, 12)
	struck := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		w := drawWorld(r)
		w.faults = nil
		pause := time.Duration(rapid.IntRange(0, 60).Draw(r, "pause")) * time.Millisecond
		w.before = func(r *rapid.T, c chaosClient, file string) []string {
			said := make(chan string, 2)
			for i := range 2 {
				go func() {
					time.Sleep(time.Duration(i) * pause)
					code, out := c.sync("apply", "-q", "--auto-approve", "--max-deletes", "1000", "--allow", "last-owner", file)
					said <- fmt.Sprintf("run %d of two at once: exit code %d\n%s", i, code, out)
				}()
			}
			return []string{<-said, <-said}
		}
		w.run(r, t.TempDir(), struck)
	})
	t.Logf("%v", struck)
}
