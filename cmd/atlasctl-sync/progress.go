package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
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
	skipped int

	lines  *mpb.Progress // nil where nothing is live
	bar    *mpb.Bar
	screen *screen
	plain  io.Writer
}

// A screen is what a message from elsewhere, such as on an interrupt, must
// wait for: the live line would be drawn over it.
type screen struct {
	mu   sync.Mutex
	stop func()
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

// newProgress starts telling; clearing the screen ends the live line.
func (s *session) newProgress(total int) *progress {
	p := &progress{stats: s.client.Stats, total: total, started: time.Now(), begun: map[*planner.Step]time.Time{},
		screen: s.env.screen, plain: s.env.Stderr}
	p.text = report.Text{W: s.env.Stderr, Color: s.colored(s.env.Stderr)}
	if s.quiet || total == 0 || s.verbose > 0 || !isTerminal(s.env.Stderr) || s.env.Getenv("TERM") == "dumb" {
		return p
	}
	p.lines = mpb.New(mpb.WithOutput(s.env.Stderr), mpb.WithRefreshRate(150*time.Millisecond))
	p.bar = p.lines.New(int64(total), mpb.NopStyle(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(st decor.Statistics) string { return p.status(st.AvailableWidth) })))
	p.text.W = p.lines
	p.screen.show(p.stop)
	return p
}

// stop takes the live line away; what follows goes to standard error as it is.
func (p *progress) stop() {
	p.out.Lock()
	defer p.out.Unlock()
	p.bar.Abort(true)
	p.lines.Wait()
	p.text.W = p.plain
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

// mostSkipped is how many steps that were skipped are told one by one; the
// last line of an apply counts them all, and the next plan lists them.
const mostSkipped = 100

// ended tells of a step; quiet runs hear nothing.
func (p *progress) ended(s *planner.Step, quiet bool) {
	p.mu.Lock()
	var took time.Duration
	if at, ok := p.begun[s]; ok {
		took = time.Since(at)
	}
	delete(p.begun, s)
	p.done++
	if s.Status == planner.Skipped {
		p.skipped++
	}
	few := s.Status != planner.Skipped || p.skipped <= mostSkipped
	p.mu.Unlock()
	if quiet || !few {
		return
	}
	p.out.Lock()
	defer p.out.Unlock()
	p.text.Step(s, took)
}

// status is the live line: what is done and running, and how long is left.
func (p *progress) status(width int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := time.Since(p.started)
	line := fmt.Sprintf("%d/%d done, %d running", p.done, p.total, len(p.begun))
	if n := p.stats().Throttled; n > 0 {
		line += fmt.Sprintf(", throttled %d times", n)
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
	if r := []rune(line); width > 1 && len(r) >= width {
		line = string(r[:width-2]) + "…"
	}
	return strings.TrimSpace(line)
}

// colored tells whether colours go to a stream.
func (s *session) colored(stream any) bool {
	return !s.noColor && s.env.Getenv("NO_COLOR") == "" && s.env.Getenv("TERM") != "dumb" && isTerminal(stream)
}
