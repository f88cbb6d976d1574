package contract

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasctl/atlasctl-sync/internal/api"
)

// compiledSchemas compiles the schemas of the description as they are needed:
// all of them at once would take longer than most test runs.
type compiledSchemas struct {
	mu       sync.Mutex
	compiler map[direction]*jsonschema.Compiler
	address  map[shape]string
	shapes   map[string]shape
	compiled map[direction]map[shape]*jsonschema.Schema
}

func newCompiledSchemas() *compiledSchemas {
	c := &compiledSchemas{
		compiler: map[direction]*jsonschema.Compiler{},
		address:  map[shape]string{},
		shapes:   map[string]shape{},
		compiled: map[direction]map[shape]*jsonschema.Schema{},
	}
	for _, dir := range []direction{toAtlas, fromAtlas} {
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft2020)
		compiler.AssertFormat()
		compiler.RegisterFormat(&jsonschema.Format{Name: "int32", Validate: fits(32)})
		compiler.RegisterFormat(&jsonschema.Format{Name: "int64", Validate: fits(64)})
		compiler.UseRegexpEngine(compilePattern)
		compiler.UseLoader(converter{c, dir})
		c.compiler[dir] = compiler
		c.compiled[dir] = map[shape]*jsonschema.Schema{}
	}
	return c
}

// validate holds a decoded JSON value against a schema.
func (c *compiledSchemas) validate(s *api.Schema, dir direction, value any) ([]string, error) {
	compiled, err := c.compile(shape{schema: s}, dir)
	if err != nil {
		return nil, err
	}
	err = compiled.Validate(value)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		return mistakes(invalid), nil
	}
	return nil, err
}

func (c *compiledSchemas) compile(s shape, dir direction) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if compiled, ok := c.compiled[dir][s]; ok {
		return compiled, nil
	}
	compiled, err := c.compiler[dir].Compile(c.addressOf(s))
	if err != nil {
		return nil, fmt.Errorf("compile a schema of the description: %w", err)
	}
	c.compiled[dir][s] = compiled
	return compiled, nil
}

// addressOf is the URL by which schemas refer to the shape and by which the
// compiler asks for it.
func (c *compiledSchemas) addressOf(s shape) string {
	address, ok := c.address[s]
	if !ok {
		address = fmt.Sprintf("description:///%d/%s", len(c.address), s.schema.Name)
		c.address[s], c.shapes[address] = address, s
	}
	return address
}

// converter hands the compiler the shapes that it asks for.
type converter struct {
	schemas *compiledSchemas
	dir     direction
}

func (c converter) Load(address string) (any, error) {
	s, ok := c.schemas.shapes[address]
	if !ok {
		return nil, fmt.Errorf("no schema has the address %s", address)
	}
	return s.jsonSchema(c.dir, c.schemas.addressOf), nil
}

// pattern is a regular expression of the description. They are Java's: some
// look ahead, which Go's own cannot.
type pattern struct{ *regexp2.Regexp }

func (p pattern) MatchString(s string) bool {
	matched, err := p.Regexp.MatchString(s)
	return err == nil && matched
}

func compilePattern(expression string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(expression, regexp2.None)
	if err != nil {
		return nil, err
	}
	return pattern{re}, nil
}

// fits is the check of the formats int32 and int64.
func fits(bits uint) func(any) error {
	limit := new(big.Int).Lsh(big.NewInt(1), bits-1)
	return func(value any) error {
		if _, ok := value.(string); ok {
			return nil
		}
		number, ok := new(big.Rat).SetString(fmt.Sprint(value))
		if !ok || !number.IsInt() {
			return nil // no integer: the type says so
		}
		n := number.Num()
		if n.Cmp(limit) >= 0 || n.Cmp(new(big.Int).Neg(limit)) < 0 {
			return fmt.Errorf("does not fit into %d bits", bits)
		}
		return nil
	}
}

// decode reads a body. Numbers keep their digits.
func decode(body []byte) (any, error) {
	return jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
}
