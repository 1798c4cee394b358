package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// readJSON reads the JSON value that is the body of a call. A member that T lacks
// is an error, and so is anything behind the value.
func readJSON[T any](r *request) (value T, err error) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&value); err != nil {
		return value, wrongJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return value, &matcher.PatternError{Pointer: "/", Detail: "there is more behind the end of the JSON"}
	}
	return value, nil
}

// wrongJSON returns the error of a decoder in words that name no type of Go.
func wrongJSON(err error) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		pointer := "/" + strings.ReplaceAll(wrongType.Field, ".", "/")
		return &matcher.PatternError{Pointer: pointer, Detail: fmt.Sprintf("want %s, and not a JSON %s", kindOfJSON(wrongType.Type), wrongType.Value)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &matcher.PatternError{Pointer: "/", Detail: "the JSON ends too early"}
	default:
		return &matcher.PatternError{Pointer: "/", Detail: strings.TrimPrefix(err.Error(), "json: ")}
	}
}

// kindOfJSON returns what JSON calls the values of a type.
func kindOfJSON(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOfJSON(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Map, reflect.Struct:
		return "an object"
	default:
		return "a whole number"
	}
}
