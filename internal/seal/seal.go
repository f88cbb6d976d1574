// Package seal tells whether a document that the program has written is still as it was.
package seal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// KeyVariable names the environment variable that holds the key for signing saved plans
// and receipts.
const KeyVariable = "ATLASCTL_SYNC_PLAN_KEY"

// minKey is how long a key is at least, in bytes: a shorter one can be guessed from a
// signed document.
const minKey = 16

// CheckKey refuses a key that could be guessed. None is well.
func CheckKey(key string) error {
	if key != "" && len(key) < minKey {
		return fmt.Errorf("%s is shorter than %d characters, so it could be guessed: make a long random one", KeyVariable, minKey)
	}
	return nil
}

// The members of a document that hold its seals.
const (
	checksum = "checksum"
	mac      = "hmac"
)

// Seals returns the SHA-256 of all of a JSON object but its own seals and, with a key,
// the HMAC, in hexadecimal.
func Seals(object []byte, key string) (sum, signed string, err error) {
	_, sum, signed, err = seals(object, key)
	return sum, signed, err
}

func seals(object []byte, key string) (has map[string]any, sum, signed string, err error) {
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	if err := dec.Decode(&has); err != nil {
		return nil, "", "", err
	}
	said := map[string]any{checksum: has[checksum], mac: has[mac]}
	delete(has, checksum)
	delete(has, mac)
	data, err := json.Marshal(has) // its members sorted
	if err != nil {
		return nil, "", "", err
	}
	digest := sha256.Sum256(data)
	if key != "" {
		h := hmac.New(sha256.New, []byte(key))
		h.Write(data)
		signed = hex.EncodeToString(h.Sum(nil))
	}
	return said, hex.EncodeToString(digest[:]), signed, nil
}

// Verify refuses a JSON object that is not as it was sealed, that is not signed by the
// key, if there is one, or that is signed, and there is none.
func Verify(object []byte, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	said, sum, signed, err := seals(object, key)
	if err != nil {
		return err
	}
	by, _ := said[mac].(string)
	switch {
	case said[checksum] != sum:
		return errors.New("it was damaged or edited (the checksum differs)")
	case key != "" && !hmac.Equal([]byte(signed), []byte(by)):
		return fmt.Errorf("it is not signed with the key in %s", KeyVariable)
	case key == "" && by != "":
		return fmt.Errorf("it is signed, and %s is not set", KeyVariable)
	}
	return nil
}
