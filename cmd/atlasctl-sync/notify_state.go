package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/atlasctl/atlasctl-sync/internal/files"
)

// lastOutcome returns what the last run came to, from the file that
// --notify-state names; "" if nothing is known.
func (s *session) lastOutcome() (string, error) {
	if s.notifyState == "" {
		return "", nil
	}
	data, err := files.Read(s.notifyState, 10<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("--notify-state: %w", err)
	}
	var last outcome
	if err := json.Unmarshal(data, &last); err != nil || last.Outcome != outcomeOK && last.Outcome != outcomeDrift && last.Outcome != outcomeFailed {
		return "", fmt.Errorf("--notify-state: %s holds something else; name a file that is not there yet", s.notifyState)
	}
	return last.Outcome, nil
}

// keepOutcome notes what has been told, for the next run.
func (s *session) keepOutcome(code int) error {
	if s.notifyState == "" || code == exitInterrupted {
		return nil
	}
	data, err := json.Marshal(outcome{outcomeOf(code), s.started.UTC()})
	if err != nil {
		return err
	}
	if err := files.Write(s.notifyState, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("--notify-state: %w", err)
	}
	return nil
}
