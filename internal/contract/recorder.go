package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// directoryVariable is the environment variable that tells the tests'
// subprocesses where to record.
const directoryVariable = "ATLASCTL_SYNC_EXCHANGES"

// memoryLimit bounds what a Recorder keeps. Exchanges beyond it are counted and
// reported as not checked.
const memoryLimit = 256 << 20

// A Recorder keeps exchanges until they are checked: in memory, or in a file
// where another process reads them. The zero Recorder keeps them in memory. It
// is safe for concurrent use.
type Recorder struct {
	mu     sync.Mutex
	counts map[string]int // by the exchange as a line of JSON
	size   int
	lost   int
	file   *os.File
}

// NewFileRecorder appends exchanges to a new file in dir, one line of JSON for
// each. Every line is written at once: a process may be killed at any time.
func NewFileRecorder(dir string) (*Recorder, error) {
	f, err := os.CreateTemp(dir, "exchanges-*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("record exchanges: %w", err)
	}
	return &Recorder{file: f}, nil
}

// FromEnv is a file recorder if this process was started by a test that runs
// under [Main], and nil otherwise. A test that makes up the environment of its
// subprocesses must hand on ATLASCTL_SYNC_EXCHANGES. It panics where it cannot
// record, since unrecorded exchanges would pass for checked ones.
func FromEnv() *Recorder {
	dir := os.Getenv(directoryVariable)
	if dir == "" {
		return nil
	}
	r, err := NewFileRecorder(dir)
	if err != nil {
		panic(err)
	}
	return r
}

// Tap records an exchange. A nil Recorder ignores it.
func (r *Recorder) Tap(x sandbox.Exchange) {
	if r == nil {
		return
	}
	line, err := json.Marshal(relevant(x))
	if err != nil {
		panic(fmt.Sprintf("record an exchange: %v", err)) // plain strings and bytes always marshal
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		r.keep(string(line))
		return
	}
	if _, err := r.file.Write(append(line, '\n')); err != nil {
		panic(fmt.Sprintf("record an exchange: %v", err))
	}
}

func (r *Recorder) keep(line string) {
	if r.counts == nil {
		r.counts = map[string]int{}
	}
	if _, ok := r.counts[line]; !ok {
		if r.size+len(line) > memoryLimit {
			r.lost++
			return
		}
		r.size += len(line)
	}
	r.counts[line]++
}

// relevant is the exchange with only what is checked. Equal exchanges become
// one, and no credentials reach a file.
func relevant(x sandbox.Exchange) sandbox.Exchange {
	request := only(x.RequestHeader, "Accept", "Content-Type", "User-Agent")
	if x.RequestHeader.Get("Authorization") != "" {
		request.Set("Authorization", "present")
	}
	x.RequestHeader = request
	x.ResponseHeader = only(x.ResponseHeader, "Content-Type")
	if strings.HasPrefix(x.Path, tokenPaths) {
		x.RequestBody, x.ResponseBody = nil, nil
	}
	return x
}

func only(h http.Header, names ...string) http.Header {
	kept := http.Header{}
	for _, name := range names {
		if values := h.Values(name); len(values) > 0 {
			kept[name] = values
		}
	}
	return kept
}
