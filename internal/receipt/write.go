package receipt

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/edit"
	"github.com/atlasctl/atlasctl-sync/internal/export"
	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// A Writer makes the two versions of the files: what was before a plan, and what is to
// be after it.
type Writer struct {
	Catalog *spec.Catalog
	Live    *planner.Live

	speller              *export.Speller
	before, later, after *tree
	cannot               []Loss
	values               map[*planner.Step]map[string]any // what was live when it began
	created              map[spec.Address]bool
	secrets              map[string]bool         // what was deleted and was a secret, or had some; by kind and key
	held                 map[spec.Address]bool   // what was created and cannot go before what was created in it
	unsaid               map[spec.Address]string // what no file can say, and why
}

// Fill writes a plan into a receipt. Before the plan runs, it tells what there is;
// after it, the ids of what was made, too. What files cannot say, of what was before,
// is left out and told.
func (w *Writer) Fill(r *Receipt, plan *planner.Plan) error {
	if w.values == nil {
		w.look(plan)
	}
	for {
		if err := w.fill(r, plan); err != nil {
			return err
		}
		if !w.learns(r) {
			return nil
		}
	}
}

// look notes what a plan begins from and what it is going to do.
func (w *Writer) look(plan *planner.Plan) {
	w.values, w.unsaid = map[*planner.Step]map[string]any{}, map[spec.Address]string{}
	w.created, w.held, w.secrets = map[spec.Address]bool{}, map[spec.Address]bool{}, map[string]bool{}
	for _, s := range plan.Steps {
		if o := s.Object(); o != nil {
			w.values[s] = w.Live.Values(o)
		}
		if s.Action == planner.Create {
			w.created[s.Address] = true
		}
		if rot := s.Resource.Kind.Rotation; rot != nil && s.Action == planner.Delete && !s.Resource.Flag(rot.Unless) {
			w.secrets[s.Kind+" "+strings.Join(s.Resource.KeyParts(), "/")] = true
		}
	}
	for _, s := range plan.Steps {
		if w.holds(s) {
			w.held[s.Resource.Parent.Address] = true
		}
	}
}

// learns notes what would make the files of a receipt invalid, and tells whether that is
// anything new.
func (w *Writer) learns(r *Receipt) bool {
	steps := map[spec.Address]bool{}
	for _, s := range r.Steps {
		steps[s.Address] = w.unsaid[s.Address] == ""
	}
	found := len(w.unsaid)
	for _, files := range [][]spec.File{r.Before, r.Later, r.After} {
		state, diags := spec.LoadFiles(w.Catalog, slices.Concat(r.Definitions, files))
		for _, d := range diags {
			if d.Severity != spec.SeverityError {
				continue
			}
			var at *spec.Resource
			state.Every(func(r *spec.Resource) {
				if p := r.Source(); p.File == d.Source.File && p.Line <= d.Source.Line && steps[r.Address] && (at == nil || p.Line >= at.Source().Line) {
					at = r
				}
			})
			if at != nil {
				w.unsaid[at.Address] = d.Message
			}
		}
	}
	return len(w.unsaid) > found
}

func (w *Writer) fill(r *Receipt, plan *planner.Plan) error {
	w.speller = export.NewWholeSpeller(w.Catalog)
	w.before, w.later, w.after = newTree(), newTree(), newTree()
	w.cannot = nil
	r.Steps, r.Summary = nil, plan.Summary
	for _, s := range plan.Steps {
		r.Steps = append(r.Steps, Step{s.Address, s.Kind, s.Action, s.Status, s.Changes, s.Error, s.Unsure})
		switch why := w.unsaid[s.Address]; {
		case r.Ended != nil && !s.Wrote && s.Status != planner.Verified: // nothing was done
		case why != "":
			w.not(s.Address, "", "files cannot say what was before: "+strings.TrimPrefix(why, string(s.Address)+": "))
		default:
			w.step(s)
		}
	}
	r.Cannot = w.cannot
	var err error
	if r.Before, err = w.before.files("before"); err != nil {
		return err
	}
	if r.Later, err = w.later.files("later"); err != nil {
		return err
	}
	r.After, err = w.after.files("after")
	return err
}

func (w *Writer) not(a spec.Address, path, why string) {
	w.cannot = append(w.cannot, Loss{a, path, why})
}

// holds tells whether a step creates what keeps what was created with it from being
// deleted.
func (w *Writer) holds(s *planner.Step) bool {
	r := s.Resource
	return s.Action == planner.Create && r.Parent != nil && r.Parent.Parent != nil && w.created[r.Parent.Address] &&
		slices.ContainsFunc(r.Kind.Blocks, func(b spec.Block) bool { return b.Of == "parent" })
}

// heldBeside tells whether what else stands there may keep an object of a kind.
func heldBeside(k *spec.Kind) bool {
	return slices.ContainsFunc(k.Blocks, func(b spec.Block) bool { return b.Of == "delete" && len(b.By) > 0 })
}

