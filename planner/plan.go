// Package planner compares what the files declare with what is live and makes
// an ordered plan. It is pure: it reads nothing, writes nothing and takes the
// time as an input.
package planner

import (
	"encoding/json"
	"time"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// An Action is what a step does to its resource.
type Action string

// The actions.
const (
	None    Action = "none"
	Create  Action = "create"
	Update  Action = "update"
	Delete  Action = "delete"
	Replace Action = "replace"
)

// Symbol returns the sign that stands for the action in a plan.
func (a Action) Symbol() string {
	return map[Action]string{None: " ", Create: "+", Update: "~", Delete: "-", Replace: "-/+"}[a]
}

// A Status is how far a step got.
type Status string

// The statuses.
const (
	Planned  Status = "planned"
	Applied  Status = "applied"  // written, not read back
	Verified Status = "verified" // written and read back as declared
	Failed   Status = "failed"
	Skipped  Status = "skipped"
	Waiting  Status = "waiting" // something is left for the next run
)

// A Plan is an ordered list of steps with what else the comparison found.
type Plan struct {
	Steps       []*Step
	Findings    []Finding
	Diagnostics spec.Diagnostics
	Violations  []Violation // what a guard refuses
	Summary     Summary
	Time        time.Time
	LeftOut     []spec.LeftOut // what projects do not take from their baselines
	Done        []Done         // entries that say state: absent, and nothing of them is left
	// Access says who may do more or less once the plan is applied, as far as lists
	// were read; AccessUnread names those that would tell more.
	Access       []AccessChange
	AccessUnread []string
	// Wants are lists that no declared section asks for, and without which the
	// plan cannot be judged: it is to be made again once they are read.
	Wants []Want
}

// Done is an entry of a file that has done its work: it can be dropped.
type Done struct {
	Address spec.Address   `json:"address"`
	Source  *spec.Position `json:"source,omitempty"`
	// Until is when the entry ended, if that is why nothing is left.
	Until string `json:"until,omitempty"`
}

// A Want is a list to read.
type Want struct {
	Kind   *spec.Kind
	Params Params
}

// A Summary counts resources by what is to happen to them.
type Summary struct {
	Create       int `json:"create"`
	Update       int `json:"update"`
	Delete       int `json:"delete"`
	Replace      int `json:"replace"`
	None         int `json:"none"`
	Unmanaged    int `json:"unmanaged"`
	Unverifiable int `json:"unverifiable"`
	// Governed counts the live objects that the files declare, of Live: those
	// and the ones beside them that no file declares, as far as was looked.
	Governed int `json:"governed"`
	Live     int `json:"live"`
}

// A Step is one action on one resource, with the finished requests for it.
type Step struct {
	Address spec.Address   `json:"address"`
	Kind    string         `json:"kind"`
	Action  Action         `json:"action"`
	Source  *spec.Position `json:"source,omitempty"`
	Changes []Change       `json:"changes"`
	// Unchanged counts the declared fields that are as they should be.
	Unchanged int       `json:"unchanged,omitempty"`
	Requests  []Request `json:"requests"`
	// Needs names the steps that come first; an address that ends in /**
	// stands for every create and update in that scope.
	Needs  []spec.Address `json:"needs"`
	Notes  []string       `json:"notes,omitempty"`
	Status Status         `json:"status"`
	Error  *StepError     `json:"error,omitempty"`
	// Takes lists what goes although it is not the step's own object.
	Takes []Taken `json:"takes,omitempty"`
	// Outputs are what people need of the object elsewhere, once it was applied.
	Outputs map[string]any `json:"outputs,omitempty"`
	// Live is what the step was planned against: the live values of the fields
	// it depends on, none that is sensitive.
	Live map[string]any `json:"live,omitempty"`

	// Provisional says that the parent is created by the same plan, so that
	// nothing could be read: the resource is looked at again once it exists.
	Provisional bool `json:"provisional,omitempty"`
	// Lane names what must not be written to at the same time.
	Lane string `json:"-"`
	// Pruned says that no file names the resource any more.
	Pruned bool `json:"pruned,omitempty"`
	// Uncertain says that Atlas would accept the same creation twice, so it is
	// not repeated when its outcome is unknown.
	Uncertain bool `json:"-"`
	// Mends says that it deletes what an interrupted run has left.
	Mends bool `json:"-"`
	// Lost is set while the step runs, when the answer that held a new secret
	// never came.
	Lost *Pending `json:"-"`
	// Resource is what is declared; of a pruned one, its key alone.
	Resource *spec.Resource `json:"-"`

	// Seen is set while the step runs: what its last call answered, where that is
	// as good as a read.
	Seen any `json:"-"`

	// Wrote is set while the step runs, once a write of it was taken or may have been.
	Wrote bool `json:"-"`

	// Unsure is set while the step runs, once an answer to a write of it was lost: what is
	// there then may be somebody else's.
	Unsure bool `json:"-"`

	// Met is set while the step runs: what it was to create was there already, and
	// nothing of the run can have made it.
	Met bool `json:"-"`

	// Held says why something of it was left out while it ran: the plan did not
	// show it. It makes the step wait for the next run.
	Held string `json:"-"`

	object  *Object // what it is done to, or nil
	deletes int     // what the step counts against the delete ceiling
}

// Object returns what the step was planned against; nil if nothing was there.
func (s *Step) Object() *Object { return s.object }

// ID returns Atlas's id of what the step was planned against; "" if nothing was there, or
// it has none.
func (s *Step) ID() string {
	if s.object == nil {
		return ""
	}
	return s.object.id()
}

// Raw returns what is live of the step's resource, as Atlas answered it, or nil.
func (s *Step) Raw() any {
	if s.object == nil {
		return nil
	}
	return s.object.Raw
}

// A Taken goes indirectly: an object that exists only with the one that a step
// deletes, or that object as a member of another's collection.
type Taken struct {
	Address spec.Address `json:"address"`
	Path    string       `json:"path,omitempty"`   // the collection
	Member  string       `json:"member,omitempty"` // of the collection
}

// A StepError says why a step failed, in Atlas's words where it has some.
type StepError struct {
	Status    int    `json:"status,omitempty"`
	ErrorCode string `json:"errorCode,omitempty"`
	Detail    string `json:"detail"`
}

// A Change is one field that differs.
type Change struct {
	Path      string `json:"path"`
	Before    any    `json:"before"`
	After     any    `json:"after"`
	Sensitive bool   `json:"sensitive"`
	// Reason says why, where the values alone do not: "due".
	Reason string `json:"reason,omitempty"`
	// Destructive changes count against the delete ceiling.
	Destructive bool `json:"destructive,omitempty"`
	// Key says that the field is part of what identifies the resource.
	Key bool `json:"key,omitempty"`
	// Source is where the value is declared, if that is in a baseline.
	Source *spec.Position `json:"source,omitempty"`
	// Origins say what a project puts in the place of a baseline's placeholders.
	Origins []spec.Origin `json:"origins,omitempty"`
	// Unknown says that Before could not be read yet.
	Unknown bool `json:"unknown,omitempty"`

	added, removed []any // of a set: members, as declared and as live; of a document: "path: value"
	changed        []any // of a document: "path: value -> value"
}

// Changed returns what gets another value inside a document.
func (c Change) Changed() []any { return c.changed }

// Added returns the members that a set or a document gains.
func (c Change) Added() []any { return c.added }

// Removed returns the members that a set or a document loses.
func (c Change) Removed() []any { return c.removed }

// A Request is one finished call. Only references to what earlier steps make,
// and secrets, are filled in when it is sent.
type Request struct {
	Method  string         `json:"method"`
	Path    string         `json:"path"`             // with {placeholders} where Params fills them
	Params  map[string]any `json:"params,omitempty"` // values of Ref
	Query   map[string]any `json:"query,omitempty"`  // strings or values of Ref
	Version string         `json:"version"`
	Body    any            `json:"body,omitempty"`
	Wait    *Wait          `json:"wait,omitempty"`
	Deliver *Delivery      `json:"deliver,omitempty"`
	// Ordered names the members of the answer below which the order of members counts.
	Ordered []string `json:"-"`
	// Retry lists error codes that pass by themselves.
	Retry []string `json:"retry,omitempty"`
	// Idempotent says that sending it twice is harmless.
	Idempotent bool `json:"idempotent,omitempty"`
	// Batch says that its body, an array of one, can go out with those of other
	// steps.
	Batch bool `json:"batch,omitempty"`
	// Removes says that it takes a member away from a collection.
	Removes bool `json:"removes,omitempty"`
}

// A Ref stands for a value in what a step has created; without a step, in the
// answer to the request that it belongs to.
type Ref struct {
	Step    spec.Address `json:"step"`
	Pointer string       `json:"pointer"`
}

// A Delivery hands a value that Atlas shows once to where it is kept.
type Delivery struct {
	Value string `json:"value"` // JSON pointer into the answer
	// Name is what the value is called beside the ids; by default clientSecret.
	Name    string `json:"name,omitempty"`
	ID      string `json:"id"`      // JSON pointer to the secret's id
	Expires string `json:"expires"` // JSON pointer to when it expires
	// Names is what is told along with it: ids (strings or values of Ref) and
	// names, by what they are.
	Names map[string]any `json:"names"`
	To    Target         `json:"to"`
	Known []string       `json:"known"` // ids of the secrets there were before
	Hours int            `json:"hours"` // the lifetime that is asked for
	Undo  Request        `json:"undo"`  // deletes the secret if it cannot be delivered
}

// A Target is where a secret goes: a file, or a program's standard input.
type Target struct {
	File    string   `json:"file,omitempty"`
	Command []string `json:"command,omitempty"`
	Format  string   `json:"format,omitempty"` // raw, env or json; "" is raw
}

// A Made is a secret that Atlas has just made, with what is told along with it.
type Made struct {
	ID, Value string
	Name      string // of the value: clientSecret, privateKey
	Expires   string // RFC 3339
	Names     map[string]string
}

// String shows no value.
func (m Made) String() string { return "secret " + m.ID }

// GoString shows no value.
func (m Made) GoString() string { return m.String() }

// A Class tells findings apart.
type Class string

// The classes.
const (
	Changed      Class = "changed"
	Missing      Class = "missing"
	Present      Class = "present"
	Unmanaged    Class = "unmanaged"
	Unverifiable Class = "unverifiable"
	Due          Class = "pending"  // the files ask for it, and it has not happened yet
	Outside      Class = "waiting"  // as declared, but somebody has to act: outside Atlas, or before it ends
	Released     Class = "released" // the base declares it, and the files no longer do
)

// A Finding is something that the comparison found beside the steps.
type Finding struct {
	Class   Class        `json:"class"`
	Address spec.Address `json:"address"`
	Kind    string       `json:"kind"`
	Path    string       `json:"path,omitempty"`
	// Declared and Live are the two values of the field at Path.
	Declared any            `json:"declared,omitempty"`
	Live     any            `json:"live,omitempty"`
	Base     bool           `json:"base,omitempty"` // Declared is what the base says; the files say something else
	Message  string         `json:"message,omitempty"`
	Source   *spec.Position `json:"source,omitempty"`
	// Prunable says that the section is pruned, so that apply would remove it.
	Prunable bool `json:"prunable,omitempty"`
	// Accepted says who took the finding as it is, and until when.
	Accepted *Accepted `json:"accepted,omitempty"`
	// Who says who has done it, where that was asked for.
	Who *Who `json:"who,omitempty"`

	// Resource is what is declared, or nil; Object what is live of it, or nil.
	Resource *spec.Resource `json:"-"`
	Object   *Object        `json:"-"`
}

// An Accepted is a finding that a person has looked at and left.
type Accepted struct {
	Reason string `json:"reason"`
	Until  string `json:"until"` // the last day on which it counts: 2026-12-31
}

// A Violation is a guard that refuses the plan.
type Violation struct {
	Guard   string         `json:"guard"` // "max-deletes", "protect", "declared", "blocked", "irreversible", "last-owner", "own-credentials", "policy"
	Address spec.Address   `json:"address,omitempty"`
	Message string         `json:"message"`
	Source  *spec.Position `json:"source,omitempty"`
}

// Options steer a plan.
type Options struct {
	Now            time.Time
	RewriteSecrets bool            // send what cannot be compared
	Access         bool            // tell who may do more or less by the plan
	Allow          map[string]bool // options that kinds name: "resend-invitations"
	MaxDeletes     Ceiling
	// Rotate holds the accounts whose secret is replaced now, due or not.
	Rotate []spec.Address
	// Self holds the ids that the tool itself works through, and AllowGuards
	// the guards that are switched off: "last-owner", "own-credentials".
	Self        []string
	AllowGuards []string
	// OwnSecret tells whether a masked secret can be the one that the tool is
	// logged in with; nil: any can.
	OwnSecret func(masked string) bool
	// Pending holds what interrupted deliveries left, by account, and Delivered
	// what stands beside the files of the others.
	Pending   map[spec.Address]Pending
	Delivered map[spec.Address]Delivered
	// Tentative says that the plan is to be looked at first: what needs something
	// that another shard is to make is planned all the same, with a warning.
	Tentative bool
	// ReadBack says that a step was just applied: what a later run cleans up
	// is not missing yet.
	ReadBack bool
}

// A Pending is what is known after a delivery was interrupted.
type Pending struct {
	Known []string  // ids of the secrets that there were before it
	At    time.Time // when the secret was asked for; zero: not known
	Hours int       // for which lifetime
	ID    string    // the secret's, if Atlas had answered
}

// A Delivered is which secret a file holds, and which it replaced: ids.
type Delivered struct {
	ID       string   `json:"id"`
	Replaced []string `json:"replaced"`
}

// MarshalJSON writes {"$ref": {"step", "pointer"}}.
func (r Ref) MarshalJSON() ([]byte, error) {
	type plain Ref
	return json.Marshal(map[string]plain{"$ref": plain(r)})
}
