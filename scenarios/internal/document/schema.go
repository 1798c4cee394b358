package document

import (
	"bytes"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Schema is a JSON Schema of files. It is read and compiled when it is first used.
type Schema struct {
	tree     func() any // as it is decoded from JSON
	compiled func() (*jsonschema.Schema, error)
	// The keys whose values are dates, and those whose values are numbers or booleans,
	// which no quotes may stand around.
	dateKeys, plainKeys func() map[string]bool
}

// NewSchema returns the schema that is the text of a file, which is valid.
func NewSchema(file []byte) *Schema {
	s := &Schema{tree: sync.OnceValue(func() any {
		tree, _ := jsonschema.UnmarshalJSON(bytes.NewReader(file))
		return tree
	})}
	s.compiled = sync.OnceValues(s.compile)
	s.dateKeys, s.plainKeys = s.keysWith("format", "date-time"), s.keysWith("type", "integer", "number", "boolean")
	return s
}

func (s *Schema) compile() (*jsonschema.Schema, error) {
	const name = "scenario.schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.RegisterFormat(formatOf("email", "userCredentials", "email"))
	compiler.RegisterFormat(formatOf("date-time", "application", "expUserTokenCutoff"))
	if err := compiler.AddResource(name, s.tree()); err != nil {
		return nil, err
	}
	return compiler.Compile(name)
}

// partOf returns the part of the schema at a URL, which ends with # and the path to it.
func (s *Schema) partOf(schemaURL string) map[string]any {
	_, path, _ := strings.Cut(schemaURL, "#")
	part := s.tree()
	for step := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		switch inner := part.(type) {
		case map[string]any:
			if step != "" {
				part = inner[step]
			}
		case []any:
			i, _ := strconv.Atoi(step)
			part = inner[i]
		}
	}
	object, _ := part.(map[string]any)
	return object
}

// knownKeys returns the keys that a part of the schema knows.
func knownKeys(part map[string]any) []string {
	properties, _ := part["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties))
}

// formatOf returns a format as the API checks it: as that of a property of one of its
// definitions.
func formatOf(name, definition, property string) *jsonschema.Format {
	schema := contract.AtNewest().Schema(definition)
	return &jsonschema.Format{Name: name, Validate: func(value any) error {
		for _, v := range schema.CheckAll("", map[string]any{property: value}) {
			if slices.Equal(v.Path, []string{property}) && strings.HasSuffix(v.What, " format") {
				return errors.New(v.What)
			}
		}
		return nil
	}}
}

// violation is where a scenario file differs from the schema.
type violation struct {
	contract.Violation                // in the API's words
	part               map[string]any // of the schema
}

// violations holds the value of a file against the schema.
func (s *Schema) violations(value any) ([]violation, error) {
	schema, err := s.compiled()
	if err != nil {
		return nil, err
	}
	var failure *jsonschema.ValidationError
	if !errors.As(schema.Validate(value), &failure) {
		return nil, nil // the library returns no other error for a decoded value
	}
	var found []violation
	for _, leaf := range leaves(failure, nil) {
		found = append(found, s.violationsAt(leaf)...)
	}
	return found, nil
}

func leaves(err *jsonschema.ValidationError, found []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return append(found, err)
	}
	for _, cause := range err.Causes {
		found = leaves(cause, found)
	}
	return found
}

// violationsAt returns one failure of the schema, each missing property and each
// additional one by itself.
func (s *Schema) violationsAt(failure *jsonschema.ValidationError) []violation {
	one := func(what, detail string) []violation {
		return []violation{{contract.Violation{What: what, Detail: detail, Path: failure.InstanceLocation}, s.partOf(failure.SchemaURL)}}
	}
	each := func(what string, names []string) (found []violation) {
		for _, name := range names {
			found = append(found, one(what, name)...)
		}
		return found
	}
	switch k := failure.ErrorKind.(type) {
	case *kind.Required:
		return each(contract.IsRequired, k.Missing)
	case *kind.AdditionalProperties:
		return each(contract.AdditionalProperties, k.Properties)
	case *kind.Type:
		return one(contract.WrongType, strings.Join(k.Want, " or "))
	case *kind.Enum:
		return one(contract.MustBeEnum, enumText(k.Want))
	case *kind.Pattern:
		return one(contract.PatternMismatch, k.Want)
	case *kind.MinLength:
		return one(contract.TooShort, strconv.Itoa(k.Want))
	case *kind.MaxLength:
		return one(contract.TooLong, strconv.Itoa(k.Want))
	case *kind.Minimum:
		return one(contract.LessThanMinimum, ratText(k.Want))
	case *kind.ExclusiveMinimum:
		return one("must be more than", ratText(k.Want))
	case *kind.Maximum:
		return one(contract.MoreThanMaximum, ratText(k.Want))
	case *kind.MinItems:
		return one("has less items than allowed", strconv.Itoa(k.Want))
	case *kind.MaxProperties:
		return one("has more properties than allowed", strconv.Itoa(k.Want))
	case *kind.Format:
		return one("must be "+k.Want+" format", "")
	default:
		return one("is not valid", "")
	}
}

func enumText(values []any) string {
	shown := make([]string, len(values))
	for i, value := range values {
		shown[i], _ = value.(string)
	}
	return strings.Join(shown, ", ")
}

func ratText(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// measured returns a text of as many characters as it has UTF-16 code units: the
// API counts those, and the schema library counts characters.
func measured(text string) string {
	var b strings.Builder
	for _, character := range text {
		if character > 0xFFFF {
			b.WriteRune(utf8.RuneError)
			character = utf8.RuneError
		}
		b.WriteRune(character)
	}
	return b.String()
}
