package spec

import (
	"fmt"
	"strings"
)

// An APIError is an answer of Atlas that is not a success, with what Atlas
// said of it (schema ApiError).
type APIError struct {
	Method, Path string
	Status       int            // HTTP status
	Code         string         // errorCode; "" if the body was not Atlas's
	Detail       string         // detail
	Reason       string         // reason
	Parameters   []any          // parameters
	Fields       []FieldProblem // badRequestDetail.fields
	// Hint says what to do about it, where that is known.
	Hint string
}

// A FieldProblem is one entry of badRequestDetail.fields.
type FieldProblem struct{ Field, Description string }

// Error names the request, the status, Atlas's code and words, and the hint.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d", e.Method, e.Path, e.Status)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	} else if e.Reason != "" {
		b.WriteString(" " + e.Reason)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Description)
	}
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return b.String()
}

// A BrokenError is a request that was sent and got no usable answer: whether
// Atlas carried it out is not known.
type BrokenError struct {
	Method, Path string
	Err          error
}

func (e *BrokenError) Error() string { return fmt.Sprintf("%s %s: %v", e.Method, e.Path, e.Err) }

func (e *BrokenError) Unwrap() error { return e.Err }
