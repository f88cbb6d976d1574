package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/atlasctl/atlasctl-sync/internal/atlas"
	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
)

// A progress tells on standard error how an apply goes: a line for each step
// that has ended and, on a terminal, one below them that keeps up with what is
// running.
type progress struct {
	stats func() atlas.Stats
	total int

	out  sync.Mutex // for text: never held with mu, which the live line takes
	text report.Text

	mu      sync.Mutex
	started time.Time
	begun   map[*planner.Step]time.Time
	done    int
	skipped map[string]int // steps that were skipped, by why
}

// A screen is what a message from elsewhere, such as on an interrupt, must
// wait for: the live line would be drawn over it.
type screen struct {
	mu   sync.Mutex
	stop func()
	lent bool // a pager has it, and its keys: an interrupt is the pager's
	// steps tells which steps are under way; nil while none can be.
	steps func() []string
}

func (s *screen) watch(steps func() []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = steps
}

func (s *screen) underWay() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.steps == nil {
		return nil
	}
	return s.steps()
}

func (s *screen) lend(lent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lent = lent
}

func (s *screen) isLent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lent
}

// clear takes the live line away for good.
func (s *screen) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

func (s *screen) show(stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
}

// liveLine keeps a line up to date at the end of standard error, if that is a
// terminal, until the screen is cleared; around is given what takes it away.
// What is to stand above the line goes to the writer that it returns.
func (s *session) liveLine(line func() string, around func(stop func())) io.Writer {
	if s.quiet || s.verbose > 0 || !isTerminal(s.env.Stderr) || s.env.Getenv("TERM") == "dumb" {
		return s.env.Stderr
	}
	lines := mpb.New(mpb.WithOutput(s.env.Stderr), mpb.WithRefreshRate(150*time.Millisecond))
	bar := lines.New(1, mpb.NopStyle(), mpb.BarRemoveOnComplete(), mpb.PrependDecorators(decor.Any(func(st decor.Statistics) string {
		return fitting(line(), st.AvailableWidth)
	})))
	s.env.screen.show(func() {
		around(func() {
			bar.Abort(true)
			lines.Wait()
		})
	})
	return lines
}

func fitting(line string, width int) string {
	if r := []rune(line); width > 1 && len(r) >= width {
		return string(r[:width-2]) + "…"
	}
	return line
}

// reading shows how the reading of Atlas goes.
func (s *session) reading() {
	started := time.Now()
	s.liveLine(func() string {
		st := s.client.Stats()
		line := fmt.Sprintf("reading Atlas: %s, %s", report.Count(st.Requests, "request"), time.Since(started).Round(time.Second))
		if st.Throttled > 0 {
			line += ", throttled " + report.Times(st.Throttled)
		}
		return line
	}, func(stop func()) { stop() })
}

// newProgress starts telling; clearing the screen ends the live line.
func (s *session) newProgress(total int) *progress {
	p := &progress{stats: s.client.Stats, total: total, started: time.Now(), begun: map[*planner.Step]time.Time{}, skipped: map[string]int{}}
	p.text = report.Text{Color: s.colored(s.env.Stderr)}
	p.text.W = s.liveLine(p.status, func(stop func()) {
		p.out.Lock()
		defer p.out.Unlock()
		stop()
		p.text.W = s.env.Stderr // what follows goes there as it is
	})
	s.env.screen.watch(p.underWay)
	return p
}

// underWay names the steps that have begun and not ended.
func (p *progress) underWay() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for s := range p.begun {
		all = append(all, report.Clean(fmt.Sprintf("%s %s", s.Action, s.Address)))
	}
	slices.Sort(all)
	return all
}

// tell prints a message above the live line.
func (p *progress) tell(format string, args ...any) {
	p.out.Lock()
	defer p.out.Unlock()
	fmt.Fprintf(p.text.W, format+"\n", args...)
}

func (p *progress) begin(s *planner.Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun[s] = time.Now()
}

// mostSkipped is how many steps that were skipped for one reason, such as an
// interrupt, are told one by one; the others are counted in the end, and the
// next plan lists them.
const mostSkipped = 5

// ended tells of a step; quiet runs hear nothing.
func (p *progress) ended(s *planner.Step, quiet bool) {
	p.mu.Lock()
	var took time.Duration
	if at, ok := p.begun[s]; ok {
		took = time.Since(at)
	}
	delete(p.begun, s)
	p.done++
	few := true
	if s.Status == planner.Skipped && s.Error != nil {
		p.skipped[s.Error.Detail]++
		few = p.skipped[s.Error.Detail] <= mostSkipped
	}
	p.mu.Unlock()
	if quiet || !few {
		return
	}
	p.out.Lock()
	defer p.out.Unlock()
	p.text.Step(s, took)
}

// rest counts the skipped steps that were not told one by one.
func (p *progress) rest(quiet bool) {
	for _, why := range slices.Sorted(maps.Keys(p.skipped)) {
		if more := p.skipped[why] - mostSkipped; more > 0 && !quiet {
			p.tell("%-8s %d more: %s", planner.Skipped, more, report.Clean(why))
		}
	}
}

// status is the live line: what is done and running, and how long is left.
func (p *progress) status() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := time.Since(p.started)
	line := fmt.Sprintf("%d/%d done, %d running", p.done, p.total, len(p.begun))
	if n := p.stats().Throttled; n > 0 {
		line += ", throttled " + report.Times(n)
	}
	line += ", " + elapsed.Round(time.Second).String()
	if p.done >= 5 && p.done < p.total {
		left := time.Duration(float64(elapsed) / float64(p.done) * float64(p.total-p.done))
		line += fmt.Sprintf(", about %s left", left.Round(time.Second))
	}
	running := make([]*planner.Step, 0, len(p.begun))
	for s := range p.begun {
		running = append(running, s)
	}
	slices.SortFunc(running, func(a, b *planner.Step) int { return p.begun[a].Compare(p.begun[b]) })
	for i, s := range running {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		line += sep + report.Clean(string(s.Address))
	}
	return line
}

// colored tells whether colours go to a stream.
func (s *session) colored(stream any) bool {
	return !s.noColor && s.env.Getenv("NO_COLOR") == "" && s.env.Getenv("TERM") != "dumb" && isTerminal(stream)
}
