package sandbox

import "net/http"

// An Exchange is one request and the answer given to it, as they were on the
// wire. Tests check exchanges against the official description of the API.
type Exchange struct {
	Method         string
	Path           string // escaped, as sent
	RawQuery       string
	RequestHeader  http.Header
	RequestBody    []byte
	Status         int
	ResponseHeader http.Header
	ResponseBody   []byte
	Struck         string // the fault rule that struck this request; empty for none
	Injected       string // the fault rule that made the answer; empty for the emulator's own
}
