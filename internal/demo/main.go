// Command demo shows the main job on a real example: it starts the emulator,
// then plans, applies, plans again, changes Atlas by hand as any other client
// could, and lets drift find it. It runs the built program as a person would.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"

	"github.com/mongodb-forks/digest"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: demo PROGRAM CONFIGURATION")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(program, config string) error {
	fmt.Printf("$ %s sandbox &\n", program)
	sandbox := exec.Command(program, "sandbox")
	out, err := sandbox.StdoutPipe()
	if err != nil {
		return err
	}
	sandbox.Stderr = os.Stderr
	if err := sandbox.Start(); err != nil {
		return err
	}
	defer func() { _ = sandbox.Process.Kill(); _ = sandbox.Wait() }()
	env, err := credentials(out)
	if err != nil {
		return err
	}
	d := demo{program: program, env: env}
	for _, step := range []struct {
		want int
		args []string
	}{
		{0, []string{"plan", "-f", config}},
		{0, []string{"apply", "--auto-approve", "--summary", "-q", "-f", config}}, // the plan was shown
		{0, []string{"plan", "--detailed-exitcode", "-f", config}},
	} {
		if err := d.sync(step.want, step.args...); err != nil {
			return err
		}
	}
	if err := d.byHand(); err != nil {
		return err
	}
	if err := d.sync(2, "drift", "-f", config); err != nil {
		return err
	}
	return d.sync(0, "apply", "--auto-approve", "-q", "-f", config)
}

// credentials reads the lines that the sandbox prints for a shell.
func credentials(out io.Reader) (map[string]string, error) {
	env := map[string]string{}
	lines := bufio.NewScanner(out)
	for len(env) < 5 && lines.Scan() {
		name, value, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		if ok {
			env[name] = value
		}
	}
	if len(env) < 5 {
		return nil, errors.New("the sandbox did not start")
	}
	return env, nil
}

type demo struct {
	program string
	env     map[string]string
}

// sync runs the program and holds it to its exit code.
func (d demo) sync(want int, args ...string) error {
	fmt.Printf("\n$ %s %s\n", d.program, strings.Join(args, " "))
	cmd := exec.Command(d.program, args...)
	cmd.Env = os.Environ()
	for name, value := range d.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		return err
	}
	fmt.Printf("(exit code %d)\n", code)
	if code != want {
		return fmt.Errorf("%s ended with exit code %d, not %d", args[0], code, want)
	}
	return nil
}

// byHand switches a setting behind the tool's back, with another client and
// other credentials.
func (d demo) byHand() error {
	api := d.env["MONGODB_ATLAS_BASE_URL"] + "/api/atlas/v2"
	client := &http.Client{Transport: digest.NewTransport(d.env["MONGODB_ATLAS_PUBLIC_API_KEY"], d.env["MONGODB_ATLAS_PRIVATE_API_KEY"])}
	resp, err := client.Get(api + "/groups/byName/payments")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var project struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&project); err != nil {
		return err
	}
	url := api + "/groups/" + project.ID + "/managedSlowMs/enable"
	fmt.Printf("\nSomebody changes Atlas by hand:\n$ curl --digest --user $PUBLIC_KEY:$PRIVATE_KEY -X POST %s\n", url)
	changed, err := client.Post(url, "application/json", nil)
	if err != nil {
		return err
	}
	defer changed.Body.Close()
	if changed.StatusCode != http.StatusNoContent {
		return fmt.Errorf("POST %s: %s", url, changed.Status)
	}
	return nil
}
