package deliver

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

const (
	// commandTime is how long a program may take to accept a secret.
	commandTime = 5 * time.Minute
	// leftBehind is how long what a program leaves behind is waited for.
	leftBehind = 2 * time.Second
)

// run gives a secret to a program. Nothing that the program prints is shown: it
// might hold the secret, in whatever coding.
func run(ctx context.Context, argv []string, data []byte) error {
	ctx, cancel := context.WithTimeoutCause(ctx, commandTime, fmt.Errorf("it took longer than %s", commandTime))
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = bytes.NewReader(data)
	cmd.Env = slices.DeleteFunc(os.Environ(), isOurs)
	cmd.WaitDelay = leftBehind
	together(cmd)
	err := cmd.Run()
	if err == nil || cmd.ProcessState != nil && cmd.ProcessState.Success() {
		return nil // a child that it left behind may hold what it was given open
	}
	if cause := context.Cause(ctx); cause != nil {
		err = fmt.Errorf("it was stopped: %w", cause)
	}
	return fmt.Errorf("command %s: %w (what it printed is not shown, it could hold the secret: try the command by hand)", argv[0], err)
}

// isOurs tells the variables that hold this tool's own credentials and keys.
func isOurs(variable string) bool {
	return slices.ContainsFunc([]string{"MONGODB_ATLAS_", "ATLASCTL_SYNC_", "MCLI_"}, func(p string) bool {
		return strings.HasPrefix(strings.ToUpper(variable), p)
	})
}
