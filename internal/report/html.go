package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed html
var pageFiles embed.FS

// scripts are the parts of the page's program, in the order in which they
// stand in it.
var scripts = []string{"values", "compare", "fold", "list", "filter", "changes", "steps", "findings", "coverage", "layout", "graph", "main"}

// Facts are what a page tells of a run beside its document.
type Facts struct {
	Title       string    // how the run came out, in one line
	CommandLine string    // what was typed, without what may be secret; "" is not told
	Tool        string    // the program's version
	Time        time.Time // when the run ended
	Failing     []int     // which findings make a drift report fail: indexes
}

// HTML writes the document as a page that a browser shows without a network.
func HTML(w io.Writer, d *Document) error {
	d.Fill()
	f := Facts{Title: d.Title(), CommandLine: d.CommandLine, Tool: d.Tool, Time: d.Time, Failing: []int{}}
	for i, finding := range d.Findings {
		if d.fails(finding) {
			f.Failing = append(f.Failing, i)
		}
	}
	if d.Coverage != nil { // whose JSON has members of its own
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			return err
		}
		return Page(w, json.RawMessage(b.Bytes()), f)
	}
	return Page(w, d, f)
}

// Page writes any document of the form of -o json as a page: what it holds of
// steps, findings, diagnostics, scopes and the like is shown, the rest is not.
// The page holds the whole document, as JSON, and renders from that.
func Page(w io.Writer, document any, f Facts) error {
	data, err := embedded(document)
	if err != nil {
		return err
	}
	var outline outline
	if err := json.Unmarshal(data, &outline); err != nil {
		return err
	}
	facts, err := embedded(map[string]any{"failing": f.Failing})
	if err != nil {
		return err
	}
	script, err := script()
	if err != nil {
		return err
	}
	style, err := pageFiles.ReadFile("html/style.css")
	if err != nil {
		return err
	}
	t, err := template.New("page.gohtml").Funcs(template.FuncMap{"clean": Clean}).ParseFS(pageFiles, "html/page.gohtml")
	if err != nil {
		return err
	}
	return t.Execute(w, map[string]any{
		"Facts": f, "Outline": outline, "At": f.Time.UTC().Format("2006-01-02 15:04:05 UTC"), "DateTime": f.Time.UTC().Format(time.RFC3339),
		"Policy": policy(script, string(style)),
		"Style":  template.CSS(style), "Script": template.JS(script),
		"Document": template.JS(data), "About": template.JS(facts),
	})
}

// script returns the page's program: one function, so that its names are its own.
func script() (string, error) {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range scripts {
		part, err := pageFiles.ReadFile("html/" + name + ".js")
		if err != nil {
			return "", err
		}
		b.Write(part)
	}
	b.WriteString("})();\n")
	return b.String(), nil
}

// policy lets the page load nothing, and run nothing but this program.
func policy(script, style string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	return fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
		hash(script), hash(style))
}

// embedded spells a value as JSON that can stand in a script element: nothing
// in it can end the element, and nothing turns the text around for who reads
// the page's source.
func embedded(v any) ([]byte, error) {
	var plain, escaped bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	json.HTMLEscape(&escaped, bytes.TrimSpace(plain.Bytes()))
	if !bytes.ContainsFunc(escaped.Bytes(), turns) {
		return escaped.Bytes(), nil
	}
	var out []byte
	for _, r := range escaped.String() {
		if turns(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return out, nil
}

func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// An outline is what the page says of a document where no script runs.
type outline struct {
	Command string         `json:"command"`
	Summary map[string]any `json:"summary"`
	Steps   []struct {
		Address string       `json:"address"`
		Kind    string       `json:"kind"`
		Action  string       `json:"action"`
		Status  string       `json:"status"`
		Source  *placeOfJSON `json:"source"`
		Changes []struct {
			Path string `json:"path"`
		} `json:"changes"`
	} `json:"steps"`
	Findings []struct {
		Class   string       `json:"class"`
		Address string       `json:"address"`
		Kind    string       `json:"kind"`
		Path    string       `json:"path"`
		Message string       `json:"message"`
		Source  *placeOfJSON `json:"source"`
	} `json:"findings"`
	Scopes []struct {
		Address  string `json:"address"`
		Live     int    `json:"live"`
		Governed int    `json:"governed"`
	} `json:"scopes"`
	Diagnostics []struct {
		Severity string       `json:"severity"`
		Message  string       `json:"message"`
		Source   *placeOfJSON `json:"source"`
	} `json:"diagnostics"`
	Violations []struct {
		Message string `json:"message"`
	} `json:"violations"`
	Errors []string `json:"errors"`
}

// Counts lists the numbers of the summary, by name.
func (o outline) Counts() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(o.Summary)) {
		out = append(out, fmt.Sprintf("%s: %v", name, o.Summary[name]))
	}
	return out
}

type placeOfJSON struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// String returns file:line.
func (p *placeOfJSON) String() string {
	if p == nil {
		return ""
	}
	return Clean(fmt.Sprintf("%s:%d", p.File, p.Line))
}
