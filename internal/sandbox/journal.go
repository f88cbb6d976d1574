package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// A journal is a file of records, one a line, each with a checksum before it.
// A record is on the disk when append returns.
type journal struct {
	path string
	file *os.File
	size int64
	err  error // what keeps the journal from taking records for good
}

const journalFile = "journal.jsonl"

// openJournal opens the journal of a directory and returns the records in it.
// A last record that was not written whole is cut off: nobody was told that it
// was done.
func openJournal(dir string) (*journal, [][]byte, error) {
	j := &journal{path: filepath.Join(dir, journalFile)}
	data, err := os.ReadFile(j.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	records, size, err := parseJournal(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is damaged (%w); remove the directory to start again from the seed", j.path, err)
	}
	if j.file, err = os.OpenFile(j.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, nil, err
	}
	if err := errors.Join(j.cut(int64(size)), syncDirectory(dir)); err != nil {
		j.file.Close()
		return nil, nil, err
	}
	return j, records, nil
}

// parseJournal returns the whole records and how many bytes they take.
func parseJournal(data []byte) (records [][]byte, size int, err error) {
	for rest := data; len(rest) > 0; {
		line, next, ended := bytes.Cut(rest, []byte("\n"))
		record, whole := checked(line)
		if !ended || !whole {
			if line := nextWhole(next); line > 0 {
				return nil, 0, fmt.Errorf("record %d does not match its checksum, yet others follow", len(records)+1)
			}
			break
		}
		records = append(records, record)
		size += len(line) + 1
		rest = next
	}
	return records, size, nil
}

// nextWhole counts the lines up to the first whole record, 0 for none.
func nextWhole(rest []byte) int {
	n := 0
	for line := range bytes.Lines(rest) {
		n++
		if _, whole := checked(bytes.TrimSuffix(line, []byte("\n"))); whole {
			return n
		}
	}
	return 0
}

func checked(line []byte) (record []byte, ok bool) {
	sum, record, found := bytes.Cut(line, []byte(" "))
	want, err := strconv.ParseUint(string(sum), 16, 32)
	return record, found && len(sum) == 8 && err == nil && uint32(want) == crc32.ChecksumIEEE(record)
}

// append writes one record, which holds no line break. After an error the
// journal is as it was before, or takes nothing any more.
func (j *journal) append(record []byte) error {
	if j.err != nil {
		return j.err
	}
	if err := j.inPlace(); err != nil {
		return err
	}
	line := append(fmt.Appendf(nil, "%08x ", crc32.ChecksumIEEE(record)), record...)
	line = append(line, '\n')
	_, err := j.file.WriteAt(line, j.size)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		if undo := j.cut(j.size); undo != nil {
			j.err = fmt.Errorf("%s cannot be written any more: %w", j.path, undo)
		}
		return err
	}
	j.size += int64(len(line))
	return nil
}

// inPlace makes sure that the file is still what its name leads to: a record
// in a removed file would be lost without an error.
func (j *journal) inPlace() error {
	named, err := os.Stat(j.path)
	if err != nil {
		return err
	}
	open, err := j.file.Stat()
	if err == nil && !os.SameFile(named, open) {
		err = fmt.Errorf("%s was replaced by another file", j.path)
	}
	return err
}

func (j *journal) cut(size int64) error {
	if err := j.file.Truncate(size); err != nil {
		return err
	}
	j.size = size
	return j.file.Sync()
}

// syncDirectory puts the names of new files on the disk, where the system can.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	d.Sync() // some file systems have no such thing
	return nil
}

// An entry is what a record holds: all that one request changed.
type entry struct {
	Sequence uint64   `json:"sequence"`
	Changes  []change `json:"changes"`
}

func decodeEntry(record []byte) (e entry, err error) { return e, json.Unmarshal(record, &e) }
