package report_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPageInBrowser looks at pages as people do.
func TestPageInBrowser(t *testing.T) {
	browser := browse(t)
	for name, test := range map[string]func(*testing.T, context.Context){
		"many steps": manySteps, "folding": folding, "keyboard": keyboard, "before and after": beforeAndAfter, "order": orderOfSteps, "drift": driftPage, "coverage": coveragePage,
		"hostile names": hostileNames, "contrast": contrastOfAll, "paper": onPaper, "narrow": narrow, "no scripts": noScripts, "empty": emptyPages, "landmarks": landmarks,
	} {
		t.Run(name, func(t *testing.T) { test(t, browser) })
	}
}

const said = `document.getElementById("count").textContent`

// choose sets a control as a person does.
func (p *tab) choose(id, value string) {
	p.t.Helper()
	p.do(chromedp.SetValue(chromedp.CSS("#"+id), value))
	p.js(fmt.Sprintf(`document.getElementById(%q).dispatchEvent(new Event("change", {bubbles: true}))`, id))
}

// js runs something for what it does.
func (p *tab) js(expression string) {
	p.t.Helper()
	value[bool](p, "(("+expression+"), true)")
}

// 3,000 steps: drawn in part, found at once. The bounds are of the processor's
// time, which does not depend on what else the machine does, and far above what
// it takes.
func manySteps(t *testing.T, browser context.Context) {
	p := open(t, browser, largePlan(), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"})
		return err
	}))
	loaded := p.worked()
	if got := value[string](p, said); got != "Shown: 3,000 of 3,000 steps" {
		t.Error(got)
	}
	if n := value[int](p, `document.querySelectorAll("#steps .item").length`); n != 200 {
		t.Errorf("%d entries are drawn at first", n)
	}
	p.choose("by-kind", "ProjectUser")
	p.choose("by-what", "update")
	p.within(said + ` === "Shown: 1,000 of 3,000 steps"`)
	p.do(chromedp.SendKeys(chromedp.CSS("#search"), "U77-"))
	p.within(said + ` === "Shown: 2 of 3,000 steps"`)
	p.js(`[...document.querySelectorAll("button")].find((b) => b.textContent === "Reset").click()`)
	p.within(said + ` === "Shown: 3,000 of 3,000 steps"`)
	p.choose("by-scope", "project/p123")
	p.within(said + ` === "Shown: 6 of 3,000 steps"`)
	filtered := p.worked() - loaded
	wall := value[[]float64](p, `[performance.getEntriesByName("ready")[0].startTime, Math.max(...performance.getEntriesByName("filter", "measure").map((m) => m.duration))]`)
	t.Logf("3,000 steps: page there after %.0f ms, slowest filtering %.0f ms; the processor worked %.2f s until then, %.2f s for all the filtering", wall[0], wall[1], loaded, filtered)
	if loaded > 4 || filtered > 4 {
		t.Errorf("the processor worked %.2f s for the page and %.2f s for six changes of the filter", loaded, filtered)
	}
	p.quiet()
}

// worked returns for how long the page's thread has kept the processor, in seconds.
func (p *tab) worked() float64 {
	p.t.Helper()
	metrics := result(p, func(ctx context.Context, t *chromedp.Target) (float64, error) {
		all, err := cdp.Call(ctx, t, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return 0, err
		}
		for _, m := range all.Metrics {
			if m.Name == "TaskDuration" {
				return m.Value, nil
			}
		}
		return 0, fmt.Errorf("no TaskDuration")
	})
	return metrics
}

