package spec

import (
	"strings"

	"cel.dev/cel-go/common/types"
)

// shapes tell CEL which members the declared mappings can have, and of which
// type, so that a rule which misspells one is no rule: they are maps all the same.
type shapes struct {
	*types.Registry
	fields  map[string][]Field // by the name of the type: "Kind.block.list"
	catalog *Catalog           // for the sections of a kind; nil: there are none
}

func (s shapes) add(name string, fields []Field) {
	s.fields[name] = fields
	for _, f := range fields {
		if len(f.Fields) > 0 {
			s.add(name+"."+f.Name, f.Fields)
		}
	}
}

// FindStructType implements types.Provider.
func (s shapes) FindStructType(name string) (*types.Type, bool) {
	if _, ok := s.fields[name]; ok || s.sectionsOf(name) != nil {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return s.Registry.FindStructType(name)
}

// FindStructFieldType implements types.Provider.
func (s shapes) FindStructFieldType(name, member string) (*types.FieldType, bool) {
	if k := s.sectionsOf(name); k != nil {
		return s.section(k, member)
	}
	fields, ok := s.fields[name]
	if !ok {
		return s.Registry.FindStructFieldType(name, member)
	}
	f := fieldNamed(fields, member)
	if f == nil || f.ReadOnly { // what Atlas sets is never declared
		return nil, false
	}
	return &types.FieldType{Type: celType(f, name+"."+member)}, true
}

// celType is the type of a declared value; name is the type of what has fields.
func celType(f *Field, name string) *types.Type {
	element := types.StringType
	if len(f.Fields) > 0 {
		element = types.NewObjectType(name)
	}
	switch {
	case f.Nullable:
		return types.DynType
	case f.Sensitive && f.Type != Map:
		return types.StringType
	}
	switch f.Type {
	case String, Path:
		return types.StringType
	case Bool:
		return types.BoolType
	case Int, Bytes:
		return types.IntType
	case Duration:
		return types.DurationType
	case Set, List:
		return types.NewListType(element)
	case Map:
		return types.NewMapType(types.StringType, types.StringType)
	case Object:
		return element
	}
	return types.DynType // a Number is whole or not, a Document anything
}

// inSections ends the name of the type of what stands in the resources of a kind.
const inSections = "/sections"

func (s shapes) sectionsOf(name string) *Kind {
	if kind, ok := strings.CutSuffix(name, inSections); ok && s.catalog != nil {
		return s.catalog.Kind(kind)
	}
	return nil
}

// section is the type of a section: a list of mappings, or one where there is only one.
func (s shapes) section(of *Kind, name string) (*types.FieldType, bool) {
	k := s.catalog.Section(of, name)
	if k == nil {
		return nil, false
	}
	if s.fields[k.Name] == nil {
		s.add(k.Name, k.declarable())
	}
	t := types.NewObjectType(k.Name)
	if !k.Singleton {
		t = types.NewListType(t)
	}
	return &types.FieldType{Type: t}, true
}
