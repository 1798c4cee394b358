package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
)

// readAll reads the whole body of a call.
func (r *request) readAll() ([]byte, error) {
	text, err := io.ReadAll(r.Body)
	return text, withStatus(http.StatusRequestEntityTooLarge, err)
}

// readJSON reads the JSON object that is the body of a call, as strictly as a
// request pattern: with the members of T alone, each once and in its own case, and
// nothing behind the object. A member that is null is as absent.
func readJSON[T any](r *request) (value T, err error) {
	text, err := r.readAll()
	if err != nil {
		return value, err
	}
	return decodeJSON[T](text)
}

// decodeJSON decodes a JSON object as strictly as [readJSON] does.
func decodeJSON[T any](text []byte) (value T, err error) {
	if err := matcher.CheckObject(text, membersOf(reflect.TypeFor[T]())); err != nil {
		return value, err
	}
	if err := json.Unmarshal(text, &value); err != nil {
		return value, wrongValue(err)
	}
	return value, nil
}

// readObject reads a JSON object with any members, or none but those that are known.
func readObject(r *request, known ...string) (map[string]json.RawMessage, error) {
	text, err := r.readAll()
	if err != nil {
		return nil, err
	}
	if err := matcher.CheckObject(text, known); err != nil {
		return nil, err
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, wrongValue(err)
	}
	return object, nil
}

// membersOf returns the names of the members of a struct in JSON.
func membersOf(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// wrongValue returns the error of a decoder in words that name no type of Go.
func wrongValue(err error) error {
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		return &matcher.PatternError{Pointer: "/", Detail: err.Error()}
	}
	pointer := "/" + strings.ReplaceAll(wrongType.Field, ".", "/")
	return &matcher.PatternError{Pointer: pointer, Detail: fmt.Sprintf("want %s, and not a JSON %s", kindOfJSON(wrongType.Type), wrongType.Value)}
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
