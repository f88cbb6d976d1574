package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// nearestFlag adds to an error about an unknown flag the one that may be meant.
func nearestFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var known []string
	add := func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	}
	c.Flags().VisitAll(add)
	c.InheritedFlags().VisitAll(add)
	return meaning(err, "--", unknown.GetSpecifiedName(), known)
}

// meaning adds to an error what may be meant by a wrong name.
func meaning(err error, prefix, wrong string, known []string) error {
	if near := spec.Nearest(wrong, known); near != "" {
		return fmt.Errorf("%w; did you mean %s%s?", err, prefix, near)
	}
	return err
}
