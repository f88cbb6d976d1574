package planner

import "context"

// A Doer sends one request and returns the decoded JSON of the answer, nil
// for none. Answers that are no success are a *spec.APIError. The planner sends
// nothing: the interface stands here for those who do.
type Doer interface {
	Do(ctx context.Context, req Request) (any, error)
}
