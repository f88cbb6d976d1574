package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// A store remembers a world as a snapshot and what was changed since, so that
// a write costs what it changes, however large the world is. In a directory
// these are state.json and the journal; without one they are kept in memory
// all the same, for undoing what could not be saved.
type store struct {
	dir      string
	journal  *journal // nil in memory
	snapshot []byte
	sequence uint64   // of the last entry
	records  [][]byte // the entries since the snapshot
	size     int      // of the records
}

// A snapshot is the form of state.json. Entries of the journal up to its
// sequence are in it already.
type snapshot struct {
	Sequence uint64 `json:"sequence,omitempty"`
	*world
}

// openStore reads what a directory holds; the world is nil if that is nothing
// yet.
func openStore(dir string) (*store, *world, error) {
	s := &store{dir: dir}
	if dir == "" {
		return s, nil, nil
	}
	path := filepath.Join(dir, stateFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		// A journal without a state is of no world.
		if err := os.Remove(filepath.Join(dir, journalFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, err
		}
		return s, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	s.snapshot = data
	w, err := s.decodeSnapshot()
	if err != nil {
		return nil, nil, fmt.Errorf("%s is damaged (%w); remove the directory to start again from the seed", path, err)
	}
	if err := s.replayJournal(w); err != nil {
		s.close()
		return nil, nil, err
	}
	return s, w, nil
}

func (s *store) decodeSnapshot() (*world, error) {
	in := snapshot{world: new(world)}
	if err := json.Unmarshal(s.snapshot, &in); err != nil {
		return nil, err
	}
	s.sequence = in.Sequence
	return in.world, nil
}

func (s *store) replayJournal(w *world) error {
	j, records, err := openJournal(s.dir)
	if err != nil {
		return err
	}
	s.journal = j
	for _, record := range records {
		e, err := decodeEntry(record)
		if err == nil && e.Sequence > s.sequence+1 {
			err = fmt.Errorf("entry %d follows entry %d", e.Sequence, s.sequence)
		}
		if err != nil {
			return fmt.Errorf("%s is damaged (%w); remove the directory to start again from the seed", j.path, err)
		}
		if e.Sequence <= s.sequence {
			continue // the snapshot was taken after it
		}
		for _, c := range e.Changes {
			w.apply(c)
		}
		s.remember(record, e.Sequence)
	}
	for _, shelves := range w.Objects {
		shelves.seen()
	}
	return nil
}

// seen counts the states that were under way as shown: an answer may have told of
// the next, which no journal keeps, and nothing goes back in Atlas.
func (s shelves) seen() {
	for _, things := range s {
		for _, t := range things {
			t.Seen = true
			t.Objects.seen()
		}
	}
}

func (s *store) remember(record []byte, sequence uint64) {
	s.records = append(s.records, record)
	s.size += len(record)
	s.sequence = sequence
}

// write makes changes durable.
func (s *store) write(changes []change) error {
	record, err := json.Marshal(entry{s.sequence + 1, changes})
	if err != nil {
		return err
	}
	if s.dir != "" {
		if err := s.journal.append(record); err != nil {
			return err
		}
	}
	s.remember(record, s.sequence+1)
	return nil
}

// minJournal is the size from which on a journal may be long.
const minJournal = 1 << 20

// long says whether the journal has grown past the snapshot: then taking a new
// one costs no more than all the writes since the last did.
func (s *store) long() bool { return s.size > max(minJournal, len(s.snapshot)) }

// take makes a new snapshot of the world and empties the journal. Dying between
// the two does no harm, because the snapshot knows its last entry.
func (s *store) take(w *world) error {
	data, err := json.Marshal(snapshot{s.sequence, w})
	if err != nil {
		return err
	}
	if s.dir != "" {
		if err := maybe.WriteFile(filepath.Join(s.dir, stateFile), data, 0o600); err != nil {
			return err
		}
		if s.journal == nil {
			if s.journal, _, err = openJournal(s.dir); err != nil {
				return err
			}
		}
		if err := s.journal.cut(0); err != nil {
			return err
		}
	}
	s.snapshot, s.records, s.size = data, nil, 0
	return nil
}

// saved is the world as the store has it.
func (s *store) saved() (*world, error) {
	in := snapshot{world: new(world)}
	if err := json.NewDecoder(bytes.NewReader(s.snapshot)).Decode(&in); err != nil {
		return nil, err
	}
	for _, record := range s.records {
		e, err := decodeEntry(record)
		if err != nil {
			return nil, err
		}
		for _, c := range e.Changes {
			in.world.apply(c)
		}
	}
	return in.world, nil
}

func (s *store) close() error {
	if s.journal == nil {
		return nil
	}
	return s.journal.file.Close()
}
