// Command generate writes the pages of the reference of the kinds into a
// directory, with the examples of another, or of the words of definitions: make generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/reference"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: generate EXAMPLES PAGES, or generate words SPEC")
		os.Exit(2)
	}
	if os.Args[1] == "words" {
		text, err := reference.Words(os.Args[2])
		if err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
		_, _ = os.Stdout.Write(text) // make notices a short file
		return
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func write(examples, dir string) error {
	pages, err := reference.Pages(kinds.Catalog(), func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(examples, name))
	})
	if err != nil {
		return err
	}
	for _, p := range pages {
		if err := os.WriteFile(filepath.Join(dir, p.Name), p.Text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
