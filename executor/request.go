package executor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/atlasctl/atlasctl-sync/planner"
	"github.com/atlasctl/atlasctl-sync/spec"
)

// passing bounds how long an error that passes by itself is waited for.
const passing = 2 * time.Minute

// one resolves and sends one request, delivers the secret it makes, and waits
// for the state it asks for.
func (r *run) one(ctx context.Context, s *planner.Step, req planner.Request) (any, error) {
	d := req.Deliver
	req, err := r.resolve(s.Address, req, nil)
	if err != nil {
		return nil, err
	}
	if d != nil {
		if err := r.Deliverer.Prepare(s.Address, *d); err != nil {
			return nil, err
		}
	}
	answer, err := r.insist(ctx, req)
	wrote(s, err)
	if err != nil {
		if d != nil && !doubtful(err) {
			err = errors.Join(err, r.Deliverer.Abandon(*d))
		}
		return nil, err
	}
	if d != nil {
		if err := r.deliver(ctx, s, *d, answer); err != nil {
			return nil, err
		}
	}
	return r.waited(ctx, s, req, answer)
}

// waited returns what a call has made, once it is as it is waited for.
func (r *run) waited(ctx context.Context, s *planner.Step, req planner.Request, answer any) (any, error) {
	if req.Wait == nil {
		return answer, nil
	}
	return r.wait(ctx, s, req, answer)
}

// insist sends a request, again for a while if Atlas answers with an error
// that passes by itself.
func (r *run) insist(ctx context.Context, req planner.Request) (any, error) {
	deadline := time.Now().Add(passing)
	for pause := time.Second; ; pause = min(pause*2, 15*time.Second) {
		r.writes.Add(1)
		answer, err := r.Doer.Do(ctx, req)
		var api *spec.APIError
		if !errors.As(err, &api) || !passes(req.Retry, api.Code) || time.Now().Add(r.paced(pause)).After(deadline) {
			return answer, err
		}
		if !r.pause(r.paced(pause)) {
			return answer, err
		}
	}
}

// wrote notes how a write of a step ended: whether it was carried out, or may have been.
func wrote(s *planner.Step, err error) {
	unsure := outcomeUnknown(err)
	s.Wrote, s.Unsure = s.Wrote || err == nil || unsure, s.Unsure || unsure
}

// passes tells whether an error code is among those that pass by themselves.
func passes(codes []string, code string) bool {
	return slices.ContainsFunc(codes, func(c string) bool {
		start, isPrefix := strings.CutSuffix(c, "*")
		return c == code || isPrefix && strings.HasPrefix(code, start)
	})
}

// takeBack bounds how long deleting an undelivered secret may take, also once
// the run has ended: else it would live on with nobody to hold it.
const takeBack = 15 * time.Second

// deliver hands a new secret over. If that fails the secret is deleted again:
// nobody holds it.
func (r *run) deliver(ctx context.Context, s *planner.Step, d planner.Delivery, answer any) error {
	made, err := r.madeIn(s, d, answer)
	if err != nil {
		return err
	}
	err = r.Deliverer.Deliver(ctx, d, made)
	if err == nil {
		// One beside these has no holder.
		s.Lost = &planner.Pending{Known: append(slices.Clone(d.Known), made.ID), At: time.Now(), Hours: d.Hours}
		return nil
	}
	undo, undoErr := r.resolve(s.Address, d.Undo, answer)
	if undoErr == nil {
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), takeBack, errEnded)
		defer cancel()
		r.writes.Add(1)
		_, undoErr = r.Doer.Do(ctx, undo)
	}
	if undoErr != nil {
		return fmt.Errorf("the new secret %s could not be delivered (%w) nor deleted again (%w): delete it by hand", made.ID, err, undoErr)
	}
	older := ""
	if len(d.Known) > 0 {
		older = " (Atlas shortened the life of the older one all the same, to seven days at most)"
	}
	return errors.Join(fmt.Errorf("the new secret could not be delivered and was deleted again%s: %w", older, err), r.Deliverer.Abandon(d))
}

// madeIn reads a new secret out of the answer that shows it.
func (r *run) madeIn(s *planner.Step, d planner.Delivery, answer any) (planner.Made, error) {
	made := planner.Made{Name: cmp.Or(d.Name, "clientSecret"), ID: spec.TextAt(answer, d.ID), Value: spec.TextAt(answer, d.Value), Expires: spec.TextAt(answer, d.Expires), Names: map[string]string{}}
	if made.Value == "" {
		return made, fmt.Errorf("atlas answered without the new secret's value")
	}
	names, err := walk(d.Names, r.look(s.Address, answer))
	if err != nil {
		return made, err
	}
	for name, v := range names.(map[string]any) {
		made.Names[name] = fmt.Sprint(v)
	}
	return made, nil
}

// resolve fills in what is known only now: ids that steps have made, and
// secrets. here is the answer that references without a step mean.
func (r *run) resolve(self spec.Address, req planner.Request, here any) (planner.Request, error) {
	return fill(req, r.look(self, here))
}

func (r *run) look(self spec.Address, here any) func(any) (any, error) {
	return func(v any) (any, error) {
		switch v := v.(type) {
		case planner.Ref:
			doc := here
			if v.Step != "" {
				doc = r.values.get(v.Step)
				if v.Step == self && doc == nil {
					doc = here
				}
			}
			got, ok := spec.At(doc, v.Pointer)
			if !ok || got == nil {
				return nil, fmt.Errorf("%s of %s is not known", v.Pointer, v.Step)
			}
			return got, nil
		case spec.Secret:
			return v.Resolve()
		}
		return v, nil
	}
}

// fill replaces the values of a request, in its path, body and query.
func fill(req planner.Request, look func(any) (any, error)) (planner.Request, error) {
	for name, v := range req.Params {
		got, err := look(v)
		if err != nil {
			return req, err
		}
		segment := url.PathEscape(fmt.Sprint(got)) // of a reference that is compared, not sent
		if _, unknown := got.(planner.Ref); !unknown {
			text, _ := got.(string)
			if segment, err = spec.Segment(name, text); err != nil {
				return req, fmt.Errorf("%s %s: %w, though an earlier call answered %v", req.Method, req.Path, err, got)
			}
		}
		req.Path = strings.ReplaceAll(req.Path, "{"+name+"}", segment)
	}
	req.Params = nil
	var err error
	if req.Body, err = walk(req.Body, look); err != nil {
		return req, err
	}
	if req.Query != nil {
		var q any
		if q, err = walk(req.Query, look); err == nil {
			req.Query = q.(map[string]any)
		}
	}
	return req, err
}

// walk copies a JSON value with every leaf replaced.
func walk(v any, leaf func(any) (any, error)) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			got, err := walk(e, leaf)
			if err != nil {
				return nil, err
			}
			out[k] = got
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			got, err := walk(e, leaf)
			if err != nil {
				return nil, err
			}
			out[i] = got
		}
		return out, nil
	}
	return leaf(v)
}

func secretsIn(body any) []spec.Secret {
	var out []spec.Secret
	_, _ = walk(body, func(v any) (any, error) {
		if s, ok := v.(spec.Secret); ok {
			out = append(out, s)
		}
		return v, nil
	})
	return out
}
