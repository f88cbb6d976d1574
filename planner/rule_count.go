package planner

import "github.com/atlasctl/atlasctl-sync/spec"

// A RuleCount says what became of one rule of the declared policies.
type RuleCount struct {
	Rule     string        `json:"rule"`
	Severity spec.Severity `json:"severity"`
	On       string        `json:"on"` // "resource" or "step"
	Source   spec.Position `json:"source"`
	// Met counts what the rule was held against, Exempt what of it breaks the rule
	// and may, Broken what breaks it and may not.
	Met    int `json:"met"`
	Exempt int `json:"exempt"`
	Broken int `json:"broken"`
	// Unseen says that the rule is about steps, and there is no plan.
	Unseen bool `json:"unseen,omitempty"`
}
