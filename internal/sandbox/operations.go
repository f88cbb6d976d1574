package sandbox

import (
	"cmp"
	"fmt"
	"slices"
)

// Operations lists what the emulator speaks, one "METHOD /path" a line, by path.
func Operations() []string {
	var operations []operation
	for _, p := range apiParts() {
		operations = append(operations, p.operations...)
	}
	slices.SortFunc(operations, func(a, b operation) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
	})
	var lines []string
	for _, o := range operations {
		lines = append(lines, fmt.Sprintf("%-6s %s", o.method, o.path))
	}
	return lines
}
