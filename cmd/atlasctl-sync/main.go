//go:build !man

// Command atlasctl-sync keeps MongoDB Atlas organizations and projects equal
// to reviewed YAML files.
package main

import "os"

func main() {
	os.Exit(guarded(func() int { return Run(os.Args[1:], System()) }))
}
