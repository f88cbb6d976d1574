package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// document is the part of an OpenAPI 3.0 document that holds facts.
type document struct {
	Info struct {
		SHA string `yaml:"x-xgen-sha"`
	} `yaml:"info"`
	Paths      map[string]map[string]*operation `yaml:"paths"`
	Components struct {
		Schemas    map[string]*schema    `yaml:"schemas"`
		Parameters map[string]*parameter `yaml:"parameters"`
		Responses  map[string]*response  `yaml:"responses"`
	} `yaml:"components"`
}

type operation struct {
	ID         string       `yaml:"operationId"`
	Tags       []string     `yaml:"tags"`
	Roles      []string     `yaml:"x-rolesRequirements"`
	Deprecated bool         `yaml:"deprecated"`
	Parameters []*parameter `yaml:"parameters"`
	Request    struct {
		Required bool    `yaml:"required"`
		Content  content `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]*response `yaml:"responses"`
}

type parameter struct {
	Ref      string  `yaml:"$ref"`
	Name     string  `yaml:"name"`
	In       string  `yaml:"in"`
	Required bool    `yaml:"required"`
	Schema   *schema `yaml:"schema"`
}

type response struct {
	Ref     string  `yaml:"$ref"`
	Content content `yaml:"content"`
}

type content map[string]struct {
	Schema  *schema   `yaml:"schema"`
	Sunset  string    `yaml:"x-sunset"`
	Preview yaml.Node `yaml:"x-xgen-preview"`
}

type schema struct {
	Ref              string             `yaml:"$ref"`
	Type             string             `yaml:"type"`
	Format           string             `yaml:"format"`
	Pattern          string             `yaml:"pattern"`
	Enum             []any              `yaml:"enum"`
	Default          any                `yaml:"default"`
	Nullable         bool               `yaml:"nullable"`
	ReadOnly         bool               `yaml:"readOnly"`
	WriteOnly        bool               `yaml:"writeOnly"`
	Deprecated       bool               `yaml:"deprecated"`
	Properties       map[string]*schema `yaml:"properties"`
	Required         []string           `yaml:"required"`
	Additional       yaml.Node          `yaml:"additionalProperties"`
	Items            *schema            `yaml:"items"`
	AllOf            []*schema          `yaml:"allOf"`
	OneOf            []*schema          `yaml:"oneOf"`
	AnyOf            []*schema          `yaml:"anyOf"`
	Minimum          *float64           `yaml:"minimum"`
	Maximum          *float64           `yaml:"maximum"`
	ExclusiveMinimum bool               `yaml:"exclusiveMinimum"`
	ExclusiveMaximum bool               `yaml:"exclusiveMaximum"`
	MinLength        *int               `yaml:"minLength"`
	MaxLength        *int               `yaml:"maxLength"`
	MinItems         *int               `yaml:"minItems"`
	MaxItems         *int               `yaml:"maxItems"`
	MinProperties    *int               `yaml:"minProperties"`
	MaxProperties    *int               `yaml:"maxProperties"`
	UniqueItems      bool               `yaml:"uniqueItems"`
	Discriminator    *struct {
		Property string            `yaml:"propertyName"`
		Mapping  map[string]string `yaml:"mapping"`
	} `yaml:"discriminator"`
}

// facts reads a description and writes its facts.
func facts(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var doc document
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	var w api.Writer
	for name, s := range doc.Components.Schemas {
		w.Schema("schema "+name, s.facts(), nil, nil)
	}
	for name, p := range doc.Components.Parameters {
		w.Schema("parameter "+name, p.Schema.facts(), p.words(), map[string]any{"at": p.In + " " + p.Name})
	}
	for name, r := range doc.Components.Responses {
		add(&w, "answer "+name, r.Content, nil)
	}
	for route, item := range doc.Paths {
		for method, op := range item {
			op.write(&w, strings.ToUpper(method), route)
		}
	}
	return w.Text(fmt.Sprintf(head, cmp.Or(doc.Info.SHA, "unknown"))), nil
}

func (op *operation) write(w *api.Writer, method, route string) {
	root := "operation " + op.ID
	words := []string{method}
	if op.Deprecated {
		words = append(words, "deprecated")
	}
	tag := ""
	if len(op.Tags) > 0 {
		tag = op.Tags[0]
	}
	w.Add(root, words, map[string]any{"path": route, "tag": tag, "roles": op.Roles})
	for _, p := range op.Parameters {
		if p.Ref != "" {
			w.Add(root+" parameter "+last(p.Ref), nil, map[string]any{"like": last(p.Ref)})
			continue
		}
		w.Schema(root+" parameter "+p.In+" "+p.Name, p.Schema.facts(), p.words(), nil)
	}
	var needed []string
	if op.Request.Required {
		needed = []string{"needed"}
	}
	add(w, root+" request", op.Request.Content, needed)
	for status, r := range op.Responses {
		if r.Ref != "" {
			w.Add(root+" answer "+status, nil, map[string]any{"like": last(r.Ref)})
			continue
		}
		add(w, root+" answer "+status, r.Content, nil)
	}
}

func add(w *api.Writer, path string, bodies content, words []string) {
	for media, b := range bodies {
		at := path + " " + version(media)
		more := append([]string{}, words...)
		if !b.Preview.IsZero() {
			more = append(more, "preview")
		}
		values := map[string]any{"sunset": b.Sunset}
		if b.Schema == nil {
			w.Add(at, append(more, "bare"), values)
			continue
		}
		w.Schema(at, b.Schema.facts(), more, values)
	}
}

// version is how a media type is told: by the date of its version.
func version(media string) string {
	v := strings.TrimPrefix(media, "application/")
	v = strings.TrimPrefix(v, "vnd.atlas.")
	return strings.TrimSuffix(v, "+json")
}

func (p *parameter) words() []string {
	if p.Required {
		return []string{"needed"}
	}
	return nil
}

func last(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

func (s *schema) facts() *api.Schema {
	if s == nil {
		return nil
	}
	out := &api.Schema{Ref: last(s.Ref), Type: s.Type, Format: s.Format, Pattern: s.Pattern, Enum: s.Enum, Default: s.Default,
		Nullable: s.Nullable, ReadOnly: s.ReadOnly, WriteOnly: s.WriteOnly, Deprecated: s.Deprecated, Required: s.Required, Items: s.Items.facts(),
		AllOf: all(s.AllOf), OneOf: all(s.OneOf), AnyOf: all(s.AnyOf), Minimum: s.Minimum, Maximum: s.Maximum,
		ExclusiveMinimum: s.ExclusiveMinimum, ExclusiveMaximum: s.ExclusiveMaximum, MinLength: s.MinLength, MaxLength: s.MaxLength,
		MinItems: s.MinItems, MaxItems: s.MaxItems, MinProperties: s.MinProperties, MaxProperties: s.MaxProperties, UniqueItems: s.UniqueItems}
	for name, p := range s.Properties {
		if out.Properties == nil {
			out.Properties = map[string]*api.Schema{}
		}
		out.Properties[name] = p.facts()
	}
	if d := s.Discriminator; d != nil {
		out.Discriminator = &api.Discriminator{Property: d.Property, Mapping: map[string]string{}}
		for value, ref := range d.Mapping {
			out.Discriminator.Mapping[value] = last(ref)
		}
	}
	if !s.Additional.IsZero() {
		out.Open = s.Additional.Value != "false"
		if s.Additional.Kind == yaml.MappingNode {
			var a schema
			if err := s.Additional.Decode(&a); err == nil {
				out.Additional = a.facts()
			}
		}
	}
	return out
}

func all(list []*schema) []*api.Schema {
	var out []*api.Schema
	for _, s := range list {
		out = append(out, s.facts())
	}
	return out
}
