//go:build man

// With the tag man, the package is another program: it writes the manual pages, section
// 1, of all commands into a directory. What makes them is then not in the released one.
//
//	go run -tags man ./cmd/atlasctl-sync DIR
//
// SOURCE_DATE_EPOCH (seconds since 1970) is the date on the pages; else it is today's.
package main

import (
	"log"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("say which directory the manual pages go to")
	}
	if err := writeMan(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func writeMan(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	env := System()
	root := newRoot(&env, false)
	root.DisableAutoGenTag = true // it would name the day of the build
	markdown(root)
	header := &doc.GenManHeader{Section: "1", Source: "atlasctl-sync " + version(), Manual: "atlasctl-sync"}
	return doc.GenManTree(root, header, dir)
}

// markdown makes the texts of the commands what the library takes them for: Markdown,
// in which an indented line stays a line of its own.
func markdown(c *cobra.Command) {
	escape := strings.NewReplacer("*", `\*`, "<", `\<`, "[", `\[`)
	lines := strings.Split(c.Long, "\n")
	code := false
	for i, line := range lines {
		indented := strings.HasPrefix(line, "  ")
		switch {
		case indented && !code:
			lines[i] = "\n    " + line
		case indented:
			lines[i] = "    " + line
		case code:
			lines[i] = "\n" + escape.Replace(line)
		default:
			lines[i] = escape.Replace(line)
		}
		code = indented
	}
	c.Long = strings.Join(lines, "\n")
	for _, below := range c.Commands() {
		if below.Name() != "completion" { // the library's own texts are Markdown
			markdown(below)
		}
	}
}
