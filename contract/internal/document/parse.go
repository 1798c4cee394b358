package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// parse reads JSON into objects that keep the order of their keys. A key that stands
// twice in an object is an error.
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
	switch _, err := decoder.ReadToken(); {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errors.New("want one JSON value, and more stands behind it")
	default:
		return err
	}
}

// failParsing reports why a file is no JSON.
func (r *reader) failParsing(at place, data []byte, err error) {
	reason := err.Error()
	if syntax := new(jsontext.SyntacticError); errors.As(err, &syntax) {
		reason = syntax.Err.Error()
		at.pointer += string(syntax.JSONPointer)
	}
	switch start := bytes.TrimSpace(data[:min(len(data), 100)]); {
	case len(start) == 0:
		reason = "is empty: want the response of GET / of the API"
	case start[0] == '<':
		reason = "is HTML and no JSON, such as the page of an error or of a proxy: want the response of GET / of the API"
	case errors.Is(err, io.ErrUnexpectedEOF):
		reason = "ends in the middle: it was cut off, get it again"
	default:
		reason = "is no JSON that can be used: " + reason
	}
	r.fail(at, "%s", reason)
}
