package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// An apiError is an answer that refuses: the API's error body and its status.
type apiError struct {
	Status     int
	Code       string
	Detail     string
	Fields     []violation
	RetryAfter time.Duration
	Allow      []string       // the methods that would do, of a 405
	More       map[string]any // members of its body that only this error has
}

// A violation names one bad place in a request body.
type violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Detail) }

// fail refuses a request.
func fail(status int, code, format string, args ...any) error {
	return &apiError{Status: status, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// asAPIError takes any other error for a defect of the emulator itself.
func asAPIError(err error) *apiError {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e
	}
	return &apiError{Status: 500, Code: "UNEXPECTED_ERROR", Detail: err.Error()}
}

type errorBody struct {
	Detail           string            `json:"detail"`
	Error            int               `json:"error"`
	ErrorCode        string            `json:"errorCode"`
	Parameters       []struct{}        `json:"parameters"`
	Reason           string            `json:"reason"`
	BadRequestDetail *badRequestDetail `json:"badRequestDetail,omitempty"`
}

type badRequestDetail struct {
	Fields []violation `json:"fields"`
}

func (e *apiError) body() any {
	b := errorBody{
		Detail:     e.Detail,
		Error:      e.Status,
		ErrorCode:  e.Code,
		Parameters: []struct{}{}, // Atlas puts words here, its description objects: nothing satisfies both
		Reason:     http.StatusText(e.Status),
	}
	if len(e.Fields) > 0 {
		b.BadRequestDetail = &badRequestDetail{e.Fields}
	}
	if e.More == nil {
		return b
	}
	all := e.More
	if err := json.Unmarshal([]byte(jsonOf(b)), &all); err != nil {
		panic(err) // it has just become JSON
	}
	return all
}
