// Package ci holds the recipes that run the program elsewhere, as init writes them.
package ci

import "embed"

// Recipes are the files of each recipe, in a directory of its name.
//
//go:embed all:cron all:github all:gitlab all:kubernetes
var Recipes embed.FS
