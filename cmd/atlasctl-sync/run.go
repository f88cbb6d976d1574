package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasctl/atlasctl-sync/internal/api"
	"github.com/atlasctl/atlasctl-sync/internal/kinds"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// The exit codes, the same in every output format.
const (
	exitOK          = 0
	exitError       = 1
	exitDifference  = 2
	exitPartial     = 3
	exitStale       = 4
	exitRefused     = 5
	exitFile        = 6
	exitInterrupted = 130
)

// An Environment is what the program gets from outside.
type Environment struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	// RetryWait is the pause before the first retry; 0: the default.
	RetryWait time.Duration
	// Pace scales the pauses of an apply that waits for Atlas; 0: the default.
	Pace float64
	// Tap sees the exchanges of an emulator that runs in this process.
	Tap func(sandbox.Exchange)
	// Now tells the time by which files end access, rotate and exempt; nil: the
	// system's.
	Now func() time.Time
	// Catalog are the kinds that files are read and Atlas is kept by; nil: all
	// that there are.
	Catalog *spec.Catalog

	screen *screen

	facts       *api.Facts  // of a newer description; nil: those of this version
	definitions []spec.File // the files that describe kinds of the user's
}

func (env *Environment) catalog() *spec.Catalog {
	if env.Catalog != nil {
		return env.Catalog
	}
	return kinds.Catalog()
}

func (env *Environment) now() time.Time {
	if env.Now != nil {
		return env.Now()
	}
	return time.Now()
}

// System returns the environment of the process.
func System() Environment {
	return Environment{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv}
}

// An exit carries the exit code that an error, or its absence, ends in. What
// is to be said of it has been said already.
type exit struct{ code int }

func (e exit) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// Run runs the program and returns its exit code.
func Run(args []string, env Environment) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	env.screen = new(screen)
	defer onInterrupt(cancel, env)()
	signal.Ignore(syscall.SIGPIPE) // a reader that goes away must not end an apply half way
	root := newRoot(&env, slices.Contains(args, "sync"))
	if err := oneDash(root, args); err != nil {
		return refuse(root, args, env, err)
	}
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var e exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.code
	case ctx.Err() != nil:
		fmt.Fprintln(env.Stderr, "interrupted")
		return exitInterrupted
	case errors.Is(err, syscall.EPIPE): // a reader that has seen enough needs no explanation
		return exitError
	}
	return refuse(root, args, env, err)
}

// refuse tells what is wrong with a command line, in the format that it asks
// for, and returns the exit code.
func refuse(root *cobra.Command, args []string, env Environment, err error) int {
	fmt.Fprintf(env.Stderr, "error: %v\n", err)
	asked := "\x00" + strings.Join(args, "\x00") + "\x00"
	command, _, findErr := root.Find(args)
	if findErr == nil && command.Flags().Lookup("report") != nil && jsonAsked.MatchString(asked) {
		d := report.NewDocument(command.Name(), nil)
		d.Errors = []string{err.Error()}
		_ = d.Write(env.Stdout) // the exit code is that of an error already
	}
	return exitError
}

// jsonAsked finds -o json in arguments that end in a zero byte each, in every
// spelling: -ojson, -o=json, and behind flags that take no value, -qo json.
var jsonAsked = regexp.MustCompile(`\x00(-[qv]*o[=\x00]?|--output[=\x00])json\x00`)

// onInterrupt cancels at the first signal and ends the program at the second.
func onInterrupt(cancel func(), env Environment) (stop func()) {
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup asks
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			case sig := <-signals:
				if sig == os.Interrupt && env.screen.isLent() {
					n--
					continue
				}
			}
			if n > 0 {
				for _, step := range env.screen.underWay() {
					fmt.Fprintf(env.Stderr, "given up under way, done or not: %s\n", step)
				}
				os.Exit(exitInterrupted)
			}
			env.screen.clear()
			fmt.Fprintln(env.Stderr, "interrupted: finishing what is in flight; once more to stop at once")
			cancel()
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}

// newRoot returns the command with those below it; plugin adds them once more
// as a plugin spells them, which every start would pay for.
func newRoot(env *Environment, plugin bool) *cobra.Command {
	root := &cobra.Command{
		Use:   "atlasctl-sync",
		Short: "Keep MongoDB Atlas equal to reviewed YAML files",
		Long: `atlasctl-sync keeps MongoDB Atlas organizations and projects equal to YAML files.

It reads the files, reads Atlas, prints an ordered plan, applies exactly that
plan, reads back what it wrote, and tells what has drifted. There is no state
file: the files and Atlas are all there is.

Credentials come from the environment: MONGODB_ATLAS_CLIENT_ID and
MONGODB_ATLAS_CLIENT_SECRET (a service account), or MONGODB_ATLAS_PUBLIC_API_KEY
and MONGODB_ATLAS_PRIVATE_API_KEY. --sandbox needs none.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if asked, _ := cmd.Flags().GetBool("version"); asked {
			return printVersion(env, "text")
		}
		return cmd.Help()
	}
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	commands := func() []*cobra.Command {
		return []*cobra.Command{newValidate(env), newPlan(env), newApply(env), newRebuild(env), newUndo(env), newHistory(env), newDrift(env), newCoverage(env), newMerge(env), newAdopt(env), newInit(env), newExport(env), newShow(env), newGet(env), newAccess(env), newKinds(env), newExplain(env), newSchema(env),
			newFormat(env), newGraph(env), newDoctor(env), newAPI(env), newVersion(env), newSandbox(env)}
	}
	// "sync plan" is "plan": so it runs as a plugin of other command lines.
	if plugin {
		sync := &cobra.Command{Use: "sync", Short: "The same commands, as a plugin spells them", Hidden: true}
		sync.AddCommand(commands()...)
		root.AddCommand(sync)
	}
	root.AddCommand(commands()...)
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args = cobra.NoArgs // a shell that it does not know is an error
		completion.RunE = func(*cobra.Command, []string) error {
			return errors.New("name a shell: completion bash, zsh, fish or powershell")
		}
	}
	addDefinitions(root, env)
	root.PersistentFlags().SortFlags = false
	root.SetFlagErrorFunc(nearestFlag)
	root.Flags().Bool("version", false, "print the version")
	noFileNames(root)
	return root
}

// oneDash finds long flags that were written with one dash, as other tools
// take them: read as short flags they would mean something else.
func oneDash(root *cobra.Command, args []string) error {
	command, _, err := root.Find(args)
	if err != nil {
		command = root
	}
	for _, arg := range args {
		if arg == "--" {
			return nil
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if len(name) < 2 || !strings.HasPrefix(arg, "-") || strings.HasPrefix(arg, "--") {
			continue
		}
		if command.Flags().Lookup(name) != nil || command.InheritedFlags().Lookup(name) != nil {
			return fmt.Errorf("%s: long flags take two dashes: -%s", arg, arg)
		}
	}
	return nil
}
