package files

import (
	"io/fs"
	"os"
)

// replace overwrites a file: Windows cannot rename over one safely.
func replace(path string, data []byte, mode fs.FileMode) error {
	return os.WriteFile(path, data, mode)
}
