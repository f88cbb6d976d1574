package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A fakeHub is what the recipes ask of GitHub: releases, and the issues and comments of
// one repository; of GitLab: the notes of a merge request and the issues of a project.
type fakeHub struct {
	URL string
	mu  sync.Mutex
	hubState
}

type hubState struct {
	files    map[string][]byte
	comments []post // of the pull request or merge request 5
	issues   []post
	closing  []string // what was said when an issue was closed
	refused  []string // requests that it does not know, or without a token
}

// A post is a comment or an issue, as GitHub and GitLab spell it.
type post struct {
	ID     int               `json:"id"`
	Number int               `json:"number"`
	IID    int               `json:"iid"`
	Title  string            `json:"title,omitempty"`
	Body   string            `json:"body"`
	State  string            `json:"state,omitempty"`
	User   map[string]string `json:"user"`
}

func startHub(t *testing.T) *fakeHub {
	t.Helper()
	h := &fakeHub{hubState: hubState{files: map[string][]byte{}}}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.URL = server.URL
	return h
}

// now returns what there is.
func (h *fakeHub) now() hubState {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.hubState
	s.comments, s.issues = slices.Clone(s.comments), slices.Clone(s.issues)
	return s
}

// change changes what there is.
func (h *fakeHub) change(f func(*hubState)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(&h.hubState)
}

func (h *fakeHub) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if data, ok := h.files[q.URL.Path]; ok {
		_, _ = w.Write(data) // the client's end shows what did not arrive
		return
	}
	var in post
	if q.Header.Get("Private-Token") == "gitlab-token" {
		_ = q.ParseForm()
		in = post{Title: q.Form.Get("title"), Body: q.Form.Get("body") + q.Form.Get("description")}
		if q.Form.Get("state_event") == "close" {
			in.State = "closed"
		}
	} else if q.Header.Get("Authorization") != "Bearer job-token" || q.Method != "GET" && json.NewDecoder(q.Body).Decode(&in) != nil {
		h.refuse(w, q)
		return
	}
	below := strings.NewReplacer("/repos/acme/atlas", "", "/projects/9/merge_requests/5/notes", "/issues/5/comments", "/projects/9", "").Replace(q.URL.Path)
	route := q.Method + " " + strings.Replace(below, "/issues/comments/", "/comments/", 1)
	switch id := path.Base(below); {
	case route == "GET /issues/5/comments":
		answer(w, q, h.comments)
	case route == "POST /issues/5/comments":
		h.comments = append(h.comments, in.born(len(h.comments)))
	case strings.HasPrefix(route, "PATCH /comments/"), strings.HasPrefix(route, "PUT /issues/5/comments/"):
		edit(h.comments, id, in)
	case route == "GET /issues":
		answer(w, q, slices.DeleteFunc(slices.Clone(h.issues), func(p post) bool { return p.State == "closed" }))
	case route == "POST /issues":
		h.issues = append(h.issues, in.born(len(h.issues)))
	case strings.HasPrefix(route, "POST /issues/"):
		h.closing = append(h.closing, in.Body)
	case strings.HasPrefix(route, "PATCH /issues/"), strings.HasPrefix(route, "PUT /issues/"):
		edit(h.issues, id, in)
	default:
		h.refuse(w, q)
	}
}

func (h *fakeHub) refuse(w http.ResponseWriter, q *http.Request) {
	h.refused = append(h.refused, q.Method+" "+q.URL.Path)
	w.WriteHeader(http.StatusNotFound)
}

func (p post) born(before int) post {
	p.ID = before + 1
	p.Number, p.IID, p.User = p.ID, p.ID, map[string]string{"type": "Bot"}
	return p
}

// answer writes one page of posts, 100 at most.
func answer(w http.ResponseWriter, q *http.Request, posts []post) {
	page, _ := strconv.Atoi(q.URL.Query().Get("page")) // 0: GitLab's first
	from := min(max(page-1, 0)*100, len(posts))
	_ = json.NewEncoder(w).Encode(append([]post{}, posts[from:min(from+100, len(posts))]...))
}

func edit(posts []post, id string, in post) {
	for i := range posts {
		if strconv.Itoa(posts[i].ID) != id {
			continue
		}
		if in.Body != "" {
			posts[i].Body = in.Body
		}
		if in.State != "" {
			posts[i].State = in.State
		}
	}
}

// release makes the hub serve a release that holds this program.
func (h *fakeHub) release(t *testing.T, version string) {
	t.Helper()
	program, err := exec.LookPath("atlasctl-sync")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	zip := gzip.NewWriter(&archive)
	files := tar.NewWriter(zip)
	if err := files.WriteHeader(&tar.Header{Name: "atlasctl-sync", Mode: 0o755, Size: int64(len(data))}); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("atlasctl-sync_%s_%s_%s.tar.gz", version, runtime.GOOS, runtime.GOARCH)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files["/releases/v"+version+"/"+name] = archive.Bytes()
	h.files["/releases/v"+version+"/checksums.txt"] = fmt.Appendf(nil, "%s  another_file\n%x  %s\n", strings.Repeat("0", 64), sha256.Sum256(archive.Bytes()), name)
}
