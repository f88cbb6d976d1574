package sandbox

import (
	"slices"
	"sync"
)

// A resource is a sort of object of the API, as data: most parts of Atlas are
// objects of a schema below a parent, and the store is the one implementation
// of that. To add one:
//
//   - write a file with a *resource, and name it in the resources of a part (one
//     part an area; its id, name and scope are those of its rate limit);
//   - write a test beside it that drives it by raw HTTP;
//   - UPDATE=1 go test ./internal/sandbox -run TestTheDocsList.
//
// What the store takes from the official description (internal/api), at the
// version that the request negotiates: method, path, parameters and versions
// of each operation, the roles that it asks for, the status of success, the
// shape of a body (unknown members: INVALID_ATTRIBUTE; a wrong type, enum, pattern,
// bound, a missing member: VALIDATION_ERROR; read-only members are ignored; null only
// where the schema is nullable), whether a list comes in pages or as a bare
// array, which members an answer has at all, and the defaults of new objects. What
// the description says wrongly is corrected in internal/api/corrections.txt, with its
// source, and so for the kinds and the contract check too.
//
// What a request does, without any function:
//
//   - create: 409 with code taken if the identity is; else the object, with
//     defaults, an id if it has one, and the first state. A body that is an array
//     makes one object an item, and the answer is what the description says: the
//     object or a list.
//   - update (PATCH): members that the body has replace those of the object, each
//     whole; null takes one away. What the schema requires need not be in a body.
//   - replace (PUT): the body replaces all members that a body could have; those
//     that it lacks are as in a new object.
//   - remove: takes it away at once, with all that is below it, or gives it the
//     state in which that is being done.
//   - a singleton is there once for each parent. One without a create always is:
//     remove puts the defaults back. One with a create is not there before that.
//
// Objects live in the world (see thing), so the journal keeps them; they go with
// their project or parent. All functions run under the server's lock. A write works on
// a copy: what a function changed before it refuses the request is not seen. A
// function must not keep the call or the thing.
//
// A function must not name another resource's variable: Go would call that an
// initialization cycle. It asks by name: c.things("databaseUsers") are the objects of a
// resource in the project or organization of the path, c.below(t, "x") those in an
// object. They are no copies: clone one before you change it, then c.write it, and
// only from wrote or removed, when nothing can be refused any more.
type resource struct {
	// name is the name of the shelf that the objects are in. Unique.
	name string
	// of is the resource that the parent is one of; nil right below a project
	// or an organization, whichever the path names.
	of *resource
	// orOf is another resource that the parent may be one of.
	orOf *resource

	// The ids of the operations. "" for one that the API, or the emulator, has not;
	// several, which differ in how the path names the object, are separated by a bar.
	list, get, create, update, replace, remove string
	lists                                      []string // other operations that list the same objects
	actions                                    []action // other operations on one object
	extra                                      []extra  // operations that are on none

	singleton bool
	// preview says that it answers in that version too.
	preview bool

	// id is the member that holds an id of 24 hexadecimal digits, made at the
	// creation: "id", "_id", "roleId"; "" for none.
	id string
	// identity are the members that tell objects below one parent apart; nil: the
	// id, or nothing. A second object of the same identity is refused, or, with
	// upsert, written over by its create.
	identity []string
	upsert   bool
	// params are the parameters of the path that name an object, each with the
	// member that it is: "clusterName=name", "alertConfigId=id". Without "=" it
	// is the member of identity in the same place, or the id. Nil: parameters with
	// the names of identity's members. "name|clusterName=name" is
	// for one that paths of children call otherwise.
	params []string
	// named decides instead of identity and params whether the path names an
	// object.
	named func(c *call, t *thing) bool
	// same decides instead of identity whether a creation means an object that
	// is there.
	same func(a, b *thing) bool

	missing string // the code of the 404, RESOURCE_NOT_FOUND if left out
	taken   string // and of the 409
	// absent says more of a path that names no object; nil leaves it at missing.
	absent func(c *call) error

	// most is how many there may be below one parent (0: any number), or limit the
	// name of the project's limit that says so; full is the code of the refusal, a 403.
	most  int
	limit string
	full  string

	// defaults come over those of the description: members that a new object has
	// if its body has not. Nil for one that has none after all.
	defaults map[string]any
	// immutable members may be in an update, but only with the value that they
	// have.
	immutable []string
	// secrets are members (at the top) that are never kept: of each the thing
	// knows only that it was sent. Write-only ones of the description's are secret
	// without being named. An answer has none of them. A secret inside a member, or one that
	// is shown masked, is for prepare to replace by its mask before anything is kept.
	secrets []string
	// expires is the member with the instant at which an object vanishes.
	expires string
	// cycle are the states that an object passes. Nil for none.
	cycle *cycle

	// ease brings a body, as it was sent, into the shape that the description
	// gives it, where Atlas takes more than that.
	ease func(c *call, body any) error
	// prepare puts the members of a body, already of the right shape, into the
	// form in which Atlas keeps them, and refuses what it can refuse by itself.
	// Old is nil at a creation.
	prepare func(c *call, old *thing, body map[string]any) error
	// merge makes the members of an update (PATCH) instead of the merge of
	// top-level members.
	merge func(c *call, old *thing, body map[string]any) (map[string]any, error)
	// check refuses an object as it would be. Old is nil at a creation. It may
	// also fill in what Atlas fills in.
	check func(c *call, old, next *thing) error
	// removable refuses a removal.
	removable func(c *call, t *thing) error
	// blocks is the code with which the deletion of a project is refused while it
	// has any. "" for objects that go with their project.
	blocks string
	// initial are the members of what a new project has of them from the start.
	initial func(p *project) []map[string]any
	// wrote and removed are what a write leads to elsewhere.
	wrote   func(c *call, old, next *thing)
	removed func(c *call, t *thing)
	// show changes the members of an answer, a copy of the thing's. What the
	// answer of this version has no place for is taken out afterwards.
	show func(c *call, t *thing, v map[string]any)
	// filter leaves objects out of a list, by its query, a parameter of its path
	// that names no parent (a cloud provider), or its operation (c.id).
	filter func(c *call, t *thing) bool
	// listed makes the answer of a list from the shown objects, if it is
	// neither pages nor an array of them.
	listed func(c *call, all []any) (any, error)

	// may is who may read and write, if that is not as the description says.
	may map[string]rule // by operation id
	// events are the types of events of a creation, an update and a removal; see
	// eventTypes. Tells are the members of such an event.
	events   [3]string
	eventsOf func(t *thing) [3]string // instead of events, where the object matters
	tells    func(t *thing) map[string]string
	// cluster says that its objects are clusters, by whose names events are found.
	cluster bool
	// lane says which creations and updates exclude each other while they are
	// under way: the second is refused with 409. Nil for none.
	lane func(c *call) string

	once sync.Once
	made []operation
}

// An action is an operation on one object that is not one of the usual ones.
type action struct {
	operation string
	event     string
	// do may change the thing if it is not a GET. A map that it returns is shown
	// as it is; the thing itself as an object of the resource.
	do func(c *call, t *thing, body map[string]any) (any, error)
}

// An extra is an operation beside the objects of a resource.
type extra struct {
	operation string
	event     string
	do        func(c *call) (any, error)
}

// isSecret says whether a member is never kept.
func (r *resource) isSecret(name string) bool { return slices.Contains(r.secrets, name) }
