package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// reader collects what either form of a definition says, and what is wrong with it.
type reader struct {
	source     place // all of the definition
	problems   Problems
	references []reference // to schemas
	tree       Document
}

// reference is a use of a schema.
type reference struct {
	place
	name string
}

// fail adds a problem. Long texts among the arguments are cut.
func (r *reader) fail(at place, format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = shortened(text, mostText)
		}
	}
	r.problems = append(r.problems, Problem{at.file, at.pointer, fmt.Sprintf(format, args...)})
}

// Parse reads the response of GET /. The name is that of the file or the URL that it
// comes from. An error is of the type [Problems].
func Parse(name string, data []byte) (*Document, error) {
	r := &reader{source: place{file: name}}
	if len(data) > MaxSize {
		r.failSize(r.source)
	} else {
		r.readResponse(r.source, data)
	}
	return r.finish()
}

// readResponse reads the response of GET /. Schemas and examples stay the bytes that
// they are: most of them are never used.
func (r *reader) readResponse(at place, data []byte) {
	root := node{r, at, ordered.Object(nil)}
	err := eachRaw(data, func(decoder *jsontext.Decoder, key string) (err error) {
		var value any
		switch key {
		case "definitions":
			err = r.rawMembers(decoder, at.at(key), data, func(name string, raw json.RawMessage) {
				member{name, node{r: r, place: at.at(key).at(name)}}.checkName("a schema")
				r.addSchema(at.at(key).at(name), Schema{Name: name, Raw: raw})
			})
		case "examples":
			r.tree.Examples = map[string]json.RawMessage{}
			err = r.rawMembers(decoder, at.at(key), data, func(name string, raw json.RawMessage) { r.tree.Examples[name] = raw })
		default:
			value, err = readValue(decoder)
		}
		root.value = root.object().With(key, value)
		return err
	})
	if err != nil {
		r.failParsing(at, data, err)
		return
	}
	if root.get("resources").value == nil {
		r.fail(at, "has no member %q: want the response of GET / of the API, or the folder of a client such as node_modules/losant-rest", "resources")
		return
	}
	r.tree.Version = root.get("info").get("version").text()
	for _, group := range root.get("authGroups").members() {
		group.checkScope(group.key)
		r.tree.Groups = append(r.tree.Groups, Group{group.key, group.scopes()})
	}
	r.tree.Params = r.params(root.get("params"), "params")
	r.addResources(root.get("resources"))
}

// eachRaw reads a JSON object that is all of some data.
func eachRaw(data []byte, visit func(decoder *jsontext.Decoder, key string) error) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(data))
	if kind := decoder.PeekKind(); kind != '{' && kind != 0 {
		return fmt.Errorf("want an object, got %s", kindOfToken(kind))
	}
	err := eachMember(decoder, func(key string) error { return visit(decoder, key) })
	if err != nil {
		return err
	}
	return atEnd(decoder)
}

// rawMembers reads an object whose members stay bytes of the data.
func (r *reader) rawMembers(decoder *jsontext.Decoder, at place, data []byte, visit func(name string, raw json.RawMessage)) error {
	if kind := decoder.PeekKind(); kind != '{' && kind != 0 {
		r.fail(at, "want an object, got %s", kindOfToken(kind))
		return decoder.SkipValue()
	}
	return eachMember(decoder, func(name string) error {
		value, err := decoder.ReadValue()
		end := int(decoder.InputOffset())
		if err == nil {
			visit(name, json.RawMessage(data[end-len(value):end:end]))
		}
		return err
	})
}

func (r *reader) addSchema(at place, schema Schema) {
	r.scanSchema(at, &schema)
	r.tree.Schemas = append(r.tree.Schemas, schema)
}

// finish checks what needs all of the document.
func (r *reader) finish() (*Document, error) {
	r.tree.byName = map[string]*Schema{}
	for i := range r.tree.Schemas {
		r.tree.byName[r.tree.Schemas[i].Name] = &r.tree.Schemas[i]
	}
	for _, reference := range r.references {
		if !r.tree.Has(reference.name) {
			r.fail(reference.place, "there is no schema %q in the definition", reference.name)
		}
	}
	if len(r.problems) == 0 && len(r.tree.Resources) == 0 {
		r.fail(r.source, "the definition has no resources: want the whole response of GET / of the API, or the folder of a client such as node_modules/losant-rest")
	}
	r.tree.Resolved = !slices.ContainsFunc(r.tree.Schemas, func(schema Schema) bool {
		return !schema.Inline && slices.ContainsFunc(schema.refs, func(name string) bool { return !r.tree.reaches(name, name) })
	})
	r.checkSizes()
	if err := r.problems.sorted(); err != nil {
		return nil, err
	}
	return &r.tree, nil
}

// checkSizes refuses schemas whose references make them too large.
func (r *reader) checkSizes() {
	sizes := map[string]int{}
	var size func(schema *Schema) int
	size = func(schema *Schema) int {
		if known := sizes[schema.Name]; known > 0 {
			return known
		}
		sum := len(schema.Raw)
		for _, name := range schema.refs {
			if next := r.tree.byName[name]; next != nil && r.tree.follows(schema.Name, name) {
				sum = min(sum+size(next), MaxSize+1)
			}
		}
		sizes[schema.Name] = sum
		return sum
	}
	for i := range r.tree.Schemas {
		if schema := &r.tree.Schemas[i]; size(schema) > MaxSize {
			r.fail(r.source, "the references of schema %q make it larger than %d MiB", schema.Name, MaxSize>>20)
			return
		}
	}
}

// FromTable reads the resources and parameters of a table that was written in the form
// of GET /, and whose schemas are elsewhere.
func FromTable(table ordered.Object) (*Document, error) {
	r := &reader{source: place{file: "table"}}
	root := node{r, r.source, table}
	r.tree.Params = r.params(root.get("params"), "params")
	r.addResources(root.get("resources"))
	return &r.tree, r.problems.sorted()
}
