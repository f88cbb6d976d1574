package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/api/openapi"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
)

// extracted is the first line of facts that a user has taken out of a description.
const extracted = "Written by atlasctl-sync api extract, for --api."

func newAPI(env *Environment) *cobra.Command {
	c := &cobra.Command{Use: "api", Short: "Work with MongoDB's description of the API",
		Long: `api takes the facts of the Atlas Administration API out of its official description
(openapi/.raw/v2.yaml of github.com/mongodb/openapi), for kinds that this version
does not have.`}
	c.AddCommand(
		&cobra.Command{Use: "extract OPENAPI", Short: "Print the facts of a description, for --api", Args: cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				text, err := openapi.Facts(args[0], extracted)
				if err != nil {
					return err
				}
				_, err = fmt.Fprint(env.Stdout, text)
				return err
			}},
		&cobra.Command{Use: "news OPENAPI | news FACTS", Short: "Tell what a newer description says otherwise", Args: cobra.ExactArgs(1),
			Long: `news compares a description, or the facts of one, with those of this version: which
operations come and go, and of what the kinds use newer versions, the days on which
versions end, fields and values.`,
			RunE: func(_ *cobra.Command, args []string) error {
				text, err := factsOf(args[0])
				if err != nil {
					return err
				}
				newer, err := api.Read(text, "")
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
				old, err := api.Read(api.Described(), "")
				if err != nil {
					return err
				}
				news := api.News(old, newer, kinds.Uses(api.Load(), env.catalog()))
				for _, line := range news {
					fmt.Fprintln(env.Stdout, line)
				}
				if len(news) == 0 {
					fmt.Fprintln(env.Stdout, "Nothing new.")
				}
				return nil
			}})
	return c
}

// factsOf reads facts, or takes them out of a description.
func factsOf(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(string(text), "#") {
		return string(text), nil
	}
	return openapi.Facts(path, extracted)
}
