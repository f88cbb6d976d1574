package main

import (
	"runtime/debug"
	"strings"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/fence"
	"github.com/atlasctl/atlasctl-sync/internal/live"
	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// ahead is how many times more reads and steps are begun than requests may be
// under way: those that wait for a throttled bucket must not keep the others.
const ahead = 4

// frugal is how much may come on top of what is in use, in percent, before memory
// is cleared up: from here on most of the time goes by waiting for Atlas, and what
// is read of it stays.
const frugal = 30

// connect opens the way to Atlas, or to an emulator in this process.
func (s *session) connect() error {
	if s.client != nil {
		return nil
	}
	if s.env.Getenv("GOGC") == "" {
		debug.SetGCPercent(frugal)
	}
	credentials, base, err := s.signIn()
	if err != nil && s.sandboxDir == "" {
		return err
	}
	if base == "" {
		base = atlas.DefaultBaseURL
	}
	s.where = strings.TrimSuffix(base, "/")
	if s.sandboxDir != "" {
		if base, credentials, err = s.emulate(); err != nil {
			return err
		}
		s.where = "sandbox " + s.sandboxDir // its port is another each time
	}
	var trace func(string, ...any)
	if s.verbose > 0 {
		trace = s.logf
	}
	s.credentials = credentials
	s.client, err = atlas.New(atlas.Options{BaseURL: base, Credentials: credentials, Version: version(),
		ReadOnly: s.command != "apply", MaxRPS: s.maxRPS, Parallelism: s.parallelism, FirstWait: s.env.RetryWait, Trace: trace})
	s.reader = &live.Reader{Doer: s.client, Catalog: s.env.catalog(), Parallelism: s.parallelism * ahead}
	if s.rebuild != nil || s.state != nil && s.state.Rebuild != nil {
		s.fence = fence.New(s.client, s.env.catalog())
		s.reader.Doer = s.fence
	}
	return err
}

func (s *session) emulate() (string, atlas.Credentials, error) {
	server, url, stop, err := sandbox.Serve("127.0.0.1:0", sandbox.Options{Dir: s.sandboxDir, Tap: s.env.Tap})
	if err != nil {
		return "", atlas.Credentials{}, err
	}
	s.close = append(s.close, stop)
	c := server.Credentials()
	return url, atlas.Credentials{ClientID: c.ClientID, ClientSecret: c.ClientSecret}, nil
}
