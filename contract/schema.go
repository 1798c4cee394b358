package contract

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

//go:embed schemas/*.json examples/*.json
var files embed.FS

// Schema is one of the API's definitions, such as "webhookPost", compiled.
type Schema struct {
	// Name is the definition's name in GET /.
	Name string

	tree       ordered.Object // as GET / prints it: references resolved, annotations gone
	example    ordered.Object
	properties []string // in the order of the schema
	always     []string // properties that every response carries
	itemsOf    string   // the definition of a collection's items
	compiled   *validate.Schema
}

// Properties returns a copy of the names of the schema's properties in its own
// order, which is the order of fields on the wire.
func (s *Schema) Properties() []string { return slices.Clone(s.properties) }

// ItemsOf returns the name of the definition that a collection's items have;
// blank for a schema that is not a collection.
func (s *Schema) ItemsOf() string { return s.itemsOf }

// MarshalJSON writes the schema as GET / has it: draft-07 JSON Schema that does
// not say so.
func (s *Schema) MarshalJSON() ([]byte, error) { return s.tree.MarshalJSON() }

func newSchema(name string, tree ordered.Object) (*Schema, error) {
	compiled, err := validate.Compile(tree)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	s := &Schema{Name: name, tree: tree, compiled: compiled}
	for _, property := range tree.Object("properties") {
		s.properties = append(s.properties, property.Key)
	}
	return s, nil
}

// loadSchemas compiles every definition as it stood at a version.
func loadSchemas(v Version, sources ordered.Object) ([]*Schema, error) {
	examples, err := readSources("examples")
	if err != nil {
		return nil, err
	}
	var schemas []*Schema
	for _, source := range sources {
		s, err := newSchema(source.Key, resolve(source.Value, v, sources).(ordered.Object))
		if err != nil {
			return nil, err
		}
		s.example = examples.Object(source.Key)
		s.always = annotated(source.Value.(ordered.Object), v)
		items := source.Value.(ordered.Object).Object("properties").Object("items").Object("items")
		s.itemsOf = strings.TrimSuffix(items.Text("$ref"), ".json")
		schemas = append(schemas, s)
	}
	return schemas, nil
}

// readSources reads a folder of JSON files, by name without the ending.
func readSources(folder string) (ordered.Object, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, err
	}
	var sources ordered.Object
	for _, entry := range entries {
		data, err := files.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		tree, err := ordered.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", folder, entry.Name(), err)
		}
		sources = sources.With(strings.TrimSuffix(entry.Name(), ".json"), tree)
	}
	return sources, nil
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
	for _, property := range s.tree.Object("properties").Object(name).Object("properties") {
		counts = append(counts, Count{property.Key, zero(property.Value.(ordered.Object))})
	}
	return counts
}

func zero(schema ordered.Object) string {
	if schema.Text("type") != "object" {
		return "0"
	}
	var inner []string
	for _, property := range schema.Object("properties") {
		inner = append(inner, strconv.Quote(property.Key)+":"+zero(property.Value.(ordered.Object)))
	}
	return "{" + strings.Join(inner, ",") + "}"
}
