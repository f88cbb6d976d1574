package spec

// A Constraint is a rule.
type Constraint struct{ CEL, Message, At string }
