package sandbox

import "time"

// The states of a cluster.
const (
	clusterCreating = "CREATING"
	clusterUpdating = "UPDATING"
	clusterIdle     = "IDLE"
	clusterDeleting = "DELETING"
	// clusterChanged is an update that has been taken and not begun: answers
	// still say IDLE, once.
	clusterChanged = "CHANGED"
)

// longestPause and longestPin are after which time Atlas itself ends a pause,
// and the pin of a version.
const (
	longestPause = 30 * 24 * time.Hour
	longestPin   = 4 * 7 * 24 * time.Hour
	// shortestRun is how long a resumed cluster must run before the next pause.
	shortestRun = time.Hour
)

func clusterBecomes(c *call, t *thing) string {
	switch t.State {
	case clusterCreating, clusterChanged:
		return clusterUpdating
	case clusterUpdating:
		return clusterIdle
	case clusterDeleting:
		return gone
	}
	if c.pauseEnds(t) || c.pinEnds(t) {
		return clusterUpdating
	}
	return ""
}

func clusterReached(c *call, t *thing) {
	if c.pauseEnds(t) {
		t.Fields["paused"] = false
		t.keep("pausedAt", nil)
	}
	if c.pinEnds(t) {
		unpin(t)
	}
}

func (c *call) pauseEnds(t *thing) bool {
	at := keptInstant(t, "pausedAt")
	return t.Fields["paused"] == true && !at.IsZero() && !c.now.Before(at.Add(longestPause))
}

func (c *call) pinEnds(t *thing) bool {
	at := instant(t.text(pinnedUntil))
	return !at.IsZero() && !c.now.Before(at)
}

// keptInstant is a moment that the thing keeps, zero for none.
func keptInstant(t *thing, name string) time.Time {
	text, _ := t.Kept[name].(string)
	return instant(text)
}

// work puts a cluster to work on a change. A change that comes while it works is
// taken all the same.
func (c *call) work(t *thing) {
	switch t.State {
	case clusterIdle:
		t.become(clusterChanged, c.now)
	case clusterUpdating:
		t.become(clusterUpdating, c.now)
	}
}

// pathCluster is the cluster that the path names; nil for none, and for a Flex
// cluster.
func (c *call) pathCluster() *thing { return c.named("clusters", c.param("clusterName")) }

// named is the cluster, or the Flex cluster, of a name; nil for none.
func (c *call) named(resource, name string) *thing {
	for _, t := range c.things(resource) {
		if t.text("name") == name {
			return t
		}
	}
	return nil
}

// workOn puts the path's cluster to work on what was written below it.
func (c *call) workOn(change func(cluster *thing)) {
	if t := c.pathCluster(); t != nil {
		c.putToWork(t, change)
	}
}

func (c *call) putToWork(cluster *thing, change func(cluster *thing)) {
	cluster = cluster.clone()
	change(cluster)
	c.work(cluster)
	c.write("clusters", cluster)
}
