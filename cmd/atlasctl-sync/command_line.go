package main

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// typedLine spells the command line for a report: the command, the flags that
// were given, and the paths. Of a web address it tells only where it leads:
// what follows, or stands before it, may be a token.
func typedLine(cmd *cobra.Command, args []string) string {
	words := []string{cmd.CommandPath()}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			words = append(words, "--"+f.Name+given(f, v))
		}
	})
	for _, a := range args {
		words = append(words, quotedWord(withoutToken(a)))
	}
	return strings.Join(words, " ")
}

// given is the value of a flag, unless it is the one that the flag alone has.
func given(f *pflag.Flag, value string) string {
	if value == f.NoOptDefVal {
		return ""
	}
	return "=" + quotedWord(withoutToken(value))
}

// withoutToken shortens a web address to its scheme and host.
func withoutToken(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "(a web address)"
	}
	short := u.Scheme + "://" + u.Host
	if short != strings.TrimSuffix(s, "/") {
		short += "/…"
	}
	return short
}

// quotedWord quotes what a shell would take apart.
func quotedWord(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\n\"'`$&|;<>()*?[]{}#~!\\") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
