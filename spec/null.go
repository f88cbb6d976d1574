package spec

// Null is what a file says with null: a value that Atlas is to choose.
type Null struct{}

func (Null) String() string { return "null" }

// MarshalJSON writes null.
func (Null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }
