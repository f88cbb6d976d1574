package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/report"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// hostile names try to end what they stand in.
var hostile = []string{`</script><script>window.pwned = 1</script>`, `"><img src=x onerror="window.pwned = 2">`, "' onfocus='window.pwned=3' x='", "<!--<script>", "a\u202eb\u2066c\u2028d\u0000e", "{{.}} ${window.pwned = 4}"}

func hostilePlan() *report.Document {
	d := report.NewDocument("plan", &planner.Plan{})
	for _, name := range hostile {
		a := spec.ScopeAddress("project", name)
		d.Steps = append(d.Steps, &planner.Step{Address: a.Child("users", name), Kind: name, Action: planner.Update, Status: planner.Planned, Source: &spec.Position{File: name, Line: 1, Column: 1},
			Changes: []planner.Change{{Path: name, Before: name, After: map[string]any{name: []any{name}}}}, Notes: []string{name}, Needs: []spec.Address{a.Child("teams", name)},
			Requests: []planner.Request{{Method: "POST", Path: "/" + name, Body: map[string]any{name: name}}}},
			&planner.Step{Address: a.Child("teams", name), Kind: "Team", Action: planner.Create, Status: planner.Planned})
		d.Findings = append(d.Findings, planner.Finding{Class: planner.Changed, Address: a, Kind: name, Path: name, Declared: name, Live: name + name, Message: name})
		d.Diagnostics = append(d.Diagnostics, spec.Diagnostic{Severity: "warning", Message: name, Hint: name, Source: spec.Position{File: name}})
		d.Errors = append(d.Errors, name)
	}
	d.CommandLine, d.Tool, d.Time = strings.Join(hostile, " "), hostile[0], ended
	return d
}

var dataElement = regexp.MustCompile(`(?s)<script type="application/json" id="document">(.*?)</script>`)

// The page holds the document that -o json prints, and nothing in it can end
// the element that holds it.
func TestPageHoldsTheDocument(t *testing.T) {
	for name, d := range map[string]*report.Document{"plan": largePlan(), "apply": smallApply(t), "hostile": hostilePlan(), "empty": report.NewDocument("drift", nil)} {
		var printed bytes.Buffer
		if err := d.Write(&printed); err != nil {
			t.Fatal(err)
		}
		page := pageOf(t, d)
		found := dataElement.FindSubmatch(page)
		if found == nil {
			t.Fatalf("%s: the page holds no document", name)
		}
		if i := bytes.IndexAny(found[1], "<>&\u2028\u2029"); i >= 0 {
			t.Errorf("%s: the document holds %q", name, found[1][max(0, i-20):i+3])
		}
		if !reflect.DeepEqual(decoded(t, found[1]), decoded(t, printed.Bytes())) {
			t.Errorf("%s: the page holds another document than -o json prints", name)
		}
		if n := bytes.Count(page, []byte("<script")); n != 3 {
			t.Errorf("%s: the page has %d scripts", name, n)
		}
		if bytes.Contains(page, []byte("<img")) {
			t.Errorf("%s: a name became an element", name)
		}
	}
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The page asks nothing of a network: what it is made of names no address but
// that of a namespace.
func TestPageLoadsNothing(t *testing.T) {
	files, err := filepath.Glob("html/*")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), `"http://www.w3.org/2000/svg"`, "")
		for _, no := range []string{"http:", "https:", "src=", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "</script"} {
			if strings.Contains(text, no) && (no != "</script" || strings.HasSuffix(file, ".js")) {
				t.Errorf("%s has %s", file, no)
			}
		}
		if strings.HasSuffix(file, ".js") && !strings.Contains(string(pageOf(t, report.NewDocument("plan", nil))), strings.TrimSpace(string(data))) {
			t.Errorf("%s is no part of the page", file)
		}
	}
}

// Where no script runs, the page still tells what there is.
func TestPageWithoutScripts(t *testing.T) {
	page := string(pageOf(t, smallApply(t)))
	_, outline, _ := strings.Cut(page, "<noscript>")
	outline, _, _ = strings.Cut(outline, "</noscript>")
	for _, want := range []string{"create: 1", "<td>delete</td><td><bdi>project/shop/users/bo@example.com</bdi></td><td>ProjectUser</td>", "shop.yaml:12: role", "refused: clusters/main is protected", "error: apply project/shop/users/bo@example.com: 403"} {
		if !strings.Contains(outline, want) {
			t.Errorf("the outline does not say %q:\n%s", want, outline)
		}
	}
	if drift := string(pageOf(t, fromJSON(t, driftDocument))); !strings.Contains(drift, "<td>missing</td><td><bdi>org/Acme/teams/platform</bdi></td>") {
		t.Error("a drift report has no outline of its findings")
	}
	if coverage := string(pageOf(t, coverageDocument())); !strings.Contains(coverage, "<td><bdi>project/p24</bdi></td><td>30</td><td>6</td>") {
		t.Error("a coverage report has no outline of its scopes")
	}
	if strings.ContainsAny(string(pageOf(t, hostilePlan())), "\u202e\u2066\u0000") {
		t.Error("a character that steers the text gets out")
	}
}

var (
	schemes = regexp.MustCompile(`(?s):root \{(.*?)\}`)
	token   = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)
)

// The colours of text have a contrast of 4.5 to what they stand on, those of
// borders of controls and of lines in the picture 3, as WCAG 2.2 asks for AA; in
// light, dark and on paper.
func TestPageContrast(t *testing.T) {
	data, err := os.ReadFile("html/style.css")
	if err != nil {
		t.Fatal(err)
	}
	found := schemes.FindAllStringSubmatch(string(data), -1)
	if len(found) != 3 {
		t.Fatalf("%d sets of colours", len(found))
	}
	for i, name := range []string{"light", "dark", "print"} {
		colours := map[string]float64{}
		for _, c := range token.FindAllStringSubmatch(found[i][1], -1) {
			colours[c[1]] = luminance(c[2])
		}
		for _, ground := range []string{"page", "panel"} {
			for _, text := range []string{"text", "muted", "create", "update", "delete", "replace", "other"} {
				atLeast(t, name, colours, text, ground, 4.5)
			}
			atLeast(t, name, colours, "edge", ground, 3)
			if name != "print" { // nothing has the focus on paper
				atLeast(t, name, colours, "focus", ground, 3)
			}
		}
		for _, sort := range []string{"create", "update", "delete", "replace", "other"} {
			atLeast(t, name, colours, sort, sort+"-ground", 4.5)
			atLeast(t, name, colours, "text", sort+"-ground", 4.5)
		}
	}
}

func atLeast(t *testing.T, scheme string, colours map[string]float64, front, ground string, want float64) {
	t.Helper()
	a, okA := colours[front]
	b, okB := colours[ground]
	if !okA || !okB {
		t.Errorf("%s: there is no colour %s or %s", scheme, front, ground)
		return
	}
	if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < want {
		t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", scheme, front, ground, ratio, want)
	}
}

// luminance is the relative luminance of a colour, as WCAG has it.
func luminance(hex string) float64 {
	part := func(i int) float64 {
		n, _ := strconv.ParseUint(hex[i:i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(0) + 0.7152*part(2) + 0.0722*part(4)
}
