package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// refuseEmpty refuses flags and arguments that are given and empty, as a shell
// variable that is not set leaves them: --sandbox="$DIR" must not mean the real
// Atlas, nor --out "$FILE" that no plan is saved.
func refuseEmpty(cmd *cobra.Command, args []string) error {
	if strings.HasPrefix(cmd.Name(), cobra.ShellCompRequestCmd) {
		return nil // a shell asks what could stand there
	}
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if err == nil && (len(values) == 0 || slices.Contains(values, "")) {
			err = fmt.Errorf("--%s is empty: give it a value or leave it out", f.Name)
		}
	})
	if err == nil && slices.Contains(args, "") {
		err = fmt.Errorf("an argument is empty: a variable that is not set, perhaps")
	}
	return err
}
