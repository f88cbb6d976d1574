package files_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/files"
)

// A link stays a link, a pipe gets what is written, and what only its owner
// may read stays so.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	if err := files.Write(link, []byte("new"), files.Private); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(target)
	if err != nil || string(data) != "new" {
		t.Errorf("the target holds %q: %v", data, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is none any more: %v %v", info, err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode() != files.Private {
		t.Errorf("mode %v: %v", info.Mode(), err)
	}

	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	got := make(chan string)
	go func() {
		in, err := os.Open(pipe)
		if err != nil {
			got <- err.Error()
			return
		}
		defer in.Close()
		data, _ := io.ReadAll(in)
		got <- string(data)
	}()
	if err := files.Write(pipe, []byte("through"), 0o644); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "through" {
		t.Errorf("the pipe got %q", text)
	}
	if err := files.Write(dir, []byte("x"), 0o644); err == nil {
		t.Error("a directory was written to")
	}
	if err := files.Write(filepath.Join(dir, "no", "x"), []byte("x"), 0o644); err == nil {
		t.Error("a file in no directory was written")
	}
}
