package main

import (
	"io"
	"strings"
	"testing"
)

// TestTypedLine: a report tells what was typed, so that it can be typed again,
// and nothing that may be a token.
func TestTypedLine(t *testing.T) {
	for typed, want := range map[string]string{
		"plan":                                       "atlasctl-sync plan",
		"plan a.yaml -f b.yaml -f c.yaml -qv":        "atlasctl-sync plan --file=b.yaml --file=c.yaml --quiet --verbose=1 a.yaml",
		"diff --project a\u00a0b":                    "atlasctl-sync plan --project=a\u00a0b",
		"plan --kind Team,User":                      "atlasctl-sync plan --kind=Team,User",
		"plan --sandbox --allow last-owner":          "atlasctl-sync plan --sandbox --allow=last-owner",
		"plan --target project/it's":                 `atlasctl-sync plan --target='project/it'\''s'`,
		"plan --base-url https://u:sentinel@h.org/x": "atlasctl-sync plan --base-url=https://h.org/…",
		"plan --base-url http://127.0.0.1:80/":       "atlasctl-sync plan --base-url=http://127.0.0.1:80",
		"drift --notify https://h.org/T/sentinel":    "atlasctl-sync drift --notify=https://h.org/…",
		"drift --notify https://h.org?t=sentinel":    "atlasctl-sync drift --notify=https://h.org/…",
		"drift --notify ://sentinel":                 "atlasctl-sync drift --notify='(a web address)'",
		"plan https://x:sentinel@h.org":              "atlasctl-sync plan https://h.org/…",
	} {
		env := Environment{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}
		cmd, args, err := newRoot(&env, false).Find(strings.Split(typed, " "))
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.ParseFlags(args); err != nil {
			t.Fatal(typed, err)
		}
		if got := typedLine(cmd, cmd.Flags().Args()); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", typed, got, want)
		}
	}
}
