package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// rotate adds to a step what the account's rotation rule asks for now.
func (p *planning) rotate(b *builder, o *Object) {
	rot := b.r.Kind.Rotation
	if rot == nil || b.r.Flag(rot.Unless) {
		return
	}
	rule, ok := b.r.Rule()
	switch {
	case o == nil:
		b.firstSecret(rot, rule)
		return
	case !ok:
		return
	case rot.Once:
		return // it came with the object
	}
	b.renew(rot, rule, o)
}

// firstSecret takes the secret that comes with a new account, or makes it where
// none does.
func (b *builder) firstSecret(rot *spec.Rotation, rule spec.Rule) {
	if rot.List != nil {
		if _, has := b.r.Rule(); has {
			b.anotherSecret(rot, rule, nil)
			b.made(rot, rule, nil, "")
		}
		return
	}
	if !rule.Delivers() {
		says := fmt.Sprintf("say where it goes: %s: {maxAge: 720h, deliverTo: {file: …}}", rot.Field)
		if rot.Once {
			says = fmt.Sprintf("say where it goes: %s: {file: …}", rot.Field)
		}
		b.errorf(b.r.Source(rot.Field), says,
			"%s: creating it makes a secret that nobody would hold", b.r.Address)
		return
	}
	for i := range b.step.Requests {
		req := &b.step.Requests[i]
		if body, ok := req.Body.(map[string]any); ok && req.Method == "POST" && req.Deliver == nil {
			if rot.Expiry != "" {
				body[rot.Expiry] = rule.Hours()
			}
			req.Deliver = b.delivery(rot, rule, rot.First, b.beside(rot))
			break
		}
	}
	b.made(rot, rule, nil, "")
}

// made shows a new secret among the changes.
func (b *builder) made(rot *spec.Rotation, rule spec.Rule, before any, reason string) {
	where := "file " + rule.File
	if rule.File == "" {
		where = "command " + strings.Join(rule.Command, " ")
	}
	after := fmt.Sprintf("a new secret for %dh, to %s", rule.Hours(), where)
	if rot.Once {
		after = "a new secret, to " + where
		b.step.Changes = slices.DeleteFunc(b.step.Changes, func(c Change) bool { return spec.HeadOf(c.Path) == rot.Field })
	}
	b.step.Changes = append(b.step.Changes, Change{Path: rot.Field, Before: before, Reason: reason, After: after})
}

func (b *builder) delivery(rot *spec.Rotation, rule spec.Rule, at string, known []string) *Delivery {
	id := at + "/id"
	if rot.Once {
		id = b.r.Kind.IDAt() // the object is the secret
	}
	undo := b.request(&rot.Delete, withParam(b.params, "secretId", Ref{Pointer: id}))
	return &Delivery{Value: at + cmp.Or(rot.Value, "/secret"), Name: strings.TrimPrefix(rot.Value, "/"), ID: id, Expires: at + "/expiresAt", Names: b.names(rot), Known: known, Hours: rule.Hours(), Undo: undo,
		To: Target{File: rule.File, Command: rule.Command, Format: rule.Format}}
}

// names are what is told along with a secret: the ids that the rotation lists,
// and the names of the scopes.
func (b *builder) names(rot *spec.Rotation) map[string]any {
	out := map[string]any{}
	for name, param := range rot.Tells {
		if v := b.params[param]; v != nil {
			out[name] = v
		}
	}
	scope := b.r.Root()
	for _, name := range scope.Kind.Within {
		if v, ok := scope.Values[name].(string); ok {
			out[name] = v
		}
	}
	if key := scope.KeyParts(); key[0] != "" {
		out[strings.ToLower(scope.Kind.Name)] = key[0]
	}
	return out
}

func withParam(params Params, name string, v any) Params {
	out := Params{name: v}
	for k, v := range params {
		out[k] = v
	}
	return out
}

// renew makes a new secret when the newest is too old, and deletes what is no
// longer wanted.
func (b *builder) renew(rot *spec.Rotation, rule spec.Rule, o *Object) {
	secrets := secretsOf(o, rot)
	readBack := b.opts.ReadBack && len(secrets) > 0
	secrets = b.undelivered(rot, secrets)
	if readBack {
		return // its age would be judged by two clocks
	}
	now := b.opts.Now
	var newest *liveSecret
	for i := range secrets {
		if secrets[i].expires.After(now) {
			newest = &secrets[i]
		}
	}
	asked := slices.Contains(b.opts.Rotate, b.r.Address)
	gone := b.lostHolder(rule, secrets)
	if newest != nil && now.Sub(newest.created) < rule.MaxAge && !asked && !gone {
		b.retire(rot, rule, secrets, *newest)
		return
	}
	if !rule.Delivers() {
		b.errorf(b.r.Source(rot.Field), "add deliverTo", "%s: a new secret is due and nothing says where it goes", b.r.Address)
		return
	}
	if len(secrets) >= rot.Places {
		victim, ok := b.makesRoom(rule, secrets, newest)
		if !ok {
			b.full(rot, secrets, asked)
			return
		}
		b.drop(rot, victim, "makes room")
		secrets = slices.DeleteFunc(secrets, func(s liveSecret) bool { return s.id == victim.id })
	}
	known := make([]string, len(secrets))
	for i, s := range secrets {
		known[i] = s.id
	}
	b.anotherSecret(rot, rule, known)
	var before any
	if newest != nil {
		before = newest.String()
	}
	reason := "due"
	if gone {
		reason = "the file's secret is not there any more"
	}
	if asked {
		reason = "--rotate"
	}
	b.made(rot, rule, before, reason)
}