func (w *Writer) step(s *planner.Step) {
	r := s.Resource
	for p := r.Parent; p != nil; p = p.Parent {
		if w.created[p.Address] && (p.Parent != nil || s.Action != planner.Create) && !w.holds(s) {
			return // it goes with what it stands in
		}
		if w.created[p.Address] && (s.Met || r.Kind.Singleton && r.Kind.Optional == nil || heldBeside(r.Kind)) {
			return // Atlas has made it with what it stands in, or it goes with that
		}
	}
	if s.Met {
		w.not(r.Address, "", "somebody else had made it when the run came to it: it stays")
		return
	}
	if i := r.Kind.Irreversible; i != nil && s.Action != planner.Delete {
		w.not(r.Address, "", "nobody can undo it: "+i.Why)
		return
	}
	switch s.Action {
	case planner.Create:
		w.made(s)
	case planner.Delete:
		w.deleted(s)
	default:
		w.changed(s)
	}
}

// made notes a creation: before, it was absent.
func (w *Writer) made(s *planner.Step) {
	r := s.Resource
	into := w.before
	if r.Parent == nil || w.held[r.Address] {
		into = w.later // once what was made in it is gone
	}
	if len(r.Kind.Delete) == 0 {
		w.not(r.Address, "", "Atlas lets nobody delete it: it stays")
		return
	}
	gone := into.entry(w, r)
	if o := w.Live.Find(r).Object; o != nil && r.Kind.Ident != "" {
		setKey(gone, r.Kind.Ident, export.Text(spec.TextAt(o.Raw, r.Kind.IDAt())))
	}
	setKey(gone, "state", export.Text("absent"))
	flags(gone, r)
	if rule, ok := r.Rule(); ok && rule.Delivers() {
		w.not(r.Address, "", "the secret that was delivered stays where it is, and is worth nothing once it is deleted")
	}
	if k := w.Catalog.Kind(r.Doubles()); k != nil {
		w.not(r.Address, "", fmt.Sprintf("it stays in the section %s of the %s: declare it absent there", k.Section, strings.ToLower(k.Parent)))
	}
	if r.Parent == nil {
		return
	}
	w.declare(w.after.entry(w, r), r, nil)
}

// flags repeats what a file says for itself, as whose an account is: that may decide what
// else goes.
func flags(entry *yaml.Node, r *spec.Resource) {
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if v, ok := r.Values[f.Name]; ok && f.Local && f.Type == spec.Bool {
			setKey(entry, f.Name, export.DeclaredValue(f, v))
		}
	}
}

// deleted notes a deletion: before, it was as it was.
func (w *Writer) deleted(s *planner.Step) {
	r, o := s.Resource, s.Object()
	for _, t := range s.Takes {
		path := t.Path
		if path != "" {
			path += " " + t.Member
		}
		w.not(t.Address, path, fmt.Sprintf("it went with %s, and is not made again", r.Address))
	}
	switch {
	case o == nil:
		return
	case r.Ended:
		w.not(r.Address, "", "its until was over: declare it with a later day, if it is to come back")
		return
	case r.Kind.Rotation != nil && !r.Kind.Rotation.Once && !r.Flag(r.Kind.Rotation.Unless):
		w.not(r.Address, "", "its secrets are gone: declare it again in the files, with where the new one goes")
		return
	case len(r.Kind.Create) == 0:
		w.not(r.Address, "", "only Atlas makes such a thing")
		return
	case r.Kind.Link() != nil && w.secrets[r.Kind.Link().Ref.Kind+" "+strings.Join(r.KeyParts(), "/")]:
		w.not(r.Address, "", "what it is of is gone: declare that anew in the files")
		return
	case r.Kind.Rotation != nil && r.Kind.Rotation.Once:
		w.not(r.Address, "", "it is a secret itself, and gone: declare another one in the files")
		return
	}
	values := w.values[s]
	if note := r.Kind.DeleteNote; note != "" {
		w.not(r.Address, "", "it is made anew; of what its deletion did, only what this receipt holds is put back: "+note)
	}
	was := w.before.entry(w, r)
	node := w.speller.Resource(r.Kind, values, "", export.Prefix(r))
	for i := 0; i+1 < len(node.Content); i += 2 {
		if f := r.Kind.Field(node.Content[i].Value); f == nil || f.Unless == "" || !r.Flag(f.Unless) {
			setKey(was, node.Content[i].Value, node.Content[i+1])
		}
	}
	flags(was, r)
	if r.Kind.Ident != "" && r.Kind.Field(r.Kind.Ident) == nil {
		unsetKey(was, r.Kind.Ident) // what is made anew has another
	}
	for i := range r.Kind.Fields {
		if f := &r.Kind.Fields[i]; f.Sensitive && !f.NotReturned || f.Sensitive && f.Required {
			w.not(r.Address, f.Name, "Atlas does not tell it: put it where the receipt's files say, as "+referenceOf(was, f.Name))
		}
	}
	gone := w.after.entry(w, r)
	setKey(gone, "state", export.Text("absent"))
}