func folding(t *testing.T, browser context.Context) {
	p := open(t, browser, largePlan())
	heads := value[[]string](p, `[...document.querySelectorAll("#steps .group > summary")].map((s) => s.innerText.replace(/\s+/g, " ").trim())`)
	want := "- delete 500 equal steps users/left@example.com ProjectUser in 500 scopes"
	if !strings.Contains(strings.Join(heads, "\n"), want) || len(heads) != 6 {
		t.Errorf("%q", heads)
	}
	p.choose("by-what", "delete")
	p.within(`document.querySelectorAll("#steps .group[open] .one").length === 200`) // a few open by themselves
	p.js(`[...document.querySelectorAll("#steps .group button")].find((b) => b.textContent === "Show all").click()`)
	if n := value[int](p, `new Set([...document.querySelectorAll("#steps .group .one")].map((e) => e.dataset.address)).size`); n != 500 {
		t.Errorf("%d addresses are told of 500", n)
	}
	p.js(`document.getElementById("fold").click()`)
	if n := value[int](p, `document.querySelectorAll("#steps .group").length`); n != 0 {
		t.Errorf("%d groups are left", n)
	}
	p.quiet()
}

func keyboard(t *testing.T, browser context.Context) {
	p := open(t, browser, largePlan())
	focused := `document.activeElement.id || document.activeElement.closest("details")?.dataset.address || document.activeElement.textContent`
	p.do(chromedp.KeyEvent(kb.Tab))
	if got := value[string](p, focused); got != "To the content" {
		t.Errorf("the first stop is %q", got)
	}
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // as a keyboard does: no character follows where the page takes the key
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Code: "Slash", Text: "/"})
		return err
	}))
	if got := value[string](p, focused); got != "search" {
		t.Errorf("/ leads to %q", got)
	}
	p.do(chromedp.KeyEvent("p007/users"))
	p.within(said + ` === "Shown: 3 of 3,000 steps"`)
	if got := value[string](p, `document.getElementById("search").value`); got != "p007/users" {
		t.Errorf("the search holds %q", got)
	}
	p.do(chromedp.KeyEvent(kb.Escape))
	p.within(said + ` === "Shown: 3,000 of 3,000 steps"`)
	p.js(`document.querySelectorAll("#steps summary")[2].focus()`)
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	if got := value[string](p, focused); got != "project/p000/users/u0-0@example.com" {
		t.Errorf("down leads to %q", got)
	}
	p.do(chromedp.KeyEvent(kb.Enter))
	p.within(`document.activeElement.parentElement.open && document.activeElement.parentElement.querySelector(".change") !== null`)
	if got := value[string](p, `getComputedStyle(document.activeElement).outlineStyle`); got != "solid" {
		t.Errorf("the focus is drawn %q", got)
	}
	p.do(chromedp.KeyEvent(kb.ArrowUp))
	if got := value[string](p, focused); got != "project/p000/managedSlowMs" {
		t.Errorf("up leads to %q", got)
	}
	p.quiet()
}

// rowsOf tells a table of a change as lines: sign, before, after.
const rowsOf = `(path) => [...[...document.querySelectorAll("table.change")].find((t) => t.caption?.textContent.trim().startsWith(path)).tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent.trim()).join(" | "))`

