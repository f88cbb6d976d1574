package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newMan returns the command that packages are made with; it is of no use to others,
// so the help does not show it.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a directory",
		Long: `man writes the manual pages of all commands, section 1, into a directory, which it
makes where it is not there. SOURCE_DATE_EPOCH (seconds since 1970) is the date on the
pages; without it they show today's.`,
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			header := &doc.GenManHeader{Section: "1", Source: "atlasctl-sync " + version(), Manual: "atlasctl-sync"}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			root := c.Root()
			root.DisableAutoGenTag = true // it would name the day of the build
			markdown(root)
			return doc.GenManTree(root, header, args[0])
		},
	}
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
