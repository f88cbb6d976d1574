package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/spec"
)

func newGet(env *Environment) *cobra.Command {
	o := &options{env: env, parallelism: 1, output: "text"}
	c := o.command("get ADDRESS [FIELD]", "Print one live object, or one of its values, for scripts",
		`get asks Atlas for a resource that the files declare, and prints it as YAML, or one
of its values: its id, what Atlas gives (a connection string, a service name), or
any field by its path, elements in brackets as plans have them:
get org/Acme/teams/platform id. A text or a number is printed as it is, the rest
as YAML. It sends nothing but GET requests, and prints nothing that is sensitive.

Exit codes: 0 printed, 1 there is no such object or value, or another error,
6 a declared file is at fault.`,
		func(cmd *cobra.Command, args []string) error {
			return o.session(cmd.Context(), "get", func(s *session) error { return s.get(spec.Address(args[0]), args[1:]) })
		})
	c.Args = cobra.RangeArgs(1, 2)
	o.addFiles(c.Flags())
	addTextOrJSON(c, &o.asked)
	c.Flags().CountVarP(&o.verbose, "verbose", "v", "log each request to standard error")
	o.addConnection(c.Flags())
	c.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		switch len(args) {
		case 0:
			return o.completeAddresses(cmd, nil, begun)
		case 1:
			return o.completeFields(args[0])
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

// completeFields completes the paths of what can be asked of a declared resource.
func (o *options) completeFields(address string) ([]string, cobra.ShellCompDirective) {
	state, _ := spec.Load(o.env.catalog(), o.paths(nil), strings.NewReader("")) // what is wrong with it completes nothing
	r := (&session{state: state}).declared(spec.Address(address))
	if r == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := []string{idName(r.Kind)}
	var add func(fields []spec.Field, prefix string)
	add = func(fields []spec.Field, prefix string) {
		for i := range fields {
			f := &fields[i]
			if !f.Local && !f.Sensitive {
				names = append(names, prefix+f.Name)
			}
			if f.Type == spec.Object {
				add(f.Fields, prefix+f.Name+".")
			}
		}
	}
	add(r.Kind.Fields, "")
	return names, cobra.ShellCompDirectiveNoFileComp
}

func idName(k *spec.Kind) string {
	if k.Ident != "" {
		return k.Ident
	}
	return "id"
}

// get prints what is live of a declared resource, or one value of it.
func (s *session) get(a spec.Address, path []string) error {
	if err := s.load(nil); err != nil {
		return err
	}
	var tokens []string
	if len(path) > 0 {
		tokens = spec.SplitPath(path[0])
		if r := s.declared(a); r != nil { // else find says so
			if err := knows(r.Kind, tokens); err != nil {
				return err
			}
		}
	}
	f, err := s.find(a)
	if err != nil {
		return err
	}
	if len(tokens) == 0 {
		return s.printLive(f)
	}
	field, v, err := f.value(tokens)
	if err != nil {
		return err
	}
	err = inEither(s.out, s.asked, func(w io.Writer) error {
		data, err := export.LiveValue(field, v)
		if isTerminal(s.env.Stdout) && len(data) > 0 { // a name must not steer it
			data = []byte(report.Clean(string(data[:len(data)-1])) + "\n")
		}
		_, _ = w.Write(data) // out remembers a failure
		return err
	}, func() (any, error) {
		return map[string]any{"formatVersion": report.FormatVersion, "address": f.Address, "kind": f.Kind.Name, "source": f.at,
			"path": spec.JoinPath(tokens), "value": export.Plain(field, v)}, nil
	})
	if err != nil {
		return err
	}
	return s.finish(exitOK)
}

// knows tells what is wrong with a path, whatever is live.
func knows(k *spec.Kind, tokens []string) error {
	fields, at := k.Fields, k.Name
	var f *spec.Field
	for i, t := range tokens {
		switch {
		case i == 0 && len(tokens) == 1 && t == idName(k):
			return nil
		case strings.HasPrefix(t, "["):
			if f == nil || !slices.Contains([]spec.Type{spec.Set, spec.List, spec.Document}, f.Type) {
				return fmt.Errorf("%s has no elements", at)
			}
		case f != nil && (f.Type == spec.Map || f.Type == spec.Document):
			return nil // what is below is no field
		default:
			var known []string
			for j := range fields {
				known = append(known, fields[j].Name)
			}
			if i == 0 {
				known = append(known, idName(k))
			}
			j := slices.Index(known, t)
			if j < 0 || j >= len(fields) {
				return meaning(fmt.Errorf("%s has no field %s", at, t), "", t, known)
			}
			f = &fields[j]
			fields = f.Fields
		}
		at = k.Name + "." + spec.JoinPath(tokens[:i+1])
		if f != nil && f.Sensitive {
			return fmt.Errorf("%s is sensitive, and is never printed", at)
		}
	}
	return nil
}

// value returns the value at a path, and its field.
func (f *found) value(tokens []string) (*spec.Field, any, error) {
	path := spec.JoinPath(tokens)
	field := spec.FieldAt(f.Kind.Fields, tokens)
	if id := spec.TextAt(f.object.Raw, f.Kind.IDAt()); field == nil && id != "" {
		return &spec.Field{Type: spec.String}, id, nil
	}
	v, ok := spec.ValueAt(f.Kind.Fields, f.values, tokens)
	text, isText := v.(string)
	switch {
	case !ok || v == nil || isText && text == "":
		return nil, nil, fmt.Errorf("%s has no %s in Atlas%s", f.Address, path, f.beside(tokens))
	case isText && spec.IsMask(text):
		return nil, nil, fmt.Errorf("%s: Atlas shows only a mask of %s", f.Address, path)
	}
	return field, v, nil
}

// beside lists the elements that are there where a path names one that is not.
func (f *found) beside(tokens []string) string {
	for i, t := range tokens {
		if !strings.HasPrefix(t, "[") {
			continue
		}
		if _, ok := spec.ValueAt(f.Kind.Fields, f.values, tokens[:i+1]); ok {
			continue
		}
		field := spec.FieldAt(f.Kind.Fields, tokens[:i])
		v, _ := spec.ValueAt(f.Kind.Fields, f.values, tokens[:i])
		list, _ := v.([]any)
		var there []string
		for i, e := range list {
			there = append(there, field.Element(e, i))
		}
		return fmt.Sprintf("; it has %s", orNone(strings.Join(there, ", ")))
	}
	return ""
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
