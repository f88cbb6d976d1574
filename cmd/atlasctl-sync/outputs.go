package main

import (
	"fmt"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// An output is a file that the command line asks to be written.
type output struct{ flag, file string }

func (o *options) outputs(command string) []output {
	var all []output
	if o.out != "" && command != "export" { // there it is a directory
		all = append(all, output{"--out", o.out})
	}
	if o.receipt != "" {
		all = append(all, output{"--receipt", o.receipt})
	}
	if o.notifyState != "" {
		all = append(all, output{"--notify-state", o.notifyState})
	}
	for _, r := range o.reports {
		_, file, _ := strings.Cut(r, "=")
		all = append(all, output{"--report", file})
	}
	return all
}

// spare refuses to write over what the run reads, under whatever name.
func (s *session) spare(paths []string) error {
	read, _ := spec.Find(paths) // what is wrong with the paths is told when they are read
	if s.accept != "" {
		read = append(read, s.accept)
	}
	return s.notOver(read, readHere)
}

// spareDelivered refuses to write over the files that secrets are delivered to.
func (s *session) spareDelivered() error {
	var files []string
	s.state.Resources(func(r *spec.Resource) {
		if rule, ok := r.Rule(); ok && rule.File != "" {
			files = append(files, rule.Files()...)
		}
	})
	return s.notOver(files, "where a secret is delivered")
}

// readHere is why an input is spared.
const readHere = "which this run reads"

// notOver refuses outputs that are one of some files. The reports are dropped:
// they would be written even so, to tell of the error.
func (s *session) notOver(files []string, what string) error {
	for _, out := range s.outputs(s.command) {
		for _, f := range files {
			if f != "-" && spec.SameFile(out.file, f) {
				s.reports = nil
				return fmt.Errorf("%s %s would overwrite %s, %s", out.flag, out.file, f, what)
			}
		}
	}
	return nil
}
