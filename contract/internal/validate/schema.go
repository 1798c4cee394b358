package validate

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Object is a JSON object whose keys have an order. Its values are Objects, lists
// of type []any, json.Numbers, strings, booleans and nil.
type Object interface {
	Get(key string) any
	Keys() []string
}

// Schema is a JSON Schema that was compiled.
type Schema struct {
	types  []string // empty for any
	checks []check  // in the order of the keywords

	// Of a schema that was compiled as a whole:
	loops int
	named bool
}

// Loops returns how many loops over keys the framework generates for the schema.
func (s *Schema) Loops() int { return s.loops }

// NamesKeys reports whether failures can name keys by their place among those of an
// object: then [Schema.CheckInOrder] has the words of the framework.
func (s *Schema) NamesKeys() bool { return s.named }

// check holds a value against one keyword. It ignores values that the keyword
// is not about.
type check func(w *walk, value any)

// Types are the types of JSON Schema that the framework knows.
var Types = []string{"any", "null", "boolean", "string", "array", "object", "number", "integer"}

// Compile compiles a schema. References must be resolved: as in the framework,
// anything matches one that is not, and what is in the place of a schema and is
// none. Keywords that the framework does not know do nothing, nor do those that no
// schema of the API has: additionalItems, dependencies, not, multipleOf,
// exclusiveMinimum, exclusiveMaximum and lists of items.
func Compile(schema Object) (*Schema, error) {
	c := new(compiler)
	s, err := c.compile(schema)
	if err == nil {
		s.loops, s.named = c.loops, c.named
	}
	return s, err
}

// compiler counts the loops over the keys of objects in the code that the framework
// generates: the names of keys in its failures begin with the number of the loop.
type compiler struct {
	loops int
	named bool // whether a loop visits the values of keys, which failures then name
}

// loop returns the number of the next loop.
func (c *compiler) loop() int {
	c.loops++
	return c.loops
}

func (c *compiler) compile(schema Object) (*Schema, error) {
	s := new(Schema)
	switch types := schema.Get("type").(type) {
	case string:
		s.types = []string{types}
	case []any:
		s.types = texts(types)
	}
	if slices.ContainsFunc(s.types, func(name string) bool { return name == "any" || !slices.Contains(Types, name) }) {
		s.types = nil
	}
	for _, prepare := range keywords() {
		check, err := prepare(c, schema)
		if err != nil {
			return nil, err
		}
		if check != nil {
			s.checks = append(s.checks, check)
		}
	}
	return s, nil
}

// hasType reports whether a value has one of the schema's types.
func (s *Schema) hasType(value any) bool {
	return len(s.types) == 0 || slices.ContainsFunc(s.types, func(name string) bool { return hasType(name, value) })
}

// mostExact is the largest number up to which a float64 holds every whole number.
const mostExact = 1 << 53

// hasType reports whether a decoded JSON value has a type. To the framework any
// number beyond mostExact is whole, also one that no float64 holds.
func hasType(name string, value any) (ok bool) {
	switch name {
	case "null":
		ok = value == nil
	case "boolean":
		_, ok = value.(bool)
	case "string":
		_, ok = value.(string)
	case "array":
		_, ok = value.([]any)
	case "object":
		_, ok = value.(map[string]any)
	case "number":
		var f float64
		f, ok = value.(float64)
		ok = ok && !math.IsInf(f, 0)
	case "integer":
		var f float64
		f, ok = value.(float64)
		ok = ok && (f == math.Floor(f) || math.Abs(f) > mostExact)
	}
	return ok
}

// compileList compiles the schemas in a list, such as that of oneOf.
func (c *compiler) compileList(list []any) ([]*Schema, error) {
	var compiled []*Schema
	for _, item := range list {
		s, err := c.compileValue(item)
		if err != nil {
			return nil, err
		}
		compiled = append(compiled, s)
	}
	return compiled, nil
}

// named is a schema with the name that it has in a keyword such as properties.
type named struct {
	name   string
	schema *Schema
}

// compileNamed compiles the schemas under a keyword such as properties.
func (c *compiler) compileNamed(schema Object, keyword string) ([]named, error) {
	inner, _ := schema.Get(keyword).(Object)
	if inner == nil {
		return nil, nil
	}
	var compiled []named
	for _, name := range inner.Keys() {
		s, err := c.compileValue(inner.Get(name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		compiled = append(compiled, named{name, s})
	}
	return compiled, nil
}

func (c *compiler) compileValue(value any) (*Schema, error) {
	schema, ok := value.(Object)
	if !ok {
		return new(Schema), nil
	}
	return c.compile(schema)
}

// texts returns the strings in a list.
func texts(list []any) []string {
	var found []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			found = append(found, text)
		}
	}
	return found
}

// Number returns the number of a keyword, and reports whether it is there. As in the
// framework it may be written as a text.
func Number(schema Object, keyword string) (float64, bool) {
	switch n := schema.Get(keyword).(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case string:
		f, err := strconv.ParseFloat(n, 64)
		return f, err == nil
	default:
		return 0, false
	}
}

// Enums returns the texts of all enums in a schema, or in a list of schemas.
func Enums(schema any) []string {
	var found []string
	switch schema := schema.(type) {
	case Object:
		for _, key := range schema.Keys() {
			found = append(found, Enums(schema.Get(key))...)
		}
		values, _ := schema.Get("enum").([]any)
		found = append(found, texts(values)...)
	case []any:
		for _, inner := range schema {
			found = append(found, Enums(inner)...)
		}
	}
	return found
}
