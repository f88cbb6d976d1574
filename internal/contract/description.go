package contract

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// ErrAbsent says that there is no description to check against.
var ErrAbsent = errors.New("the description of the Atlas Admin API is absent")

// A Description is the official description of the API, ready to check
// exchanges. It is safe for concurrent use.
type Description struct {
	routes     []*route
	components components
	schemas    *compiledSchemas
}

// document is the part of an OpenAPI 3.0 document that matters here.
type document struct {
	Paths      map[string]pathItem `yaml:"paths"`
	Components components          `yaml:"components"`
}

type pathItem struct {
	Get    *operation `yaml:"get"`
	Post   *operation `yaml:"post"`
	Put    *operation `yaml:"put"`
	Patch  *operation `yaml:"patch"`
	Delete *operation `yaml:"delete"`
}

type components struct {
	Schemas    map[string]*schema    `yaml:"schemas"`
	Parameters map[string]*parameter `yaml:"parameters"`
	Responses  map[string]*response  `yaml:"responses"`
}

type operation struct {
	ID          string               `yaml:"operationId"`
	Parameters  []*parameter         `yaml:"parameters"`
	RequestBody *requestBody         `yaml:"requestBody"`
	Responses   map[string]*response `yaml:"responses"`
}

type parameter struct {
	Ref      string  `yaml:"$ref"`
	Name     string  `yaml:"name"`
	In       string  `yaml:"in"`
	Required bool    `yaml:"required"`
	Schema   *schema `yaml:"schema"`
}

type requestBody struct {
	Required bool    `yaml:"required"`
	Content  content `yaml:"content"`
}

type response struct {
	Ref     string  `yaml:"$ref"`
	Content content `yaml:"content"`
}

// content is a body's schema for each of its media types. The schema is nil
// where the description only says that there is such an answer.
type content map[string]struct {
	Schema *schema `yaml:"schema"`
}

// Find says where the description is: at ATLAS_OPENAPI, or else beside the
// checkout that the working directory is in. A wrong ATLAS_OPENAPI is for
// [Load] to report, not a reason to skip anything.
func Find() (string, error) {
	if path := os.Getenv("ATLAS_OPENAPI"); path != "" {
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the description: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("not inside the checkout: %w", ErrAbsent)
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(filepath.Dir(dir), "shared", "atlas", "openapi-multi-version.yml")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("no %s, and ATLAS_OPENAPI is not set: %w", path, ErrAbsent)
	}
	return path, nil
}

// Load reads the description. The error is [ErrAbsent] when there is no such
// file.
func Load(path string) (*Description, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrAbsent)
	}
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	var doc document
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("read the description %s: %w", path, err)
	}
	if err := link(&doc); err != nil {
		return nil, fmt.Errorf("read the description %s: %w", path, err)
	}
	return &Description{
		routes:     routesOf(doc.Paths),
		components: doc.Components,
		schemas:    newCompiledSchemas(),
	}, nil
}
