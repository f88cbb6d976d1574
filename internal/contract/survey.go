package contract

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// A survey judges recorded exchanges and adds up the verdicts.
type survey struct {
	description *Description
	judged      map[[sha256.Size]byte]judged // processes record much the same
	violations  map[Violation]*Finding
	refused     map[Violation]*Finding
	result      Report
}

// judged is an exchange's verdict with the exchange's name in reports.
type judged struct {
	verdict
	name string
}

func newSurvey(d *Description) *survey {
	return &survey{
		description: d,
		judged:      map[[sha256.Size]byte]judged{},
		violations:  map[Violation]*Finding{},
		refused:     map[Violation]*Finding{},
		result:      Report{Operations: map[string]int{}, Exempt: map[Rule]int{}},
	}
}

// Report checks everything that the recorder has in memory.
func (r *Recorder) Report(d *Description) Report {
	s := newSurvey(d)
	s.addMemory(r)
	return s.report()
}

func (s *survey) addMemory(r *Recorder) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range slices.Sorted(maps.Keys(r.counts)) {
		s.add([]byte(line), r.counts[line])
	}
	s.result.Unchecked += r.lost
}

// addDirectory reads the files of file recorders.
func (s *survey) addDirectory(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return fmt.Errorf("read the recorded exchanges: %w", err)
	}
	for _, name := range files {
		if err := s.addFile(name); err != nil {
			return fmt.Errorf("read the recorded exchanges: %w", err)
		}
	}
	return nil
}

func (s *survey) addFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil
		case errors.Is(err, io.EOF):
			s.result.CutShort++
			return nil
		case err != nil:
			return err
		}
		s.add(line[:len(line)-1], 1)
	}
}

// add judges the exchange in a line of JSON, which occurred count times.
func (s *survey) add(line []byte, count int) {
	key := sha256.Sum256(line)
	j, ok := s.judged[key]
	if !ok {
		j = s.judge(line)
		s.judged[key] = j
	}
	s.result.Exchanges += count
	if j.operation != "" {
		s.result.Operations[j.operation] += count
	}
	for _, rule := range j.exempt {
		s.result.Exempt[rule] += count
	}
	for _, v := range j.violations {
		note(s.violations, v, j.name, count)
	}
	if slices.Contains(j.exempt, ClientsRefusedRequest) {
		for _, v := range j.excused {
			note(s.refused, v, j.name, count)
		}
	}
}

func (s *survey) judge(line []byte) judged {
	var x sandbox.Exchange
	if err := json.Unmarshal(line, &x); err != nil {
		var v verdict
		v.violate("record", nil, fmt.Errorf("unreadable: %w", err))
		return judged{v, string(line[:min(len(line), 80)])}
	}
	target := x.Path
	if x.RawQuery != "" {
		target += "?" + x.RawQuery
	}
	return judged{s.description.judge(x), fmt.Sprintf("%s %s, answered %d", x.Method, target, x.Status)}
}

// varying are the parts of a message that differ between occurrences of one
// mistake.
var varying = regexp.MustCompile(`\[\d+\]|[0-9a-f]{24}`)

func note(findings map[Violation]*Finding, v Violation, first string, count int) {
	same := v
	same.Message = varying.ReplaceAllString(v.Message, "…")
	if _, ok := findings[same]; !ok {
		findings[same] = &Finding{Violation: v, First: first}
	}
	findings[same].Count += count
}

func (s *survey) report() Report {
	s.result.Violations = sorted(s.violations)
	s.result.Refused = sorted(s.refused)
	return s.result
}

func sorted(findings map[Violation]*Finding) []Finding {
	var all []Finding
	for _, f := range findings {
		all = append(all, *f)
	}
	slices.SortFunc(all, func(a, b Finding) int { return cmp.Compare(a.String(), b.String()) })
	return all
}
