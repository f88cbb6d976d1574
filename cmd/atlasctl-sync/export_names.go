package main

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/atlasctl/atlasctl-sync/internal/export"
)

var (
	notInFileNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\p{L}\p{N}._-]+`) })
	// reserved are the names that Windows keeps for devices, whatever follows
	// their first dot.
	reserved = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)`) })
)

// longestName is how many bytes of a name go into a file's: systems take 255.
const longestName = 200

// cleanName returns a name that can be a file's on every system, and is not hidden.
func cleanName(name string) string {
	name = notInFileNames().ReplaceAllString(name, "_")
	for len(name) > longestName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name = strings.Trim(name, "."); name == "" || reserved().MatchString(name) {
		name = "_" + name
	}
	return name
}

// fileName returns a path that nothing else has, on systems too that take no
// notice of case.
func fileName(d *export.Document, several bool, taken map[string]bool) string {
	name := "organization"
	if d.Kind.Parent != "" {
		name = "projects/" + cleanName(d.Name)
	}
	if several {
		name = cleanName(d.Organization) + "/" + name
	}
	for n := 1; ; n++ {
		path := name + ".yaml"
		if n > 1 {
			path = fmt.Sprintf("%s-%d.yaml", name, n)
		}
		if folded := strings.ToLower(path); !taken[folded] {
			taken[folded] = true
			return path
		}
	}
}