func beforeAndAfter(t *testing.T, browser context.Context) {
	p := open(t, browser, smallApply(t))
	for path, want := range map[string][]string{
		"roles":      {"+ |  | - dbAdmin/shop", " | - read/shop | - read/shop", " | - read/stock | - read/stock", "- | - readWrite/shop | "},
		"definition": {"10 equal lines", " | h: 8 | h: 8", " | i: 9 | i: 9", "- | price: | ", "- | type: number | ", " | title: | title:", "~ | analyzer: lucene.english | analyzer: lucene.french", " | type: string | type: string"},
		"regions":    {" | - name: US_EAST_1 | - name: US_EAST_1", "~ | nodes: 3 | nodes: 5", " | - name: EU_WEST_1 | - name: EU_WEST_1", " | nodes: 2 | nodes: 2", "+ |  | - name: AP_SOUTH_1", "+ |  | nodes: 1"},
		"tags":       {"big: 9007199254740993", "env: live"},
	} {
		got := value[[]string](p, fmt.Sprintf("(%s)(%q)", rowsOf, path))
		for i := range got {
			got[i] = strings.TrimSpace(got[i])
		}
		for i := range want {
			want[i] = strings.TrimSpace(want[i])
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", path, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if got := value[string](p, `[...document.querySelectorAll("table.change th[scope=row]")].map((t) => t.parentElement.innerText.replace(/\s+/g, " ")).join()`); got != "password (sensitive) (sensitive)" {
		t.Error(got)
	}
	p.js(`document.querySelector(".hidden-lines button").click()`)
	if n := value[int](p, fmt.Sprintf("(%s)(%q).length", rowsOf, "definition")); n != 17 {
		t.Errorf("%d lines once the equal ones are shown", n)
	}
	if value[bool](p, `document.querySelector(".request") !== null`) {
		t.Error("requests are drawn before anybody asked")
	}
	p.js(`document.querySelector(".requests summary").click()`)
	p.within(`document.querySelector(".request") !== null`)
	request := value[string](p, `document.querySelector(".request").textContent`)
	for _, want := range []string{"PATCH /api/atlas/v2/groups/{groupId}/x 2025-02-19", "password: (sensitive)", "roles:\n  - a\n  - b", "groupId: (from project/shop /id)"} {
		if !strings.Contains(request, want) {
			t.Errorf("the request does not say %q: %s", want, request)
		}
	}
	shown := value[string](p, `document.body.innerText`)
	for _, want := range []string{"shop.yaml:12:3", "did you mean GROUP_OWNER?", "shop.yaml:4", "clusters/main is protected", "Failed: 403 NOT_GROUP_OWNER: not allowed", "Goes with it", "members: bo@example.com", "2027-01-02 03:04:05 UTC", "id: 0123456789abcdef01234567"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(shown, "sentinel-old") {
		t.Error("a sensitive value is shown")
	}
	p.quiet()
}

func orderOfSteps(t *testing.T, browser context.Context) {
	p := open(t, browser, largePlan())
	p.js(`document.getElementById("order").open = true`)
	boxes := `[...document.querySelectorAll("#order .node")].map((n) => n.getAttribute("aria-label"))`
	p.within(boxes + `.length > 0`)
	want := "Project create: 500 steps; ProjectTeam create: 500 steps; ManagedSlowMs update: 500 steps; ProjectUser update: 1,000 steps; all of 500 scopes every create and update there; ProjectUser delete: 500 steps"
	if got := strings.Join(value[[]string](p, boxes), "; "); got != want {
		t.Errorf("the overview is %s", got)
	}
	if n := value[int](p, `document.querySelectorAll("#order .edge").length`); n != 6 {
		t.Errorf("%d arrows", n)
	}
	p.choose("by-scope", "project/p001")
	p.within(boxes + `.length === 7`)
	p.js(`[...document.querySelectorAll("#order .node")].find((n) => n.getAttribute("aria-label").includes("teams/platform")).focus()`)
	p.do(chromedp.KeyEvent(kb.Enter))
	p.within(`document.querySelector("#order .node.chosen") !== null`)
	if got := value[string](p, `document.querySelector("#order .body > p").textContent`); got != "Around project/p001/teams/platform. Right before it: 1 step, right after it: 3." {
		t.Error(got)
	}
	p.js(`[...document.querySelectorAll("#order button")].find((b) => b.textContent === "Open the step").click()`)
	p.within(`document.activeElement.tagName === "SUMMARY" && document.activeElement.parentElement.dataset.address === "project/p001/teams/platform"`)

	// Of a step in a group that is not drawn yet, too.
	p.js(`[...document.querySelectorAll("button")].find((b) => b.textContent === "Reset").click()`)
	p.js(`document.querySelectorAll("#steps .item")[3].querySelector("summary").click()`)
	p.within(`document.querySelectorAll("#steps .item")[3].querySelector(".order button") !== null`)
	p.js(`document.querySelectorAll("#steps .item")[3].querySelector(".order button").click()`)
	p.within(`document.querySelector("#order .node.chosen")?.getAttribute("aria-label") === "project/p000/users/u0-0@example.com update ProjectUser project/p000"`)
	p.quiet()
}

func driftPage(t *testing.T, browser context.Context) {
	p := open(t, browser, fromJSON(t, driftDocument))
	shown := value[string](p, `document.body.innerText.replace(/\s+/g, " ")`)
	for _, want := range []string{"By bo@example.com (user), 2027-01-02 03:04:05 UTC: USER_ROLES_CHANGED_AUDIT", "By whom: the event is older than what Atlas keeps", "3 equal findings users/x@example.com",
		"Accepted until 2999-12-31: known", "38 of 41 live objects governed (92.6 %)", "payments.yaml:9:5", "Throttled 2"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not say %q: %s", want, shown)
		}
	}
	tile := `[...document.querySelectorAll("button.tile")].find((b) => b.textContent === "2 drift")`
	p.js(tile + `.click()`)
	if got := value[string](p, said); got != "Shown: 2 of 6 findings" {
		t.Error(got)
	}
	if got := value[string](p, tile+`.getAttribute("aria-pressed")`); got != "true" {
		t.Errorf("the tile is pressed: %s", got)
	}
	p.js(tile + `.click()`)
	p.do(chromedp.SendKeys(chromedp.CSS("#search"), "bo@example.com")) // who did it
	p.within(said + ` === "Shown: 1 of 6 findings"`)
	p.quiet()
}

func coveragePage(t *testing.T, browser context.Context) {
	p := open(t, browser, coverageDocument())
	if got := value[string](p, `document.querySelector(".tiles").innerText.replace(/\s+/g, " ").trim()`); got != "1,155 of 1,800 live objects governed (64.1 %)" {
		t.Error(got)
	}
	if got := value[string](p, `document.querySelector("#coverage summary").textContent`); got != "project/p246 of 3020.0 %" {
		t.Errorf("the first scope is %q", got)
	}
	p.choose("by-scope", "project/p24")
	p.within(`document.querySelectorAll("#coverage .item[open] tbody tr").length === 2`)
	row := value[string](p, `document.querySelector("#coverage tbody tr").innerText.replace(/\s+/g, " ")`)
	if !strings.HasPrefix(row, "ProjectUser 3 27 11.1 % project/p24/users/u00@example.com ") || !strings.HasSuffix(strings.TrimSpace(row), "14 more") {
		t.Errorf("%q", row)
	}
	p.do(chromedp.SendKeys(chromedp.CSS("#search"), "u17"))
	p.within(`document.querySelector("#coverage tbody").innerText.includes("u17@") && !document.querySelector("#coverage tbody").innerText.includes("u16@")`)
	p.quiet()
}

func hostileNames(t *testing.T, browser context.Context) {
	p := open(t, browser, hostilePlan())
	p.js(`document.getElementById("order").open = true`)
	p.js(`[...document.querySelectorAll("button")].find((b) => b.textContent === "Open all").click()`)
	p.js(`document.querySelectorAll(".requests summary").forEach((s) => s.click())`)
	p.within(`document.querySelectorAll(".request").length === 6`)
	if value[bool](p, `window.pwned !== undefined || document.querySelectorAll("script").length !== 3 || document.images.length > 0`) {
		t.Error("a name became a program or an element")
	}
	shown := value[string](p, `document.body.textContent`)
	for _, want := range []string{hostile[0], hostile[1], hostile[2], hostile[3], hostile[5], `a\u202Eb\u2066c\u2028d\u0000e`} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	p.quiet()
}

// unreadable lists texts whose contrast to what is behind them is below 4.5.
const unreadable = `(() => {
  const numbers = (c) => (c.match(/[0-9.]+/g) || []).map(Number);
  const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const bad = [];
  let seen = 0;
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg, script, noscript, option") || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    seen++;
    const a = luminance(numbers(getComputedStyle(e).color)), b = luminance(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(ratio.toFixed(2) + " " + e.tagName + "." + e.className + " " + e.textContent.slice(0, 30));
  }
  return seen < 20 ? ["only " + seen + " texts were looked at"] : bad;
})()`
