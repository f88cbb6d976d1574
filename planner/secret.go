package planner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// A liveSecret is what Atlas tells of a secret: never its value.
type liveSecret struct {
	id, masked             string
	created, expires, used time.Time // used: zero if it never was
}

func secretsOf(o *Object, rot *spec.Rotation) []liveSecret {
	v, _ := spec.At(o.Raw, rot.Live)
	list, _ := v.([]any)
	var out []liveSecret
	for _, e := range list {
		out = append(out, liveSecret{id: spec.TextAt(e, "/id"), masked: spec.TextAt(e, "/maskedSecretValue"),
			created: moment(e, "/createdAt"), expires: moment(e, "/expiresAt"), used: moment(e, "/lastUsedAt")})
	}
	slices.SortFunc(out, func(x, y liveSecret) int { return x.created.Compare(y.created) })
	return out
}

func moment(v any, pointer string) time.Time {
	t, _ := time.Parse(time.RFC3339, spec.TextAt(v, pointer))
	return t
}

// lifetime is what was asked for when the secret was made, as far as nothing
// has cut it short since.
func (s liveSecret) lifetime() time.Duration { return s.expires.Sub(s.created) }

// hasLifetime tells whether the secret lives for exactly so many hours; Atlas
// may take its two times a moment apart.
func (s liveSecret) hasLifetime(hours int) bool {
	return (s.lifetime() - time.Duration(hours)*time.Hour).Abs() < time.Minute
}

func (s liveSecret) String() string {
	if s.created.IsZero() {
		return s.id
	}
	return fmt.Sprintf("%s of %s", s.id, stamp(s.created))
}

// describe is for a person who has to choose.
func (s liveSecret) describe(now time.Time) string {
	parts := []string{s.String()}
	if s.masked != "" {
		parts[0] += " (" + s.masked + ")"
	}
	if !s.expires.IsZero() {
		parts = append(parts, "expires "+stamp(s.expires))
	}
	if s.used.IsZero() {
		return strings.Join(append(parts, "never used"), ", ")
	}
	return strings.Join(append(parts, "last used "+stamp(s.used)), ", ")
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// lostWindow is how long after its note a secret can have been made that an
// interrupted run asked for: throttling and retries take minutes, and clocks differ.
const lostWindow = time.Hour

// isLost tells whether a secret is the one that an interrupted delivery made
// and nobody holds: not known before, made then and for that lifetime, and
// never used. What a person has made since is none of that. beside are the
// account's secrets, and cut is the most that a newer one leaves an older.
func (p Pending) isLost(s liveSecret, beside []liveSecret, cut time.Duration) bool {
	switch {
	case slices.Contains(p.Known, s.id) || !s.used.IsZero():
		return false
	case p.ID != "":
		return s.id == p.ID
	case p.At.IsZero() || s.created.Sub(p.At).Abs() > lostWindow:
		return false
	}
	return s.hasLifetime(p.Hours) || slices.ContainsFunc(beside, func(newer liveSecret) bool {
		return newer.id != s.id && !newer.created.Before(s.created) && s.expires.Sub(newer.created.Add(cut)).Abs() < time.Minute
	})
}