// anotherSecret makes a secret beside the known ones.
func (b *builder) anotherSecret(rot *spec.Rotation, rule spec.Rule, known []string) {
	req := b.request(&rot.Create, b.params)
	req.Body = map[string]any{rot.Expiry: rule.Hours()}
	req.Deliver = b.delivery(rot, rule, "", known)
	b.step.Requests = append(b.step.Requests, req)
}

// lostHolder tells whether the secret that a file holds is gone from Atlas:
// somebody has deleted it, and however young the others are, none is there.
func (b *builder) lostHolder(rule spec.Rule, secrets []liveSecret) bool {
	d, ok := b.opts.Delivered[b.r.Address]
	return rule.File != "" && ok && !slices.ContainsFunc(secrets, func(s liveSecret) bool { return s.id == d.ID })
}

// makesRoom chooses the secret that goes where Atlas has no place left: one
// that has expired, else one that this tool has replaced.
func (b *builder) makesRoom(rule spec.Rule, secrets []liveSecret, newest *liveSecret) (liveSecret, bool) {
	for _, s := range secrets {
		if !s.expires.After(b.opts.Now) {
			return s, true
		}
	}
	for _, s := range secrets {
		if newest != nil && s.id != newest.id && b.replaced(rule, s, *newest) && b.over(rule, *newest) && !b.inUse(rule, s, *newest) {
			return s, true
		}
	}
	return liveSecret{}, false
}

// full says what a person has to decide where no secret may go.
func (b *builder) full(rot *spec.Rotation, secrets []liveSecret, asked bool) {
	all := make([]string, len(secrets))
	for i, s := range secrets {
		all[i] = s.describe(b.opts.Now)
	}
	message := fmt.Sprintf("a new secret is due, Atlas keeps at most %d, and nothing proves that one of these has been replaced: %s", rot.Places, strings.Join(all, "; "))
	const hint = "delete the one that nobody uses, in Atlas; the next run makes the new one"
	at := b.r.Source(rot.Field)
	if asked {
		b.errorf(at, hint, "%s: %s", b.r.Address, message)
		return
	}
	b.plan.Diagnostics.Warnf(at, hint, "%s: %s", b.r.Address, message)
	b.find(Finding{Class: Due, Address: b.r.Address, Kind: b.r.Kind.Name, Path: rot.Field, Source: &at, Message: message + ": " + hint})
}

// undelivered drops the secrets that an interrupted run made and lost.
func (b *builder) undelivered(rot *spec.Rotation, secrets []liveSecret) []liveSecret {
	pending, ok := b.opts.Pending[b.r.Address]
	if !ok {
		return secrets
	}
	return slices.DeleteFunc(slices.Clone(secrets), func(s liveSecret) bool {
		lost := pending.isLost(s, secrets, rot.MaxOverlap)
		if lost {
			b.step.Mends = true
			b.drop(rot, s, "made and never delivered")
		}
		return lost
	})
}

// retire deletes the secrets that the newest has replaced, once their overlap
// is over and nobody uses them any more.
func (b *builder) retire(rot *spec.Rotation, rule spec.Rule, secrets []liveSecret, newest liveSecret) {
	if !b.over(rule, newest) {
		return
	}
	for _, s := range secrets {
		switch {
		case s.id == newest.id || !b.replaced(rule, s, newest):
		case b.inUse(rule, s, newest):
			at := b.r.Source(rot.Field)
			b.find(Finding{Class: Outside, Address: b.r.Address, Kind: b.r.Kind.Name, Path: rot.Field, Source: &at,
				Message: fmt.Sprintf("the secret %s was replaced and is still in use (last used %s): let its user take the new one", s, stamp(s.used))})
		default:
			b.drop(rot, s, "its overlap is over")
		}
	}
}

// over tells whether the overlap with the newest secret has ended.
func (b *builder) over(rule spec.Rule, newest liveSecret) bool {
	return !b.opts.Now.Before(newest.created.Add(rule.Overlap))
}

// replaced tells whether there is evidence that this tool has replaced a secret
// by the newest, which it delivered itself. Beside a file stands which secret
// that holds and what it replaced. Where nothing lasts that a run leaves, as
// with a command in CI, the newest's lifetime speaks: exactly what the rule asks for.
func (b *builder) replaced(rule spec.Rule, s, newest liveSecret) bool {
	if rule.File != "" {
		d, ok := b.opts.Delivered[b.r.Address]
		return ok && d.ID == newest.id && slices.Contains(d.Replaced, s.id)
	}
	return rule.Delivers() && rule.Overlap > 0 && newest.hasLifetime(rule.Hours()) && newest.created.Sub(s.created) >= rule.MaxAge
}

// inUse tells whether somebody used a secret after it should have been given up.
func (b *builder) inUse(rule spec.Rule, s, newest liveSecret) bool {
	return s.used.After(newest.created.Add(rule.Overlap))
}

func (b *builder) drop(rot *spec.Rotation, s liveSecret, reason string) {
	req := b.request(&rot.Delete, withParam(b.params, "secretId", s.id))
	req.Removes = !b.step.Mends // what was lost while a plan runs no plan can have shown
	b.step.Requests = append(b.step.Requests, req)
	b.step.Changes = append(b.step.Changes, Change{Path: rot.Field, Reason: reason, Before: s.String()})
	b.step.deletes++
	alive := s.expires.After(b.opts.Now)
	if own := b.o != nil && slices.Contains(b.opts.Self, b.o.id()); own && alive && (b.opts.OwnSecret == nil || b.opts.OwnSecret(s.masked)) {
		b.refuse("own-credentials", b.r.Address, b.step.Source, "the secret %s of %s is, or may be, what this run is logged in with", s, b.r.Address)
	}
}
