package report_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func contrastOfAll(t *testing.T, browser context.Context) {
	for name, d := range map[string]any{"apply": smallApply(t), "drift": fromJSON(t, driftDocument), "coverage": coverageDocument()} {
		for _, look := range [][2]string{{"", "light"}, {"", "dark"}, {"print", "dark"}} { // paper is light whatever the screen is
			p := open(t, browser, d, media(look[0], look[1]))
			p.js(`[...document.querySelectorAll("button")].find((b) => b.textContent === "Open all").click()`)
			for _, bad := range value[[]string](p, unreadable) {
				t.Errorf("%s, %s: %s", name, look, bad)
			}
		}
	}
}

func onPaper(t *testing.T, browser context.Context) {
	p := open(t, browser, fromJSON(t, driftDocument))
	p.js(`[...document.querySelectorAll("button")].find((b) => b.textContent === "Close all").click()`)
	p.do(media("print", "light"))
	p.js(`window.dispatchEvent(new Event("beforeprint"))`)
	for _, hidden := range []string{"#controls", ".keys", ".requests"} {
		if value[bool](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility())`, hidden)) {
			t.Errorf("%s is on paper", hidden)
		}
	}
	if n := value[int](p, `document.querySelectorAll("details.item:not([open])").length`); n != 0 {
		t.Errorf("%d are closed on paper", n)
	}
	shown := value[string](p, `document.getElementById("main").innerText`)
	for _, want := range []string{"GROUP_OWNER", "bo@example.com", "project/c/users/x@example.com"} {
		if !strings.Contains(shown, want) {
			t.Errorf("paper does not say %q", want)
		}
	}
	p.js(`window.dispatchEvent(new Event("afterprint"))`)
	if n := value[int](p, `document.querySelectorAll("details.item[open]").length`); n != 0 {
		t.Errorf("%d stay open after printing", n)
	}
	if pdf := result(p, chromedp.PrintToPDF()); !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Error("it cannot be printed")
	}

	// All of a long list is on paper.
	p = open(t, browser, largePlan())
	p.js(`window.dispatchEvent(new Event("beforeprint"))`)
	if n := value[int](p, `new Set([...document.querySelectorAll("#steps [data-address]")].map((e) => e.dataset.address)).size`); n != 3000 {
		t.Errorf("%d of 3,000 steps are on paper", n)
	}
	p.quiet()
}

func narrow(t *testing.T, browser context.Context) {
	for name, d := range map[string]any{"plan": largePlan(), "apply": smallApply(t), "drift": fromJSON(t, driftDocument), "coverage": coverageDocument()} {
		p := open(t, browser, d, chromedp.EmulateViewport(360, 740))
		p.js(`document.querySelectorAll("#coverage details").forEach((d) => { d.open = true; })`)
		if w := value[int](p, `document.documentElement.scrollWidth`); w > 360 {
			t.Errorf("%s: the page is %d pixels wide on a screen of 360", name, w)
		}
	}
}

func noScripts(t *testing.T, browser context.Context) {
	p := open(t, browser, largePlan(), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	shown := result(p, chromedp.Text(chromedp.CSS("main")))
	for _, want := range []string{"Without scripts", "project/p499/users/left@example.com", "create: 1000"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not say %q: %.300s", want, shown)
		}
	}
}

func emptyPages(t *testing.T, browser context.Context) {
	for document, want := range map[string]string{
		`{"command":"plan","steps":[],"findings":[]}`:              "Nothing differs.",
		`{"command":"validate"}`:                                   "The files are valid.",
		`{"command":"coverage","summary":{"live":0},"scopes":[]}`:  "Coverage",
		`{"command":"merge","stats":{"shards":7},"errors":["e1"]}`: "shards 7",
	} {
		p := open(t, browser, fromJSON(t, document))
		if shown := value[string](p, `document.body.innerText.replace(/\s+/g, " ")`); !strings.Contains(shown, want) {
			t.Errorf("%s: %s", document, shown)
		}
		p.quiet()
	}
}

// landmarks: what a screen reader needs is there, and every control has a name.
func landmarks(t *testing.T, browser context.Context) {
	p := open(t, browser, smallApply(t))
	if got := value[string](p, `document.documentElement.lang + "; " + document.title`); got != "en; apply refused by a guard – atlasctl-sync" {
		t.Error(got)
	}
	if got := value[string](p, `["header", "main", "[role=search]", "nav", "[role=status][aria-live=polite]", "h1"].filter((s) => document.querySelectorAll(s).length !== 1).join()`); got != "" {
		t.Errorf("not once: %s", got)
	}
	if got := value[[]string](p, `[...document.querySelectorAll("input, select, button, section, progress, svg, .node")].filter((e) =>
		!((e.labels && e.labels.length) || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.textContent.trim() && e.tagName === "BUTTON")).map((e) => e.outerHTML.slice(0, 80))`); len(got) > 0 {
		t.Errorf("without a name: %q", got)
	}
	if got := value[[]string](p, `(() => { const seen = new Set(); return [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id) => seen.has(id) || !seen.add(id)); })()`); len(got) > 0 {
		t.Errorf("ids that are there twice: %q", got)
	}
}
