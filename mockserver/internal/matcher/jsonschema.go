package matcher

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// matchesSchema matches a text that is JSON in accord with a schema. A text that
// is no JSON is taken as a JSON string, as in WireMock.
type matchesSchema struct {
	schema *jsonschema.Schema
	text   string
}

var schemaVersions = map[string]*jsonschema.Draft{
	"V4":      jsonschema.Draft4,
	"V6":      jsonschema.Draft6,
	"V7":      jsonschema.Draft7,
	"V201909": jsonschema.Draft2019,
	"V202012": jsonschema.Draft2020,
}

// noLoader refuses to load schemas from elsewhere.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema %s can't be loaded: write it into the pattern, under $defs", url)
}

// readJSONSchema parses a schema, which may be inside a string.
func readJSONSchema(fields Members) (Matcher, error) {
	version := "V202012"
	if err := fields.Read("schemaVersion", &version); err != nil {
		return nil, err
	}
	draft, ok := schemaVersions[version]
	if !ok {
		return nil, ErrorAt("/schemaVersion", errors.New(Unknown("version", version, slices.Sorted(maps.Keys(schemaVersions)))))
	}
	tree, text, err := readDocument(fields["matchesJsonSchema"])
	if err != nil {
		return nil, err
	}
	if !measurable(tree) {
		return nil, errors.New("a number of the schema is too large")
	}
	const name = "pattern:schema"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(draft)
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(name, tree); err != nil {
		return nil, err
	}
	schema, err := compiler.Compile(name)
	return matchesSchema{schema, text}, err
}

func (m matchesSchema) matches(b *effort.Budget, t *Text, _ []*Text) bool {
	return t != nil && m.check(t) == nil
}

// check returns what of the text breaks the schema. As in WireMock, a number, a
// boolean and null may stand for the text that they are written as.
func (m matchesSchema) check(t *Text) error {
	value, err := t.json()
	if err != nil {
		return m.schema.Validate(t.text)
	}
	if !measurable(value) {
		panic(undecided{errors.New("a number of a body is too large to be checked by a schema")})
	}
	err = m.schema.Validate(value)
	switch value.(type) {
	case string, map[string]any, []any:
		return err
	default:
		if err == nil {
			return nil
		}
		return m.schema.Validate(t.text)
	}
}

func (m matchesSchema) difference(b *effort.Budget, t *Text) string {
	if t == nil {
		return ""
	}
	if err := m.check(t); err != nil {
		return err.Error()
	}
	return ""
}

func (m matchesSchema) String() string { return "valid by the JSON schema " + Shortened(m.text) }

// measurable reports whether all numbers of a value are such that a schema can
// measure them: a fraction of 1e999999999 takes gigabytes.
func measurable(value any) bool {
	const most = 10_000 // digits before or behind the point
	switch value := value.(type) {
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(value)), func(v any) bool { return !measurable(v) })
	case []any:
		return !slices.ContainsFunc(value, func(v any) bool { return !measurable(v) })
	default:
		d, _ := decode.DecimalOf(value)
		return d.Exponent() < most && d.Exponent() > -most
	}
}
