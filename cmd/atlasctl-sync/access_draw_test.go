package main

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

var (
	orgRoleNames     = []string{"ORG_OWNER", "ORG_READ_ONLY", "ORG_MEMBER", "ORG_BILLING_ADMIN"}
	projectRoleNames = []string{"GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER"}
)

// An accessWorld is who has access at first, and files that change it.
type accessWorld struct{ seed, files string }

// drawAccess draws one or two organizations with projects, of which one name may
// be in both, and files for the first.
func drawAccess(r *rapid.T) accessWorld {
	d := accessDraw{r: r}
	var projects, documents strings.Builder
	d.seed.WriteString("organizations:\n")
	projects.WriteString("projects:\n")
	orgs := []string{"Acme", "Beta"}[:rapid.IntRange(1, 2).Draw(r, "organizations")]
	for _, org := range orgs {
		d.organization(org)
		if org == "Acme" {
			documents.WriteString(d.document())
		}
		names := []string{"p", "q"}[:rapid.IntRange(1, 2).Draw(r, org+" projects")]
		for _, name := range names {
			where := org + "/" + name
			fmt.Fprintf(&projects, "  - name: %s\n    organization: %s\n    users: %s\n    teams: %s\n    serviceAccounts: %s\n    apiKeys: %s\n", name, org,
				d.grants(where+" users", "username", d.active), d.grants(where+" teams", "name", d.teams),
				d.grants(where+" accounts", "name", []string{"bot"}), d.grants(where+" keys", "name", []string{"key"}))
			if org == "Acme" {
				documents.WriteString(d.project(name))
			}
		}
	}
	return accessWorld{d.seed.String() + projects.String(), documents.String()}
}

type accessDraw struct {
	r                    *rapid.T
	seed                 strings.Builder
	known, active, teams []string
	keys                 int
	leaving              []string // whom a file has leave the organization: no project names them
	inProjects           bool
}

func (d *accessDraw) some(label string, of []string, least int) []string {
	if len(of) < least {
		least = len(of)
	}
	return rapid.Permutation(of).Draw(d.r, label)[:rapid.IntRange(least, len(of)).Draw(d.r, label+" n")]
}

func yamlList(of []string) string { return "[" + strings.Join(of, ", ") + "]" }

func (d *accessDraw) yes(label string) bool { return rapid.Bool().Draw(d.r, label) }

// organization draws who is in one, and who can be in its projects.
func (d *accessDraw) organization(org string) {
	d.known, d.active, d.teams = nil, []string{"ana@example.com"}, nil
	fmt.Fprintf(&d.seed, "  - name: %s\n    federation: %v\n    users:\n      - {username: ana@example.com, roles: [ORG_OWNER]}\n", org, org == "Acme")
	for _, name := range []string{"bo@example.com", "cy@example.com", "dee@example.com"} {
		status := rapid.SampledFrom([]string{"", "ACTIVE", "ACTIVE", "PENDING", "INVITATION_EXPIRED"}).Draw(d.r, org+name)
		if status == "" {
			continue
		}
		fmt.Fprintf(&d.seed, "      - {username: %s, roles: %s, status: %s}\n", name, yamlList(d.some(org+name+" roles", orgRoleNames, 1)), status)
		if status != "INVITATION_EXPIRED" {
			d.known = append(d.known, name)
		}
		if status == "ACTIVE" {
			d.active = append(d.active, name)
		}
	}
	d.seed.WriteString("    teams:\n")
	for _, team := range []string{"t0", "t1"} {
		d.teams = append(d.teams, team)
		fmt.Fprintf(&d.seed, "      - {name: %s, members: %s}\n", team, yamlList(d.some(org+team, d.active, 0)))
	}
	fmt.Fprintf(&d.seed, "    serviceAccounts: [{name: bot, description: b, roles: %s}]\n", yamlList(d.some(org+" bot", orgRoleNames, 1)))
	d.seed.WriteString("    apiKeys:\n")
	d.key(org, "key", d.some(org+" key", orgRoleNames, 1))
	if d.yes(org + " twins") {
		d.key(org, "twin", d.some(org+" twin", orgRoleNames, 1))
		d.key(org, "twin", []string{"ORG_OWNER"})
	}
}

// key adds an API key to the seed. Its parts only have to be different from others'.
func (d *accessDraw) key(org, name string, roles []string) {
	d.keys++
	fmt.Fprintf(&d.seed, "      - {name: %s, publicKey: public%02d, privateKey: 00000000-0000-0000-0000-0000000000%02d, roles: %s}\n", name, d.keys, d.keys, yamlList(roles))
}

