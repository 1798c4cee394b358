package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// parse reads JSON into objects that keep the order of their keys. A key that an
// object has twice is an error.
func parse(data []byte) (any, error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(data))
	value, err := readValue(decoder)
	if err != nil {
		return nil, err
	}
	return value, atEnd(decoder)
}

func readValue(decoder *jsontext.Decoder) (any, error) {
	switch decoder.PeekKind() {
	case '{':
		object := ordered.Object{}
		err := eachMember(decoder, func(key string) error {
			value, err := readValue(decoder)
			object = object.With(key, value)
			return err
		})
		return object, err
	case '[':
		list := []any{}
		err := eachItem(decoder, func() error {
			value, err := readValue(decoder)
			list = append(list, value)
			return err
		})
		return list, err
	}
	token, err := decoder.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case '0':
		return json.Number(token.String()), nil
	case 'n':
		return nil, nil
	default:
		return token.Bool(), nil
	}
}

// eachMember reads an object. Its visitor reads the value of each key.
func eachMember(decoder *jsontext.Decoder, visit func(key string) error) error {
	if _, err := decoder.ReadToken(); err != nil {
		return err
	}
	for decoder.PeekKind() != '}' {
		key, err := decoder.ReadToken()
		if err != nil {
			return err
		}
		if err := visit(key.String()); err != nil {
			return err
		}
	}
	_, err := decoder.ReadToken()
	return err
}

// eachItem reads a list. Its visitor reads each item.
func eachItem(decoder *jsontext.Decoder, visit func() error) error {
	if _, err := decoder.ReadToken(); err != nil {
		return err
	}
	for decoder.PeekKind() != ']' {
		if err := visit(); err != nil {
			return err
		}
	}
	_, err := decoder.ReadToken()
	return err
}

// atEnd checks that nothing follows.
func atEnd(decoder *jsontext.Decoder) error {
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("want one JSON value, and at byte %d more follows it", decoder.InputOffset())
	}
	return nil
}

// failParsing reports why a file can't be read as JSON.
func (r *reader) failParsing(at place, data []byte, err error) {
	want := "want JSON"
	if at == r.source {
		want = "want the response of GET / of the API"
	}
	reason, inside := err.Error(), at
	if syntax := new(jsontext.SyntacticError); errors.As(err, &syntax) {
		reason = "can't be read as JSON: " + syntax.Err.Error()
		inside.pointer += string(syntax.JSONPointer)
	}
	switch start := bytes.TrimSpace(data[:min(len(data), 100)]); {
	case len(start) == 0:
		r.fail(at, "is empty: %s", want)
	case bytes.HasPrefix(start, []byte("\ufeff")):
		r.fail(at, "begins with a byte order mark: save it as UTF-8 without one")
	case isUTF16(start):
		r.fail(at, "is UTF-16: save it as UTF-8 without a byte order mark")
	case start[0] == '<':
		r.fail(at, "is HTML instead of JSON, such as the page of an error or of a proxy: %s", want)
	case errors.Is(err, io.ErrUnexpectedEOF):
		r.fail(inside, "ends in the middle: it was cut off, get it again")
	default:
		r.fail(inside, "%s", reason)
	}
}

// isUTF16 reports whether a text begins with a byte order mark of UTF-16, or with a
// character of ASCII in it.
func isUTF16(start []byte) bool {
	return len(start) > 1 && (start[0] == 0 || start[1] == 0 || start[0]^start[1] == 1 && start[0] >= 0xFE)
}
