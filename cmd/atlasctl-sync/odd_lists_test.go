package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasctl/atlasctl-sync/internal/sandbox"
)

// crowd is a seed with so many members of an organization, and a file that
// declares all of them.
func crowd(n int) (seed []byte, file string) {
	var s, f strings.Builder
	s.WriteString("organizations:\n  - name: Big\n    users:\n      - {username: ana@example.com, roles: [ORG_OWNER]}\n")
	f.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Big\nusers:\n  - {username: ana@example.com, roles: [ORG_OWNER]}\n")
	for i := range n - 1 {
		line := fmt.Sprintf("- {username: u%d@example.com, roles: [ORG_MEMBER]}\n", i)
		s.WriteString("      " + line)
		f.WriteString("  " + line)
	}
	return []byte(s.String()), f.String()
}

// A page is what a server makes of a list: all of its objects, and what was
// asked for.
type oddPage struct {
	all      []any
	num      int
	asked    int // how often this page was asked for
	url      string
	response map[string]any
}

func (p *oddPage) answer(from, to int, next bool, total any) {
	to = min(to, len(p.all))
	p.response["results"] = p.all[min(from, to):to]
	links := []any{map[string]any{"rel": "self", "href": p.url}}
	if next {
		links = append(links, map[string]any{"rel": "next", "href": "https://elsewhere.example.com/"})
	}
	p.response["links"] = links
	delete(p.response, "totalCount")
	if total != nil {
		p.response["totalCount"] = total
	}
}

// lists serves a sandbox whose list of users pages as odd as the function says.
func lists(t *testing.T, n int, odd func(p *oddPage)) (file string, env map[string]string) {
	t.Helper()
	seed, text := crowd(n)
	var all []any
	asked := map[int]int{}
	_, env = oddly(t, sandbox.Options{Seed: seed}, "GET", `/orgs/[0-9a-f]+/users$`, func(r *http.Request, doc map[string]any) {
		results := doc["results"].([]any)
		num, _ := strconv.Atoi(r.URL.Query().Get("pageNum"))
		if num == 1 && all == nil {
			all = results
		}
		asked[num]++
		odd(&oddPage{all: all, num: num, asked: asked[num], url: r.URL.String(), response: doc})
	})
	return declare(t, text), env
}

// TestPagesThatSayThereIsMore: a short page is not the end where Atlas says
// so, and an object that two pages show is one object.
func TestPagesThatSayThereIsMore(t *testing.T) {
	for name, odd := range map[string]func(p *oddPage){
		"short pages with a next link":      func(p *oddPage) { p.answer((p.num-1)*7, p.num*7, p.num*7 < len(p.all), nil) },
		"short pages with a count":          func(p *oddPage) { p.answer((p.num-1)*7, p.num*7, false, len(p.all)) },
		"an empty page in between":          func(p *oddPage) { p.answer((p.num-1)/2*20, (p.num-1)/2*20+20*(p.num%2), p.num < 4, nil) },
		"objects that two pages show":       func(p *oddPage) { p.answer(max(0, (p.num-1)*20-5), p.num*20, p.num < 2, len(p.all)) },
		"pageNum is ignored, and all comes": func(p *oddPage) { p.answer(0, len(p.all), false, len(p.all)) },
		"a count that is too low":           func(p *oddPage) { p.answer((p.num-1)*20, p.num*20, p.num < 2, 3) },
		"no count, one page":                func(p *oddPage) { p.answer((p.num-1)*500, p.num*500, false, nil) },
		"a count that is mended meanwhile":  func(p *oddPage) { p.answer((p.num-1)*500, p.num*500, false, len(p.all)+max(0, 2-p.asked)) },
		"the end was missing the first time": func(p *oddPage) {
			p.answer((p.num-1)*20, p.num*20-20*boolInt(p.num == 2 && p.asked == 1), p.num < 2, len(p.all))
		},
	} {
		for _, command := range []string{"plan", "drift"} {
			t.Run(name+" "+command, func(t *testing.T) {
				t.Parallel()
				file, env := lists(t, 40, odd)
				code, out := ran(t, env, command, "-o", "json", file)
				var doc struct {
					Summary struct{ None, Create, Unmanaged int }
				}
				if err := json.Unmarshal([]byte(out), &doc); err != nil || code != exitOK {
					t.Fatalf("exit code %d: %v: %s", code, err, out)
				}
				if doc.Summary.None != 41 || doc.Summary.Create+doc.Summary.Unmanaged > 0 {
					t.Errorf("%+v", doc.Summary)
				}
			})
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestListsThatAreNotWhole: where what was read cannot be all, nothing is
// planned, and the error names the list.
func TestListsThatAreNotWhole(t *testing.T) {
	for name, c := range map[string]struct {
		odd  func(p *oddPage)
		says string
	}{
		"the count says more":          {func(p *oddPage) { p.answer((p.num-1)*20, min(p.num*20, 20), false, 40) }, "the list is not whole: Atlas counts 40, and 20 came; it was read twice"},
		"a next link to nothing":       {func(p *oddPage) { p.answer((p.num-1)*20, min(p.num*20, 20), true, nil) }, "names a next one, and 2 in a row brought nothing new"},
		"one short page for ever":      {func(p *oddPage) { p.answer(0, 7, true, nil) }, "the list is not whole: page 3 names a next one"},
		"one short page and the count": {func(p *oddPage) { p.answer(0, 7, false, 40) }, "Atlas counts 40, and 7 came"},
		"no results":                   {func(p *oddPage) { p.response["results"] = nil }, "the answer has no results"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, env := lists(t, 40, c.odd)
			for _, command := range []string{"plan", "drift", "apply --auto-approve", "export"} {
				args := strings.Fields(command)
				if command != "export" {
					args = append(args, file)
				}
				code, out := ran(t, env, args...)
				if code != exitError || !strings.Contains(out, c.says) || !strings.Contains(out, "GET /api/atlas/v2/orgs/") {
					t.Errorf("%s: exit code %d: %s", command, code, out)
				}
				if strings.Contains(out, "u39@example.com") {
					t.Errorf("%s planned from half a list: %s", command, out)
				}
			}
		})
	}
}

// TestEndlessPages: full pages without end are read up to a bound, be they the
// same or new each time.
func TestEndlessPages(t *testing.T) {
	for name, c := range map[string]struct {
		id   func(page, i int) int
		says string
	}{
		"the same page":  {func(_, i int) int { return i }, "page 2 shows what the pages before it showed"},
		"always another": {func(page, i int) int { return page*500 + i }, "the list does not end: 100500 objects on 201 pages so far"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, env := lists(t, 1, func(p *oddPage) {
				results := make([]any, 500)
				for i := range results {
					results[i] = map[string]any{"id": fmt.Sprintf("%024x", c.id(p.num, i)), "username": fmt.Sprintf("x%d@example.com", c.id(p.num, i)),
						"orgMembershipStatus": "ACTIVE", "roles": map[string]any{"orgRoles": []any{"ORG_MEMBER"}}, "teamIds": []any{}}
				}
				p.response["results"] = results
				delete(p.response, "totalCount")
				p.response["links"] = []any{}
			})
			code, out := ran(t, env, "plan", file)
			if code != exitError || !strings.Contains(out, c.says) || !strings.Contains(out, "GET /api/atlas/v2/orgs/") {
				t.Errorf("exit code %d: %s", code, out[:min(len(out), 2000)])
			}
		})
	}
}
