package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/planfile"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// TestVersionsPage: the page on versions says which versions this program
// reads and writes.
func TestVersionsPage(t *testing.T) {
	data, err := os.ReadFile("../../docs/versions.md")
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{"declared files": "`" + spec.APIVersion + "`", "JSON output": "`\"" + report.FormatVersion + "\"`",
		"saved plans": "`\"" + planfile.FormatVersion + "\"`", "exit codes": "[eight]"} {
		row := regexp.MustCompile(`(?m)^\| ` + what + `[^|]*\| ([^|]*) \|`).FindStringSubmatch(string(data))
		if row == nil || !strings.HasPrefix(row[1], want) {
			t.Errorf("%s: %q, want %s", what, row, want)
		}
	}
	if len(documented) != 8 {
		t.Errorf("there are %d exit codes", len(documented))
	}
}

// TestChangelog: the changelog has the form that readers and tools know.
func TestChangelog(t *testing.T) {
	data, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	heads := regexp.MustCompile(`(?m)^##+ .*$`).FindAllString(string(data), -1)
	if len(heads) == 0 || heads[0] != "## [Unreleased]" {
		t.Fatalf("it does not begin with what is unreleased: %q", heads)
	}
	form := regexp.MustCompile(`^(## \[Unreleased\]|## \[\d+\.\d+\.\d+(-[0-9a-z.]+)?\] - \d{4}-\d\d-\d\d|### (Added|Changed|Deprecated|Removed|Fixed|Security))$`)
	for _, head := range heads {
		if !form.MatchString(head) {
			t.Errorf("%q is no heading of Keep a Changelog", head)
		}
	}
}
