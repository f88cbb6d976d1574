package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// sandboxFlags are the flags of the sandbox command.
type sandboxFlags struct {
	listen, dir, seed string
	latency, pace     time.Duration
	faults, limits    []string
	verbose           bool
}

func newSandbox(env *Environment) *cobra.Command {
	var f sandboxFlags
	c := &cobra.Command{Use: "sandbox", Short: "Serve an Atlas emulator on this machine, for trials and tests", Args: cobra.NoArgs,
		Long: `sandbox serves an emulator of the Atlas Administration API on loopback until it
is interrupted. It first prints lines for a shell to read: the address and the
credentials that it accepts.

  atlasctl-sync sandbox --data /tmp/atlas > sandbox.env &
  . ./sandbox.env
  atlasctl-sync plan -f atlas/

` + sandbox.FaultGrammar + "\n\n" + sandbox.RateLimitGrammar,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd, env) }}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.listen, "listen", "127.0.0.1:0", "address on this machine; port 0 takes a free one")
	flags.StringVar(&f.dir, "data", "", "directory to keep the state in (default: memory)")
	flags.StringVar(&f.seed, "seed", "", "YAML file with the world to start with (default: a small organization)")
	flags.DurationVar(&f.latency, "latency", 0, "time to wait before each answer")
	flags.DurationVar(&f.pace, "pace", 0, "how long Atlas works on what takes time (default: until it was read once, 200ms at most)")
	flags.StringArrayVar(&f.faults, "fault", nil, "a rule by which requests fail; repeatable")
	flags.StringArrayVar(&f.limits, "rate-limit", nil, "a rate limit, for all sets of endpoints or one; repeatable")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "log each request to standard error")
	return c
}

func (f *sandboxFlags) serve(cmd *cobra.Command, env *Environment) error {
	o := sandbox.Options{Dir: f.dir, Latency: f.latency, Pace: f.pace, Faults: f.faults, RateLimit: f.limits, Tap: env.Tap}
	if f.seed != "" {
		var err error
		if o.Seed, err = os.ReadFile(f.seed); err != nil {
			return err
		}
	}
	if f.verbose {
		o.Log = env.Stderr
	}
	server, url, stop, err := sandbox.Serve(f.listen, o)
	if err != nil {
		return err
	}
	defer stop()
	c := server.Credentials()
	for _, line := range [][2]string{
		{"BASE_URL", url},
		{"CLIENT_ID", c.ClientID}, {"CLIENT_SECRET", c.ClientSecret},
		{"PUBLIC_API_KEY", c.PublicKey}, {"PRIVATE_API_KEY", c.PrivateKey},
	} {
		if _, err := fmt.Fprintf(env.Stdout, "export MONGODB_ATLAS_%s=%s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	<-cmd.Context().Done()
	return nil
}
