package spec

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Shard is one of several parts of what the files declare, each for a run of
// its own. Shard 0 holds the organizations with all that their own documents
// hold; shards 1 to Of share the projects, each of which is whole in one of them.
type Shard struct {
	Index int // 0 to Of
	Of    int // how many share the projects; of the organizations' shard 0 where nobody said
}

// MostShards is how many shards there can be.
const MostShards = 10_000

// organizations is the name of shard 0, whatever the number of the others.
const organizations = "organizations"

var shardText = regexp.MustCompile(`^([0-9]{1,6})/([0-9]{1,6})$`)

// ParseShard reads what --shard takes: 3/16, or organizations, which is 0/16 too.
func ParseShard(text string) (*Shard, error) {
	if text == organizations {
		return &Shard{}, nil
	}
	m := shardText.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("--shard takes K/N, such as 3/16, or organizations, not %q", text)
	}
	s := &Shard{}
	s.Index, _ = strconv.Atoi(m[1]) // a few digits
	s.Of, _ = strconv.Atoi(m[2])
	switch {
	case s.Of < 1 || s.Of > MostShards:
		return nil, fmt.Errorf("--shard %s: there can be 1 to %d shards", text, MostShards)
	case s.Index > s.Of:
		return nil, fmt.Errorf("--shard %s: of %d shards the projects' are 1/%d to %d/%d, and 0/%d is the organizations'", text, s.Of, s.Of, s.Of, s.Of, s.Of)
	}
	return s, nil
}

// String returns the shard as --shard takes it.
func (s Shard) String() string {
	if s.Index == 0 {
		return organizations
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Of)
}

// holds tells whether an organization or project is in the shard; without a shard
// all are.
func (s *Shard) holds(scope *Resource) bool {
	switch {
	case s == nil:
		return true
	case scope.Kind.Parent == "" || s.Index == 0:
		return scope.Kind.Parent == "" && s.Index == 0
	}
	return ShardOf(within(scope), strings.Join(scope.KeyParts(), "/"), s.Of) == s.Index
}

// HoldsLive tells the same of a live organization or project that no file
// declares, by its values.
func (s *Shard) HoldsLive(k *Kind, values map[string]any) bool {
	return s.holds(&Resource{Kind: k, Values: values})
}

// Holds tells whether the shard holds a declared resource, with all of its
// organization or project.
func (s *Shard) Holds(r *Resource) bool {
	return s.holds(r.Root())
}

// ShardOf returns the shard of a project, 1 to n, from nothing but its name and
// the organization that its document names ("" if none): the first eight bytes of
// the SHA-256 of both with a zero byte between, big-endian, put into one of n
// buckets by jump consistent hashing (Lamping and Veach, 2014). With one shard
// more, one project of n+1 moves, to the new shard.
func ShardOf(organization, project string, n int) int {
	sum := sha256.Sum256([]byte(organization + "\x00" + project))
	key := binary.BigEndian.Uint64(sum[:8])
	bucket, next := int64(0), int64(0)
	for next < int64(n) {
		bucket = next
		key = key*2862933555777941757 + 1
		next = int64(float64(bucket+1) * (float64(int64(1)<<31) / float64((key>>33)+1)))
	}
	return int(bucket) + 1
}

// Elsewhere tells whether a resource is in another shard than what is selected,
// so that another run is to write it.
func (s *State) Elsewhere(r *Resource) bool { return !s.filter.Shard.Holds(r) }

// ShardWith returns the shard that a resource is in, of as many as the selection's.
func (s *State) ShardWith(r *Resource) Shard {
	r = r.Root()
	if r.Kind.Parent == "" || s.filter.Shard == nil || s.filter.Shard.Of == 0 {
		return Shard{}
	}
	return Shard{Index: ShardOf(within(r), strings.Join(r.KeyParts(), "/"), s.filter.Shard.Of), Of: s.filter.Shard.Of}
}
