package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/atlasctl/atlasctl-sync/internal/report"
)

// browsers are the names that Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// A tab is a page in a browser, and what the browser had to say against it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// browse starts a browser for a test, or skips the test where there is none.
func browse(t *testing.T) context.Context {
	t.Helper()
	for _, name := range browsers {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1280, 900),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true), chromedp.WSURLReadTimeout(time.Minute))
		ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
		t.Cleanup(cancel)
		ctx, cancel = chromedp.NewContext(ctx)
		t.Cleanup(cancel)
		if err := chromedp.Do(ctx); err != nil {
			t.Fatalf("%s does not start: %v", path, err)
		}
		return ctx
	}
	t.Skip("the page was not looked at: there is no Chromium or Chrome (Debian has it as the package chromium)")
	return nil
}

// pageOf writes a document as a page.
func pageOf(t *testing.T, document any) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if d, ok := document.(*report.Document); ok {
		err = report.HTML(&b, d)
	} else {
		err = report.Page(&b, document, report.Facts{Title: "a title", Time: ended, Failing: []int{0, 1}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// open shows a document as a page in a tab of its own.
func open(t *testing.T, browser context.Context, document any, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, pageOf(t, document), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, func(event any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			p.problems = append(p.problems, thrown(e.ExceptionDetails))
		case *log.EventEntryAdded:
			p.problems = append(p.problems, e.Entry.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	p.do(before...)
	p.do(chromedp.Navigate("file://" + file))
	return p
}

// most bounds how long one action may take.
const most = 3 * time.Minute

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, most)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// result runs an action that gives something.
func result[T any](p *tab, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, most)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// value evaluates an expression in the page.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	return result(p, chromedp.Evaluate[T](expression))
}

// quiet fails if the browser complained: of an error in the program, or of
// something that the page's policy does not allow.
func (p *tab) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problem := range p.problems {
		p.t.Error("the browser says:", problem)
	}
}

// within waits until a condition of the page holds.
func (p *tab) within(condition string) {
	p.t.Helper()
	for range 600 {
		if value[bool](p, condition) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Errorf("it never comes true: %s", condition)
}

// media makes the page be looked at on another sort of screen, or on paper.
func media(medium, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	})
}

func fromJSON(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// thrown tells what a program of a page threw.
func thrown(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Exception.Description
	}
	return e.Text
}
