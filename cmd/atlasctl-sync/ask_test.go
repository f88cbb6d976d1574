package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestChosen: numbers and names, several of them, an organization with its projects.
func TestChosen(t *testing.T) {
	choices := []choice{
		{name: "Acme", id: "o1"}, {name: "Big Corp", id: "o2"},
		{name: "payments", id: "p1", within: "o1"}, {name: "shop", id: "p2", within: "o1"}, {name: "payments", id: "p3", within: "o2"},
	}
	for answer, want := range map[string]string{
		"1":             "o1 p1 p2",
		"1,5":           "o1 p1 p2 p3",
		"1 5":           "o1 p1 p2 p3",
		"3":             "p1",
		"payments":      "p1 p3",
		"Big Corp, 4":   "o2 p2 p3",
		"shop payments": "p1 p2 p3",
	} {
		only, wrong := chosen(choices, answer)
		if got := strings.Join(slices.Sorted(maps.Keys(only)), " "); got != want || wrong != "" {
			t.Errorf("%s: got %q (wrong %q), want %q", answer, got, wrong, want)
		}
	}
	for answer, want := range map[string]string{"6": "6", "1, nobody": "nobody", "Big 1": "Big", ",": ","} {
		if only, wrong := chosen(choices, answer); only != nil || wrong != want {
			t.Errorf("%s: got %v, wrong %q, want %q", answer, only, wrong, want)
		}
	}
}