// referenceOf spells the reference to something secret.
func referenceOf(entry *yaml.Node, field string) string {
	if v, _ := edit.Member(entry, field); v != nil {
		if name, _ := edit.Member(v, "fromEnv"); name != nil {
			return "the variable " + name.Value
		}
	}
	return "a reference"
}

// changed notes an update, or a replacement.
func (w *Writer) changed(s *planner.Step) {
	r, o := s.Resource, s.Object()
	if o == nil {
		return
	}
	values := w.values[s]
	was, is := w.before.entry(w, r), w.after.entry(w, r)
	if r.Kind.Untouched(o.Raw) && len(r.Kind.Delete) > 0 && w.hadNone(s) { // as Atlas has it by itself
		setKey(was, "state", export.Text("absent"))
		w.declare(is, r, nil)
		return
	}
	id := spec.TextAt(o.Raw, r.Kind.IDAt())
	if r.Kind.Ident != "" && id != "" && s.Action != planner.Replace {
		setKey(was, r.Kind.Ident, export.Text(id))
		setKey(is, r.Kind.Ident, export.Text(id))
	}
	if s.Action == planner.Replace {
		setKey(was, "replace", export.Scalar(true))
		w.not(r.Address, "", "it was replaced: what is put back is another one again")
	}
	done := map[string]bool{}
	for _, c := range s.Changes {
		head := spec.HeadOf(c.Path)
		if done[head] {
			continue
		}
		done[head] = true
		f := r.Kind.Field(head)
		switch {
		case f == nil || r.Kind.Rotation != nil && r.Kind.Rotation.Field == head:
			w.not(r.Address, c.Path, "a secret that was replaced cannot be had back")
			continue
		case f.Sensitive, f.NotReturned:
			w.not(r.Address, c.Path, "Atlas does not tell what it was")
			continue
		case spec.HoldsSecret(r.Values[head]):
			w.not(r.Address, c.Path, "it holds something secret, and Atlas does not tell what that was")
			continue
		}
		live, there := values[head]
		node := w.spelled(r, f, live, there)
		if node == nil {
			w.not(r.Address, c.Path, "Atlas had none, and files cannot say that")
			continue
		}
		setKey(was, head, node)
		if v, ok := r.Values[head]; ok {
			setKey(is, head, export.DeclaredValue(f, v))
		}
	}
	w.declare(was, r, values)
	w.declare(is, r, values)
	flags(was, r)
	flags(is, r)
}

// hadNone tells whether Atlas had nothing of a field that a step changes, and files have
// no word for that.
func (w *Writer) hadNone(s *planner.Step) bool {
	return slices.ContainsFunc(s.Changes, func(c planner.Change) bool {
		f := s.Resource.Kind.Field(spec.HeadOf(c.Path))
		if f == nil || f.Sensitive || f.NotReturned {
			return false
		}
		live, there := w.values[s][f.Name]
		return w.spelled(s.Resource, f, live, there) == nil
	})
}

// spelled writes what was live of a field; nil if that cannot be said.
func (w *Writer) spelled(r *spec.Resource, f *spec.Field, live any, there bool) *yaml.Node {
	if !there || live == nil || f.Type == spec.Object && isVoid(f, live) {
		said := w.speller.Missing(f)
		switch {
		case said != nil:
		case f.Type == spec.Map:
			said = w.speller.Value(f, map[string]any{}, "")
		case f.Switch != nil:
			said = &yaml.Node{Kind: yaml.MappingNode}
			export.Put(said, f.Switch.Field, export.Scalar(false))
		}
		return said
	}
	return w.speller.Value(f, live, export.Prefix(r))
}

// isVoid tells whether a block counts as not there.
func isVoid(f *spec.Field, live any) bool {
	m, _ := live.(map[string]any)
	return len(m) == 0 || f.Void != nil && f.Void.Holds(live) || f.Switch != nil && m[f.Switch.Field] != true
}

// declare adds what an entry has to say besides: what is required; with no live
// values, all that is declared.
func (w *Writer) declare(entry *yaml.Node, r *spec.Resource, live map[string]any) {
	for i := range r.Kind.Fields {
		f := &r.Kind.Fields[i]
		if v, _ := edit.Member(entry, f.Name); v != nil || f.ReadOnly || f.Local && live != nil || f.Unless != "" && r.Flag(f.Unless) {
			continue
		}
		declared, ok := r.Values[f.Name]
		switch v, there := live[f.Name]; {
		case live == nil && ok:
			setKey(entry, f.Name, export.DeclaredValue(f, declared))
		case spec.HoldsSecret(declared): // it may have to be sent along
			setKey(entry, f.Name, export.DeclaredValue(f, declared))
		case live == nil || !f.Required && f.Name != r.Kind.Variant:
		case there:
			setKey(entry, f.Name, w.speller.Value(f, v, export.Prefix(r)))
		}
	}
	if rot := r.Kind.Rotation; rot != nil && live != nil {
		if v, ok := r.Values[rot.Field]; ok {
			setKey(entry, rot.Field, export.DeclaredValue(r.Kind.Field(rot.Field), v))
		}
	}
}
