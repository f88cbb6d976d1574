// Command extract writes the facts of the official description of the Atlas
// Administration API as text.
package main

import (
	"fmt"
	"os"

	"github.com/atlasctl/atlasctl-sync/internal/api/openapi"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: extract OPENAPI.yml")
		os.Exit(2)
	}
	text, err := openapi.Facts(os.Args[1], openapi.Generated)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Print(text)
}
