package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	people = 200 // in the organization
	teams  = 3   // each of which is in every project
	users  = 12  // in each project
	limits = 2   // of its federated database
)

// A world is an organization with many projects, and the files that declare it:
// for each project its users, teams, limits and settings. The files may declare
// extra users, one after the other in all projects.
type world struct {
	projects, extra int
	dir             string
}

func (w *world) seed() string   { return filepath.Join(w.dir, "seed.yaml") }
func (w *world) config() string { return filepath.Join(w.dir, "config") }

// resources is how many there are live: the organization's, and of each project
// itself, its users, teams, settings, federated database and limits.
func (w *world) resources() int { return 1 + people + teams + w.projects*(1+users+teams+2+3) }

func (w *world) write() error {
	if err := os.MkdirAll(w.config(), 0o700); err != nil {
		return err
	}
	var seed strings.Builder
	seed.WriteString("organizations:\n  - name: Acme\n    users:\n")
	entries(&seed, 6, people, person)
	seed.WriteString("    teams:\n")
	entries(&seed, 6, teams, team)
	seed.WriteString("projects:\n")
	for p := range w.projects {
		fmt.Fprintf(&seed, "  - name: project%d\n    organization: Acme\n    managedSlowMs: true\n    users:\n", p)
		entries(&seed, 6, users, user)
		seed.WriteString("    teams:\n")
		entries(&seed, 6, teams, role)
		seed.WriteString("    dataFederation:\n      - name: lake\n        limits:\n")
		entries(&seed, 10, limits, limit)
	}
	return errors.Join(os.WriteFile(w.seed(), []byte(seed.String()), 0o600), w.declare())
}

// declare writes the files.
func (w *world) declare() error {
	var org strings.Builder
	org.WriteString("apiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\nusers:\n")
	entries(&org, 2, people, person)
	org.WriteString("teams:\n")
	entries(&org, 2, teams, team)
	err := os.WriteFile(filepath.Join(w.config(), "acme.yaml"), []byte(org.String()), 0o600)
	for p := range w.projects {
		var file strings.Builder
		fmt.Fprintf(&file, "apiVersion: atlasctl-sync/v1\nkind: Project\nname: project%d\norganization: Acme\nmanagedSlowMs: {enabled: true}\nencryptionAtRest: {enabledForSearchNodes: false}\nusers:\n", p)
		extra := (w.extra - p + w.projects - 1) / w.projects
		entries(&file, 2, users+max(0, extra), user)
		file.WriteString("teams:\n")
		entries(&file, 2, teams, role)
		file.WriteString("dataFederation:\n  - name: lake\n    limits:\n")
		entries(&file, 6, limits, limit)
		err = errors.Join(err, os.WriteFile(filepath.Join(w.config(), fmt.Sprintf("project%d.yaml", p)), []byte(file.String()), 0o600))
	}
	return err
}

// entries writes the entries of a list, indented by so much.
func entries(to *strings.Builder, indent, n int, entry func(int) string) {
	for i := range n {
		to.WriteString(strings.Repeat(" ", indent) + "- " + entry(i))
	}
}

func person(u int) string {
	role := "ORG_MEMBER"
	if u == 0 {
		role = "ORG_OWNER"
	}
	return fmt.Sprintf("{username: user%d@example.com, roles: [%s]}\n", u, role)
}

func team(t int) string { return fmt.Sprintf("{name: team%d, members: [user%d@example.com]}\n", t, t) }

func user(u int) string {
	return fmt.Sprintf("{username: user%d@example.com, roles: [GROUP_READ_ONLY]}\n", u)
}

func role(t int) string { return fmt.Sprintf("{name: team%d, roles: [GROUP_READ_ONLY]}\n", t) }

func limit(l int) string {
	period := []string{"daily", "weekly"}[l]
	return fmt.Sprintf("{name: bytesProcessed.%s, value: 1073741824, overrunPolicy: BLOCK}\n", period)
}
