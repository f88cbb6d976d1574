package contract

import (
	"fmt"
	"strings"
)

// link replaces the document's references by what they refer to, so that the
// checks need no look-ups and a dangling reference is found at once.
func link(doc *document) error {
	l := linker{doc.Components, map[*schema]bool{}}
	for name, s := range doc.Components.Schemas {
		s.name = name
		if err := l.schema(s); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
	}
	for path, item := range doc.Paths {
		for _, op := range item.operations() {
			if err := l.operation(op); err != nil {
				return fmt.Errorf("operation %s of %s: %w", op.ID, path, err)
			}
		}
	}
	return nil
}

type linker struct {
	components components
	seen       map[*schema]bool
}

func (l linker) operation(op *operation) error {
	for i, p := range op.Parameters {
		p, err := target(l.components.Parameters, p.Ref, p)
		if err != nil {
			return err
		}
		op.Parameters[i] = p
		if err := l.schema(p.Schema); err != nil {
			return err
		}
	}
	if op.RequestBody != nil {
		if err := l.content(op.RequestBody.Content); err != nil {
			return err
		}
	}
	for status, r := range op.Responses {
		r, err := target(l.components.Responses, r.Ref, r)
		if err != nil {
			return err
		}
		op.Responses[status] = r
		if err := l.content(r.Content); err != nil {
			return err
		}
	}
	return nil
}

func (l linker) content(c content) error {
	for _, body := range c {
		if err := l.schema(body.Schema); err != nil {
			return err
		}
	}
	return nil
}

func (l linker) schema(s *schema) error {
	if s == nil || l.seen[s] {
		return nil
	}
	l.seen[s] = true
	var err error
	if s.target, err = target(l.components.Schemas, s.Ref, nil); err != nil {
		return err
	}
	if s.Discriminator != nil {
		s.Discriminator.children = map[string]*schema{}
		for value, ref := range s.Discriminator.Mapping {
			if s.Discriminator.children[value], err = target(l.components.Schemas, ref, nil); err != nil {
				return err
			}
		}
	}
	for _, part := range s.parts() {
		if err := l.schema(part); err != nil {
			return err
		}
	}
	return nil
}

// target is what a reference into the components refers to; without a
// reference, it is the thing itself.
func target[T any](components map[string]*T, ref string, self *T) (*T, error) {
	if ref == "" {
		return self, nil
	}
	found, ok := components[ref[strings.LastIndexByte(ref, '/')+1:]]
	if !ok {
		return nil, fmt.Errorf("reference to %s, which does not exist", ref)
	}
	return found, nil
}
