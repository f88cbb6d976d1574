package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/files"
	"github.com/atlasctl/atlasctl-sync/internal/format"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newFormat(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1, output: "text"}
	var check bool
	c := o.command("fmt [PATH...]", "Lay files out in one way",
		`fmt rewrites files with two spaces of indentation and the members of every
resource in the order of its kind, and prints the names of those it changed.
Comments and blank lines stay (several become one), line ends become LF, and a
file that would say something else is left alone, as is the order of members
where an anchor or a comment below one stands in the way. With - it reads standard input and writes standard output.

Exit codes: 0 done, 1 error, 2 with --check if a file is not laid out so, 6 a
file is no YAML.`,
		func(cmd *cobra.Command, args []string) error {
			return o.session(cmd.Context(), "fmt", func(s *session) error { return s.format(args, check) })
		})
	o.addFiles(c.Flags())
	c.Flags().BoolVar(&check, "check", false, "change nothing; exit 2 if there is something to change")
	return c
}

func (s *session) format(args []string, check bool) error {
	paths := s.paths(args)
	if len(paths) == 1 && paths[0] == "-" {
		data, err := io.ReadAll(s.env.Stdin)
		if err != nil {
			return err
		}
		out, err := format.File(s.env.catalog(), data)
		if err != nil {
			s.unformatted("standard input", data, err)
			return s.finish(exitFile)
		}
		if !check {
			_, _ = s.out.Write(out) // out remembers a failure
		} else if !bytes.Equal(data, out) {
			return s.finish(exitDifference)
		}
		return s.finish(exitOK)
	}
	found, diags := spec.Find(paths)
	if diags.HasErrors() {
		s.diags = diags
		return s.finish(exitFile)
	}
	differs, code := false, exitOK
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		out, err := format.File(s.env.catalog(), data)
		switch {
		case err != nil:
			s.unformatted(file, data, err)
			code = exitFile
		case bytes.Equal(data, out):
		default:
			differs = true
			fmt.Fprintln(s.out, file)
			if check {
				continue
			}
			if err := files.Write(file, out, 0o644); err != nil {
				return err
			}
		}
	}
	if check && differs {
		code = worse(code, exitDifference)
	}
	return s.finish(code)
}

// unformatted says why a file was left alone. What is no YAML is shown as
// validate shows it: the library's own words may hold a secret.
func (s *session) unformatted(name string, data []byte, err error) {
	if broken := spec.Syntax(s.env.catalog(), spec.File{Name: name, Text: string(data)}); len(broken) > 0 {
		s.diags = append(s.diags, broken...)
		return
	}
	s.errs = append(s.errs, fmt.Errorf("%s: %w", name, err))
}