func (d *accessDraw) grants(label, by string, of []string) string {
	out := []string{}
	for _, name := range d.some(label, of, 0) {
		out = append(out, fmt.Sprintf("{%s: %s, roles: %s}", by, name, yamlList(d.some(label+name, projectRoleNames, 1))))
	}
	return yamlList(out)
}

// stands draws what a file says of somebody: nothing, roles, or that it is to go.
func (d *accessDraw) stands(label, entry string, roles []string) string {
	if slices.Contains(d.leaving, entry) {
		return ""
	}
	switch rapid.SampledFrom([]string{"nothing", "roles", "roles", "absent", "over"}).Draw(d.r, label) {
	case "roles":
		return fmt.Sprintf("  - {%s, roles: %s}\n", entry, yamlList(d.some(label+" to be", roles, 1)))
	case "absent":
		d.leaves(entry)
		return fmt.Sprintf("  - {%s, state: absent}\n", entry)
	case "over":
		d.leaves(entry)
		return fmt.Sprintf("  - {%s, roles: %s, until: 2020-01-01}\n", entry, yamlList(d.some(label+" was", roles, 1)))
	}
	return ""
}

// leaves notes who goes from the organization, the documents of which come first.
func (d *accessDraw) leaves(entry string) {
	if !d.inProjects {
		d.leaving = append(d.leaving, entry, strings.ReplaceAll(entry, "description: b", "organizationAccount: true"))
	}
}

// section writes a section whole, so that its list is read.
func section(name, entries string) string {
	if entries == "" {
		return name + ": []\n"
	}
	return name + ":\n" + entries
}

// document draws the organization's file.
func (d *accessDraw) document() string {
	var users, teams string
	in := slices.Clone(d.known)
	for _, name := range []string{"bo@example.com", "dee@example.com"} {
		entry := d.stands("file "+name, "username: "+name, orgRoleNames)
		users += entry
		if entry != "" && !strings.Contains(entry, "absent") && !strings.Contains(entry, "until") && !slices.Contains(in, name) {
			in = append(in, name)
		}
		if strings.Contains(entry, "absent") || strings.Contains(entry, "until") {
			in = slices.DeleteFunc(in, func(other string) bool { return other == name })
		}
	}
	for _, team := range []string{"t0", "t2"} {
		if d.yes("file " + team) {
			teams += fmt.Sprintf("  - {name: %s, members: %s}\n", team, yamlList(d.some("file members "+team, append(in, "ana@example.com"), 0)))
		}
	}
	return "---\napiVersion: atlasctl-sync/v1\nkind: Organization\nname: Acme\n" + section("users", users) + section("teams", teams) +
		section("apiKeys", d.stands("file key", "description: key", orgRoleNames)) + section("serviceAccounts", d.stands("file bot", "name: bot, description: b", orgRoleNames)) +
		"federation:\n  roleMappings: []\n"
}

// project draws a project's file.
func (d *accessDraw) project(name string) string {
	d.inProjects = true
	var users string
	for _, who := range []string{"ana@example.com", "bo@example.com", "cy@example.com"} {
		if who == "ana@example.com" || slices.Contains(d.known, who) {
			users += d.stands("file "+name+who, "username: "+who, projectRoleNames)
		}
	}
	return "---\napiVersion: atlasctl-sync/v1\nkind: Project\nname: " + name + "\norganization: Acme\n" + section("users", users) +
		section("teams", d.stands("file "+name+" t0", "name: t0", projectRoleNames)+d.stands("file "+name+" t1", "name: t1", projectRoleNames)) +
		section("apiKeys", d.stands("file "+name+" key", "description: key", projectRoleNames)) +
		section("serviceAccounts", d.stands("file "+name+" bot", "name: bot, organizationAccount: true", projectRoleNames)) +
		section("databaseUsers", d.databaseUser(name))
}

func (d *accessDraw) databaseUser(project string) string {
	if !d.yes("file database user " + project) {
		return ""
	}
	return fmt.Sprintf("  - {username: 'arn:aws:iam::123456789012:user/d0', awsIAMType: USER, roles: [{roleName: read, databaseName: z}], scopes: %s}\n",
		rapid.SampledFrom([]string{"[]", "[{name: c2, type: CLUSTER}]"}).Draw(d.r, "file scopes "+project))
}
