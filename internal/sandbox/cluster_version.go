package sandbox

import (
	"slices"
	"strings"
	"time"
)

// releases are the versions of MongoDB that clusters run, oldest first. The last
// one comes with versionReleaseSystem CONTINUOUS alone.
var releases = []struct{ major, full string }{
	{"5.0", "5.0.31"}, {"6.0", "6.0.24"}, {"7.0", "7.0.24"}, {"8.0", "8.0.13"}, {"8.2", "8.2.1"},
}

const usualRelease = "8.0"

func releaseOf(major string) int {
	return slices.IndexFunc(releases, func(r struct{ major, full string }) bool { return r.major == major })
}

// pinnedUntil is the member that shows whether a version is pinned.
const pinnedUntil = "featureCompatibilityVersionExpirationDate"

func invalidVersion(format string, args ...any) error {
	return fail(400, "MONGODB_VERSION_INVALID", "An invalid MongoDB version was specified: "+format, args...)
}

// fillVersion writes the version of a cluster as Atlas writes it, and refuses one
// that it cannot change to: only the next one up, or, while the feature
// compatibility version is pinned to it, the one below.
func fillVersion(old, t *thing) error {
	major := t.text("mongoDBMajorVersion")
	switch last := releases[len(releases)-1].major; {
	case t.text("versionReleaseSystem") == "CONTINUOUS":
		major = last
	case major == "" || major == last: // which is not one of the other system
		major = usualRelease
	case !strings.Contains(major, "."):
		major += ".0"
	}
	at := releaseOf(major)
	if at < 0 {
		return invalidVersion("%s", major)
	}
	if old != nil && old.text("versionReleaseSystem") == t.text("versionReleaseSystem") {
		switch before := releaseOf(old.text("mongoDBMajorVersion")); {
		case at > before+1:
			return invalidVersion("%s is more than one above %s", major, releases[before].major)
		case at < before && (at < before-1 || t.text(pinnedUntil) == "" || t.text("featureCompatibilityVersion") != major):
			return fail(400, "CLUSTER_UPGRADE_INVALID", "Cluster cannot be upgraded, as specified upgrade version is below the current version.")
		}
	}
	t.Fields["mongoDBMajorVersion"], t.Fields["mongoDBVersion"] = major, releases[at].full
	if t.text(pinnedUntil) == "" {
		t.Fields["featureCompatibilityVersion"] = major
	}
	return nil
}

// pinVersion pins the feature compatibility version. To pin again moves the
// date only, which cannot be later than four weeks from the first pin.
func pinVersion(c *call, t *thing, body map[string]any) (any, error) {
	if err := mayWork(t); err != nil {
		return nil, err
	}
	first := keptInstant(t, "pinnedAt")
	if t.text(pinnedUntil) == "" {
		first = c.now.UTC().Truncate(time.Second)
	}
	until := first.Add(longestPin)
	if text := textOf(body, "expirationDate"); text != "" {
		switch at := instant(text); {
		case !at.After(c.now):
			return nil, fail(400, "EXPIRATION_DATE_IN_PAST", "The specified expiration date must be in the future.")
		case at.After(until):
			return nil, fail(400, "EXPIRATION_DATE_EXCEEDS_MAX", "The specified expiration date can be at most 28 days from the day of the pin.")
		default:
			until = at
		}
	}
	t.keep("pinnedAt", stamp(first))
	t.Fields[pinnedUntil] = stamp(until)
	c.work(t)
	return nil, nil
}

func unpinVersion(c *call, t *thing, _ map[string]any) (any, error) {
	if err := mayWork(t); err != nil {
		return nil, err
	}
	unpin(t)
	c.work(t)
	return nil, nil
}

func unpin(t *thing) {
	delete(t.Fields, pinnedUntil)
	t.keep("pinnedAt", nil)
	t.Fields["featureCompatibilityVersion"] = t.text("mongoDBMajorVersion")
}

// mayWork refuses a change beside the cluster's own update where that would be
// refused.
func mayWork(t *thing) error {
	switch {
	case t.State == clusterDeleting:
		return alreadyDeleted(t)
	case isTenant(t):
		return fail(400, "TENANT_CLUSTER_UPDATE_UNSUPPORTED", "Cannot update a M0/M2/M5 cluster through the public API.")
	case t.Fields["paused"] == true:
		return pausedCluster(t)
	}
	return nil
}
