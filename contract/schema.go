package contract

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/document"
	"github.com/losantmock/losantmock/contract/internal/example"
	"github.com/losantmock/losantmock/contract/internal/history"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

//go:embed table.json schemas/*.json examples/*.json
var files embed.FS

// Schema is one of the API's definitions, such as "webhookPost". One of a definition
// from outside is read and compiled when it is first used.
type Schema struct {
	// Name is the definition's name in GET /.
	Name string

	content func() *content
	defined *document.Schema // in a definition from outside
	inline  bool             // whether it has no place of its own in GET /
	example json.RawMessage  // as it was published
	mended  func() []byte    // the example of a definition from outside
	always  []string         // properties that every response carries
	itemsOf string           // the definition of a collection's items
}

// content is what a schema says.
type content struct {
	tree       ordered.Object // references resolved, annotations gone
	properties []string       // in the order of the schema
	compiled   *validate.Schema
}

// Properties returns a copy of the names of the schema's properties in its own
// order, which is the order of fields on the wire.
func (s *Schema) Properties() []string { return slices.Clone(s.content().properties) }

// ItemsOf returns the name of the definition that a collection's items have;
// blank for a schema that is not a collection, and for one that writes its items out.
func (s *Schema) ItemsOf() string { return s.itemsOf }

// Example returns an example as JSON: the published one, without what the schema of a
// definition does not name, and mended where it breaks the schema and can be; else a small
// one; or nil. The caller must not change it.
func (s *Schema) Example() []byte {
	if s.mended != nil {
		return s.mended()
	}
	return s.example
}

// Fit returns what a client sent as a response of the schema has it: what is not named is
// left out, dates have the form of the API, and what is required has at least a small value.
func (s *Schema) Fit(value []byte) []byte {
	return example.Fit(s.content().tree, s.content().compiled, value)
}

// MarshalJSON writes the schema as GET / has it: JSON Schema that does not say so.
func (s *Schema) MarshalJSON() ([]byte, error) {
	if s.defined != nil {
		return s.defined.Printed(), nil
	}
	return s.content().tree.MarshalJSON()
}

func newContent(tree ordered.Object) (*content, error) {
	compiled, err := validate.Compile(tree)
	return &content{tree, tree.Object("properties").Keys(), compiled}, err
}

// loadSchemas compiles every definition of this package as it stood at a version.
func loadSchemas(at history.Files) ([]*Schema, error) {
	examples, err := history.Read(files, "examples")
	if err != nil {
		return nil, err
	}
	var schemas []*Schema
	for _, source := range at.Schemas {
		definition := source.Value.(ordered.Object)
		compiled, err := newContent(at.Resolve(definition).(ordered.Object))
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", source.Key, err)
		}
		example, err := history.Trim(examples.Object(source.Key), compiled.tree).MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("example of %s: %w", source.Key, err)
		}
		items := definition.Object("properties").Object("items").Object("items")
		schemas = append(schemas, &Schema{
			Name: source.Key, content: func() *content { return compiled }, example: example,
			always: at.Always(definition), itemsOf: strings.TrimSuffix(items.Text("$ref"), ".json"),
		})
	}
	return schemas, nil
}

// readTable reads the table as it stood at a version: every operation, and everything
// about it that is not in a schema. It is written as GET / has it, with the annotations
// of schema files. Whatever is added to it appears in the router, the checks, GET / and
// the journal by itself.
//
// Source: Losant's documentation of its API, and the clients made from it.
func readTable(at history.Files) (*document.Document, error) {
	text, err := files.ReadFile("table.json")
	if err != nil {
		return nil, err
	}
	table, err := ordered.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("table.json: %w", err)
	}
	return document.FromTable(at.Resolve(table).(ordered.Object))
}

// Count is a property that counts things: a number, or an object of numbers.
type Count struct {
	Name string
	Zero string // the JSON of the property where it has counted nothing
}

// Counts returns the counts in a property that is an object of them, in the order
// of the schema.
func (s *Schema) Counts(name string) []Count {
	var counts []Count
	for _, property := range s.content().tree.Object("properties").Object(name).Object("properties") {
		counts = append(counts, Count{property.Key, history.Zero(property.Value.(ordered.Object))})
	}
	return counts
}
