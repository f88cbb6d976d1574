//go:build unix

package deliver

import (
	"os/exec"
	"syscall"
)

// together ends a program with all that it has started. An interrupt from the
// terminal does not reach it: it gets the time that this program gets.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
