package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLongReports: a plan of 3,000 steps fits into a comment and says what it
// left out; deletions stay whole.
func TestLongReports(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n  - {username: left@example.com, state: absent}\n  - {username: bo@example.com, roles: [ORG_READ_ONLY]}\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "  - {username: user-%d@example.com, roles: [ORG_MEMBER, ORG_READ_ONLY]}\n", i)
	}
	file := filepath.Join(dir, "many.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	reports := map[string]string{}
	args := []string{"plan", "-q", file}
	for _, format := range []string{"markdown", "junit", "github", "json"} {
		reports[format] = filepath.Join(dir, format)
		args = append(args, "--report", format+"="+reports[format])
	}
	if code, _, errs := run(t, filepath.Join(dir, "s"), args...); code != exitOK {
		t.Fatal(code, errs)
	}
	for format, path := range reports {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		reports[format] = string(data)
	}
	md := reports["markdown"]
	if n := len([]rune(md)); n > 65536 {
		t.Errorf("the comment has %d characters", n)
	}
	for _, want := range []string{"### atlasctl-sync plan: 3000 to create, 1 to update, 1 to delete", "- delete org/Acme/users/left@example.com  (",
		"+ create org/Acme/users/user-0@example.com", "The user also leaves all teams", "roles: [ORG_MEMBER] -> [ORG_READ_ONLY]", "**Shortened to fit:** "} {
		if !strings.Contains(md, want) {
			t.Errorf("the comment does not say %q:\n%.3000s", want, md)
		}
	}
	var suite struct {
		Tests int `xml:"tests,attr"`
	}
	if err := xml.Unmarshal([]byte(reports["junit"]), &suite); err != nil || suite.Tests != 3003 {
		t.Errorf("%d test cases: %v", suite.Tests, err)
	}
	if n := strings.Count(reports["github"], "\n::notice file="+file); n < 2999 {
		t.Errorf("%d annotations", n)
	}
	if !json.Valid([]byte(reports["json"])) {
		t.Error("the JSON report is not JSON")
	}
}

// TestLongDrift: what was declared absent is not the part that is left out.
func TestLongDrift(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "  - {username: a-user-%d@example.com, roles: [ORG_MEMBER]}\n", i)
	}
	text.WriteString("  - {username: left@example.com, state: absent}\n")
	file := filepath.Join(dir, "many.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	code, md, errs := run(t, filepath.Join(dir, "s"), "drift", "-o", "markdown", file)
	if code != exitDifference {
		t.Fatal(code, errs)
	}
	if n := len([]rune(md)); n > 65536 || n < 60000 {
		t.Errorf("%d characters of 65,536 are used", n)
	}
	listed := strings.Count(md, "\nmissing ")
	if !strings.Contains(md, "present      org/Acme/users/left@example.com") || !strings.Contains(md, fmt.Sprintf("**Shortened to fit:** %d missing", 3000-listed)) {
		t.Errorf("%d listed: %.400s … %s", listed, md, md[max(0, len(md)-300):])
	}
}

// TestReportTargets: a report replaces nothing that is no file, and no other
// report.
func TestReportTargets(t *testing.T) {
	dir := t.TempDir()
	same := filepath.Join(dir, "x")
	for _, args := range [][]string{
		{"--report", "json=-"}, {"--report", "json=" + same, "--report", "markdown=" + same}, {"--out", same, "--report", "json=" + dir + "/./x"}, {"--report", "text=" + same},
	} {
		if code, _, errs := run(t, dir, append([]string{"plan", slowMs}, args...)...); code != exitError || !strings.Contains(errs, "--report") {
			t.Errorf("%v: exit code %d: %s", args, code, errs)
		}
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full:", err)
	}
	for _, args := range [][]string{{"--report", "json=/dev/full"}, {"--out", "/dev/full"}} {
		if code, _, errs := run(t, dir, append([]string{"plan", slowMs}, args...)...); code != exitError || !strings.Contains(errs, "no space left on device") {
			t.Errorf("%v: exit code %d: %s", args, code, errs)
		}
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode().IsRegular() {
		t.Fatal("the device was replaced", err)
	}
}

// TestLongLists: who goes is always named, however long the list.
func TestLongLists(t *testing.T) {
	dir := t.TempDir()
	world := func(who string) string {
		text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n"
		var names []string
		for _, set := range []string{"a", "b"} {
			for i := range 9 {
				text += fmt.Sprintf("  - {username: %s%d-with-a-long-name@example.com, roles: [ORG_MEMBER]}\n", set, i)
				if set == who {
					names = append(names, fmt.Sprintf("%s%d-with-a-long-name@example.com", set, i))
				}
			}
		}
		return text + "teams: [{name: t, members: [" + strings.Join(names, ", ") + "]}]\n"
	}
	file := filepath.Join(dir, "acme.yaml")
	for _, who := range []string{"a", "b"} {
		if err := os.WriteFile(file, []byte(world(who)), 0o600); err != nil {
			t.Fatal(err)
		}
		if who == "a" {
			if code, _, errs := run(t, dir+"/s", "apply", "--auto-approve", "-q", file); code != exitOK {
				t.Fatal(errs)
			}
		}
	}
	_, plan, _ := run(t, dir+"/s", "plan", file)
	_, drift, _ := run(t, dir+"/s", "drift", file)
	for i := range 9 {
		if want := fmt.Sprintf("      - a%d-with-a-long-name@example.com", i); !strings.Contains(plan, want) || !strings.Contains(drift, want) {
			t.Errorf("%q is not told:\n%s\n%s", want, plan, drift)
		}
	}
}

// TestHostileNames: what Atlas or a file calls something ends no code block,
// starts no workflow command and mentions nobody.
func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "hostile.yaml")
	text := "apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nteams:\n  - {name: \"```` @everyone\\n::error::pwned <script>\", members: []}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, filepath.Join(dir, "s"), "plan", "-o", "github", "--report", "markdown="+filepath.Join(dir, "md"), file)
	if code != exitOK {
		t.Fatal(code, errs)
	}
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "::error") {
			t.Error("a name became a command:", out)
		}
	}
	md, err := os.ReadFile(filepath.Join(dir, "md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(md), "`````diff") {
		t.Errorf("a name can end the code block:\n%s", md)
	}
}
