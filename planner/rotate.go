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
	id               string
	created, expires time.Time
}

// rotate adds to a step what the account's rotation rule asks for now.
func (p *planning) rotate(b *builder, o *Object) {
	rot := b.r.Kind.Rotation
	if rot == nil || b.r.Flag(rot.Unless) {
		return
	}
	rule, ok := b.r.Rule()
	if o == nil {
		b.firstSecret(rot, rule)
		return
	}
	if !ok {
		return
	}
	b.renew(rot, rule, o)
}

// firstSecret takes the secret that comes with a new account.
func (b *builder) firstSecret(rot *spec.Rotation, rule spec.Rule) {
	if !rule.Delivers() {
		b.errorf(b.r.Source(rot.Field), fmt.Sprintf("say where it goes: %s: {maxAge: 720h, deliverTo: {file: …}}", rot.Field),
			"%s: creating it makes a secret that nobody would hold", b.r.Address)
		return
	}
	for i := range b.step.Requests {
		req := &b.step.Requests[i]
		if body, ok := req.Body.(map[string]any); ok && i == 0 {
			body[rot.Expiry] = rule.Hours()
			req.Deliver = b.delivery(rot, rule, rot.First, nil)
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
	b.step.Changes = append(b.step.Changes, Change{Path: rot.Field, Before: before, Reason: reason,
		After: fmt.Sprintf("a new secret for %dh, to %s", rule.Hours(), where)})
}

func (b *builder) delivery(rot *spec.Rotation, rule spec.Rule, at string, known []string) *Delivery {
	undo := b.request(&rot.Delete, withParam(b.params, "secretId", Ref{Pointer: at + "/id"}))
	return &Delivery{Value: at + "/secret", ID: at + "/id", Known: known, Undo: undo,
		To: Target{File: rule.File, Command: rule.Command}}
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
	slices.SortFunc(secrets, func(x, y liveSecret) int { return x.created.Compare(y.created) })
	now := b.opts.Now
	var newest *liveSecret
	for i := range secrets {
		if secrets[i].expires.After(now) {
			newest = &secrets[i]
		}
	}
	asked := slices.Contains(b.opts.Rotate, b.r.Address)
	if newest != nil && now.Sub(newest.created) < rule.MaxAge && !asked {
		b.retire(rot, rule, secrets, *newest)
		return
	}
	if !rule.Delivers() {
		b.errorf(b.r.Source(rot.Field), "add deliverTo", "%s: a new secret is due and nothing says where it goes", b.r.Address)
		return
	}
	if len(secrets) >= rot.Places {
		victim := secrets[0]
		for _, s := range secrets {
			if !s.expires.After(now) {
				victim = s
				break
			}
		}
		b.drop(rot, victim, "makes room")
		secrets = slices.DeleteFunc(secrets, func(s liveSecret) bool { return s.id == victim.id })
	}
	var known []string
	for _, s := range secrets {
		known = append(known, s.id)
	}
	req := b.request(&rot.Create, b.params)
	req.Body = map[string]any{rot.Expiry: rule.Hours()}
	req.Deliver = b.delivery(rot, rule, "", known)
	b.step.Requests = append(b.step.Requests, req)
	var before any
	if newest != nil {
		before = fmt.Sprintf("%s of %s", newest.id, newest.created.UTC().Format(time.RFC3339))
	}
	reason := "due"
	if asked {
		reason = "--rotate"
	}
	b.made(rot, rule, before, reason)
}

// undelivered drops the secrets that an interrupted run made and lost.
func (b *builder) undelivered(rot *spec.Rotation, secrets []liveSecret) []liveSecret {
	pending, ok := b.opts.Pending[b.r.Address]
	if !ok {
		return secrets
	}
	return slices.DeleteFunc(secrets, func(s liveSecret) bool {
		lost := !slices.Contains(pending.Known, s.id)
		if lost {
			b.drop(rot, s, "made and never delivered")
		}
		return lost
	})
}

// retire deletes the secrets beside the newest once their overlap is over.
func (b *builder) retire(rot *spec.Rotation, rule spec.Rule, secrets []liveSecret, newest liveSecret) {
	if b.opts.Now.Before(newest.created.Add(rule.Overlap)) {
		return
	}
	for _, s := range secrets {
		if s.id != newest.id {
			b.drop(rot, s, "its overlap is over")
		}
	}
}

func (b *builder) drop(rot *spec.Rotation, s liveSecret, reason string) {
	b.step.Requests = append(b.step.Requests, b.request(&rot.Delete, withParam(b.params, "secretId", s.id)))
	b.step.Changes = append(b.step.Changes, Change{Path: rot.Field, Reason: reason,
		Before: fmt.Sprintf("%s of %s", s.id, s.created.UTC().Format(time.RFC3339))})
}

func secretsOf(o *Object, rot *spec.Rotation) []liveSecret {
	v, _ := spec.At(o.Raw, rot.Live)
	list, _ := v.([]any)
	var out []liveSecret
	for _, e := range list {
		out = append(out, liveSecret{id: spec.TextAt(e, "/id"), created: moment(e, "/createdAt"), expires: moment(e, "/expiresAt")})
	}
	return out
}

func moment(v any, pointer string) time.Time {
	t, _ := time.Parse(time.RFC3339, spec.TextAt(v, pointer))
	return t
}
