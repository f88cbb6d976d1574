package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// addTextOrJSON adds -o to a command that prints no report.
func addTextOrJSON(c *cobra.Command, output *string) {
	c.Flags().StringVarP(output, "output", "o", "text", "text or json")
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

// inEither prints for people or for scripts.
func inEither(w io.Writer, output string, text func(io.Writer) error, data func() (any, error)) error {
	switch output {
	case "text":
		return text(w)
	case "json":
		v, err := data()
		if err != nil {
			return err
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	return fmt.Errorf("-o takes text or json, not %q", output)
}
