package sandbox

import (
	"slices"
	"strings"
)

// frequencies are how often snapshots are taken, the most frequent first, with
// the intervals that each may have and the least days that they are kept.
var frequencies = []struct {
	name      string
	intervals []float64
	least     float64
}{
	{"hourly", []float64{1, 2, 4, 6, 8, 12}, 0},
	{"daily", []float64{1}, 0},
	{"weekly", upTo(7), 7},
	{"monthly", append(upTo(28), 40), 31},
	{"yearly", upTo(12), 365},
}

func upTo(n int) []float64 {
	var all []float64
	for i := range n {
		all = append(all, float64(i+1))
	}
	return all
}

// daysOf is how long a policy item keeps its snapshots.
func daysOf(item map[string]any) float64 {
	unit := map[string]float64{"days": 1, "weeks": 7, "months": 365.25 / 12, "years": 365.25}
	return unit[textOf(item, "retentionUnit")] * numberIn(item, "retentionValue")
}

// checkItems holds policy items to their intervals, and to the ladder: what is
// taken more rarely is kept at least as long.
func checkItems(items []map[string]any, size string) error {
	most, of := 0.0, ""
	seen := map[string]bool{}
	for _, f := range frequencies {
		longest := 0.0
		for _, item := range items {
			if item["frequencyType"] != f.name {
				continue
			}
			interval, days := numberIn(item, "frequencyInterval"), daysOf(item)
			key := f.name + " " + jsonOf(interval)
			least := days < f.least && !(f.name == "monthly" && days >= 30 && textOf(item, "retentionUnit") == "months")
			switch {
			case seen[key] || len(seen) > 0 && (f.name == "hourly" || f.name == "daily") && strings.Contains(jsonOf(seen), f.name):
				return invalidPolicy("there is more than one %s policy item", f.name)
			case !slices.Contains(f.intervals, interval), f.name == "hourly" && strings.Contains(size, "NVME") && interval != 12:
				return invalidPolicy("the frequency interval %v is none of a %s policy item", interval, f.name)
			case numberIn(item, "retentionValue") < 1 || least:
				return invalidPolicy("a %s policy item keeps its snapshots for at least %v days", f.name, max(1, f.least))
			case days < most:
				return invalidPolicy("the retention of a %s policy item cannot be less than that of a %s one", f.name, of)
			}
			seen[key] = true
			longest = max(longest, days)
		}
		if longest > most {
			most, of = longest, f.name
		}
	}
	return nil
}

// checkCopies refuses copies that say what is copied in more than one way, or
// in the one that the schedule does not use, or of a zone that is not the cluster's.
func checkCopies(t, cluster *thing) error {
	byItems := t.Fields["copyPolicyItemsEnabled"] == true
	for _, copied := range objectsOf(t, "copySettings") {
		items, times := copied["copyPolicyItems"] != nil, copied["frequencies"] != nil
		_, last := copied["lastNumberOfSnapshots"]
		switch {
		case items && !byItems:
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute copyPolicyItems specified. It needs copyPolicyItemsEnabled.")
		case times && byItems:
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute frequencies specified. With copyPolicyItemsEnabled copyPolicyItems takes its place.")
		case last && (items || times):
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute lastNumberOfSnapshots specified. It takes the place of frequencies and copyPolicyItems.")
		case !slices.ContainsFunc(specsOf(cluster), func(spec map[string]any) bool { return spec["zoneId"] == copied["zoneId"] }):
			return fail(400, "INVALID_ATTRIBUTE", "Invalid attribute zoneId specified. The cluster has no zone %v.", copied["zoneId"])
		}
	}
	return nil
}
