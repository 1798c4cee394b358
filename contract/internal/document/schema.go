package document

import (
	"bytes"
	"fmt"
	"math"
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
// validator does not check. What is in the place of a schema and is none
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

// visit reads a schema, or what is in the place of one.
func (s *schemaScan) visit() error {
	kind := s.decoder.PeekKind()
	if kind == '{' {
		return eachMember(s.decoder, s.keyword)
	}
	err := s.decoder.SkipValue()
	if err == nil && kind != 't' {
		s.note("want a schema at %s, got %s, which any value matches", s.here().pointer, kindOfToken(kind))
	}
	return err
}

// keyword reads the value of a keyword.
func (s *schemaScan) keyword(name string) error {
	kind := s.decoder.PeekKind()
	switch name {
	case "properties", "patternProperties":
		return s.named(name)
	case "items", "additionalProperties":
		switch kind {
		case '[':
			s.note("%s is a list, which is not checked", name)
			return eachItem(s.decoder, s.visit)
		case 't', 'f':
			return s.decoder.SkipValue()
		}
		return s.visit()
	case "oneOf", "anyOf", "allOf":
		if kind != '[' {
			return s.wrong(name, "a list of schemas")
		}
		return s.list(s.visit)
	case "$ref", "pattern", "format":
		if kind != '"' {
			return s.wrong(name, "a text")
		}
		return s.text(name)
	case "type":
		return s.types()
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum":
		return s.number(name)
	case "enum":
		if kind != '[' {
			return s.wrong(name, "a list")
		}
		return s.list(s.decoder.SkipValue)
	case "required":
		if kind != '[' {
			return s.wrong(name, "a list")
		}
		return eachItem(s.decoder, s.property)
	case "uniqueItems":
		if kind != 't' && kind != 'f' {
			return s.wrong(name, "true or false")
		}
	case "if", "then", "else", "contains", "propertyNames":
		return s.visit() // for its references: as in the framework, the keyword does nothing
	case "not", "additionalItems":
		s.note("the keyword %s is not checked", name)
		return s.visit()
	case "dependencies":
		s.note("the keyword %s is not checked", name)
		if kind != '{' {
			return s.wrong(name, "an object")
		}
		return eachMember(s.decoder, func(string) error {
			if s.decoder.PeekKind() == '[' {
				return eachItem(s.decoder, s.property)
			}
			return s.visit()
		})
	case "multipleOf":
		s.note("the keyword %s is not checked", name)
		return s.number(name)
	case "exclusiveMinimum", "exclusiveMaximum":
		s.note("the keyword %s is not checked", name)
		if kind != 't' && kind != 'f' { // as draft-04 has it
			return s.number(name)
		}
	}
	return s.decoder.SkipValue()
}

// noValue is the problem of a list that must have an item.
const noValue = "the list is empty: no value matches it"

// list reads the items of a list, which must have one.
func (s *schemaScan) list(visit func() error) error {
	n := 0
	err := eachItem(s.decoder, func() error {
		n++
		return visit()
	})
	if err == nil && n == 0 {
		s.r.fail(s.here(), noValue)
	}
	return err
}

// property reads the name of a property that is required.
func (s *schemaScan) property() error {
	if s.decoder.PeekKind() != '"' {
		return s.wrong("required", "the name of a property")
	}
	return s.decoder.SkipValue()
}

// mostWanted is the most that a lower limit may want of something. The body of a request
// has no more characters or items, by default.
const mostWanted = 1 << 20

// number reads a limit, which the framework also reads from a text.
func (s *schemaScan) number(keyword string) error {
	if kind := s.decoder.PeekKind(); kind != '0' && kind != '"' {
		return s.wrong(keyword, "a number")
	}
	token, err := s.decoder.ReadToken()
	if err != nil {
		return err
	}
	limit, err := strconv.ParseFloat(token.String(), 64)
	switch counts := !slices.Contains([]string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}, keyword); {
	case err != nil, math.IsInf(limit, 0), math.IsNaN(limit):
		s.r.fail(s.here(), "want a number as %s, got %q", keyword, token.String())
	case counts && (limit < 0 || limit != math.Trunc(limit)):
		s.r.fail(s.here(), "want a whole number from 0 as %s, got %s", keyword, token.String())
	case keyword == "multipleOf" && limit <= 0:
		s.r.fail(s.here(), "want a number above 0 as %s, got %s", keyword, token.String())
	case counts && strings.HasPrefix(keyword, "min") && limit > mostWanted:
		s.r.fail(s.here(), "want at most %d as %s, got %s: the body of a request has no more", mostWanted, keyword, token.String())
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
	switch keyword {
	case "format":
		return nil
	case "pattern":
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
		s.r.fail(s.here(), badPattern, text, err.Error())
	}
}

// badPattern is the problem of a pattern, with the reason.
const badPattern = "the pattern %q can't be read: %s"

func (s *schemaScan) types() error {
	if s.decoder.PeekKind() == '[' {
		return s.list(s.oneType)
	}
	return s.oneType()
}

func (s *schemaScan) oneType() error {
	if s.decoder.PeekKind() != '"' {
		return s.wrong("type", "the name of a type")
	}
	token, err := s.decoder.ReadToken()
	if err == nil && !slices.Contains(validate.Types, token.String()) {
		s.note("%s", unknownType(token.String()))
	}
	return err
}

func unknownType(name string) string {
	return fmt.Sprintf("the type %q is unknown: any value has it", shortened(name, mostText))
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
