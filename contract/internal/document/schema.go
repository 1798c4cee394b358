package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/losantmock/losantmock/contract/internal/jsregexp"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// references is what every reference to a schema begins with.
const references = "#/definitions/"

// schemaScan reads a schema without keeping it: it finds references, and what the
// validator does not check. What stands in the place of a schema and is none
// accepts any value, as in the API's framework.
type schemaScan struct {
	r       *reader
	place   place
	decoder *jsontext.Decoder
	schema  *Schema
}

func (r *reader) scanSchema(at place, schema *Schema) {
	s := schemaScan{r: r, place: at, decoder: jsontext.NewDecoder(bytes.NewReader(schema.Raw)), schema: schema}
	if kind := s.decoder.PeekKind(); kind != '{' && kind != 0 {
		r.fail(at, "want a schema, got %s", kindOfToken(kind))
		return
	}
	err := s.visit()
	if err == nil {
		err = atEnd(s.decoder)
	}
	if err != nil {
		r.failParsing(at, schema.Raw, err)
	}
}

// here returns the place of the value that was read last.
func (s *schemaScan) here() place {
	return place{s.place.file, s.place.pointer + string(s.decoder.StackPointer())}
}

func (s *schemaScan) note(format string, args ...any) {
	s.schema.Notes = append(s.schema.Notes, fmt.Sprintf(format, args...))
}

// visit reads a schema, or what stands in place of one.
func (s *schemaScan) visit() error {
	if s.decoder.PeekKind() != '{' {
		return s.decoder.SkipValue()
	}
	return eachMember(s.decoder, s.keyword)
}

// keyword reads the value of a keyword.
func (s *schemaScan) keyword(name string) error {
	kind := s.decoder.PeekKind()
	switch name {
	case "properties", "patternProperties":
		return s.named(name)
	case "items", "additionalProperties":
		if kind == '[' {
			s.note("%s is a list, which is not checked", name)
		}
		return s.visit()
	case "oneOf", "anyOf", "allOf":
		if kind != '[' {
			return s.wrong(name, "a list of schemas")
		}
		return eachItem(s.decoder, s.visit)
	case "$ref", "pattern":
		if kind != '"' {
			return s.wrong(name, "a text")
		}
		return s.text(name)
	case "type":
		return s.types()
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum":
		return s.number(name)
	case "required", "enum":
		if kind != '[' {
			return s.wrong(name, "a list")
		}
	case "not", "dependencies", "multipleOf", "additionalItems", "exclusiveMinimum", "exclusiveMaximum":
		s.note("the keyword %s is not checked", name)
	}
	return s.decoder.SkipValue()
}

// number reads a limit, which the framework also reads from a text.
func (s *schemaScan) number(keyword string) error {
	if kind := s.decoder.PeekKind(); kind != '0' && kind != '"' {
		return s.wrong(keyword, "a number")
	}
	token, err := s.decoder.ReadToken()
	if err != nil {
		return err
	}
	if _, err := strconv.ParseFloat(token.String(), 64); err != nil {
		s.r.fail(s.here(), "want a number as %s, got %q", keyword, token.String())
	}
	return nil
}

// wrong reports a keyword whose value has a type that it can't have.
func (s *schemaScan) wrong(keyword, want string) error {
	got := kindOfToken(s.decoder.PeekKind())
	err := s.decoder.SkipValue()
	if err == nil {
		s.r.fail(s.here(), "want %s as %s, got %s", want, keyword, got)
	}
	return err
}

// named reads schemas by name.
func (s *schemaScan) named(keyword string) error {
	if s.decoder.PeekKind() != '{' {
		return s.wrong(keyword, "an object of schemas")
	}
	return eachMember(s.decoder, func(name string) error {
		if keyword == "patternProperties" {
			s.pattern(name)
		}
		return s.visit()
	})
}

func (s *schemaScan) text(keyword string) error {
	token, err := s.decoder.ReadToken()
	if err != nil {
		return err
	}
	if keyword == "pattern" {
		s.pattern(token.String())
		return nil
	}
	name, ok := strings.CutPrefix(token.String(), references)
	if !ok || strings.Contains(name, "/") {
		s.r.fail(s.here(), "the reference %q can't be followed: want one such as %q", token.String(), references+"device")
		return nil
	}
	s.schema.refs = append(s.schema.refs, name)
	s.r.references = append(s.r.references, reference{s.here(), name})
	return nil
}

func (s *schemaScan) pattern(text string) {
	if _, err := jsregexp.Compile(text); err != nil {
		s.r.fail(s.here(), "the pattern %q can't be read: %v", text, err)
	}
}

func (s *schemaScan) types() error {
	raw, err := s.decoder.ReadValue()
	if err != nil {
		return err
	}
	for _, name := range typesIn(raw) {
		if !slices.Contains(validate.Types, name) {
			s.note("there is no type %q: any value has it", name)
		}
	}
	return nil
}

// typesIn returns the types that a keyword names; none where it names no type.
func typesIn(raw jsontext.Value) []string {
	if raw.Kind() == '"' {
		raw = append(append(jsontext.Value{'['}, raw...), ']')
	}
	var types []string
	if json.Unmarshal(raw, &types) != nil {
		return nil
	}
	return types
}

func kindOfToken(kind jsontext.Kind) string {
	switch kind {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case 'n':
		return "null"
	default:
		return "true or false"
	}
}
