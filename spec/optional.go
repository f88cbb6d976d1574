package spec

import (
	"errors"
	"net/http"
	"slices"
)

// An Optional says when a Singleton is not there: Atlas answers 404, with one
// of the codes if any are given, or an object without a value at At.
type Optional struct {
	Codes []string `json:"codes,omitempty"`
	At    string   `json:"at,omitempty"` // JSON pointer
	// Hint says what to do to have it, where no call creates it.
	Hint string `json:"-"`
}

// Missing tells whether an answer, or the error instead of one, says that the
// object is not there.
func (o *Optional) Missing(doc any, err error) bool {
	var api *APIError
	switch {
	case o == nil:
		return false
	case errors.As(err, &api):
		return api.Status == http.StatusNotFound && (len(o.Codes) == 0 || slices.Contains(o.Codes, api.Code))
	case err != nil || o.At == "":
		return false
	}
	empty := Cond{At: o.At, Empty: true}
	return empty.Holds(doc)
}

// validatePresence checks what says whether a singleton is there.
func (c *Catalog) validatePresence(k *Kind, fail func(string, ...any)) {
	switch {
	case k.Optional == nil && k.Singleton && len(k.Create) > 0:
		fail("create is for singletons with optional: others are always there")
	case k.Optional == nil && k.Singleton && len(k.Delete) > 0 && k.Unset == nil:
		fail("has delete calls, and nothing says when there is nothing left to do: optional or unset")
	case k.Optional == nil:
	case !k.Singleton:
		fail("optional is for singletons")
	case k.Unset != nil:
		fail("optional and unset exclude each other: it is deleted, or it is reset")
	case len(k.Create) == 0 && k.Optional.Hint == "":
		fail("optional: no call creates it, and nothing says what to do about it")
	}
}
