// Package sandbox emulates the part of the MongoDB Atlas Administration API v2
// that this project speaks, over real HTTP and with its own state, so that
// everything can be tried and tested without an Atlas account.
//
// It answers as Atlas answers and refuses what Atlas refuses: credentials are
// checked, media types negotiated, bodies read strictly, and the surprises of
// the real API (a new project has an owner, an invitation expires, a secret
// appears once) are reproduced. It knows nothing of the client that uses it.
//
// One API part is one file: a [part] value that lists the operations next to
// their handlers, named in [apiParts].
package sandbox
