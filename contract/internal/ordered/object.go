// Package ordered reads and writes JSON objects whose keys keep their order.
package ordered

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Object is a JSON object that keeps its keys in the order they were written.
// Order is part of the contract: the API reports the first violation in the
// order of the schema, and GET / prints the definition in the order it has.
type Object []Member

// Member is a key of an object with its value.
type Member struct {
	Key   string
	Value any
}

// Get returns the value of a key; nil for none.
func (o Object) Get(key string) any {
	for _, m := range o {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Keys returns the keys in their order.
func (o Object) Keys() []string {
	keys := make([]string, len(o))
	for i, m := range o {
		keys[i] = m.Key
	}
	return keys
}

// Object returns the object of a key; nil for none.
func (o Object) Object(key string) Object {
	inner, _ := o.Get(key).(Object)
	return inner
}

// Text returns the text of a key; blank for none.
func (o Object) Text(key string) string {
	s, _ := o.Get(key).(string)
	return s
}

// With returns the object with one more member.
func (o Object) With(key string, value any) Object { return append(o, Member{key, value}) }

// Set returns the object with another value of a key, in its place, or without it
// where the value is nil.
func (o Object) Set(key string, value any) Object {
	var out Object
	found := false
	for _, m := range o {
		if m.Key == key {
			m.Value, found = value, true
		}
		if m.Value != nil || m.Key != key {
			out = append(out, m)
		}
	}
	if !found && value != nil {
		out = out.With(key, value)
	}
	return out
}

// Add appends a member unless its value is nil, a blank text, false or an empty
// list.
func (o Object) Add(key string, value any) Object {
	list, isList := value.([]string)
	if value == nil || value == "" || value == false || isList && len(list) == 0 {
		return o
	}
	return o.With(key, value)
}

// MarshalJSON writes the members in their order.
func (o Object) MarshalJSON() ([]byte, error) { return JSON(o) }

// JSON returns a value as the API writes it: <, > and & stay.
func JSON(value any) ([]byte, error) {
	var b bytes.Buffer
	err := encodeJSON(&b, value)
	return b.Bytes(), err
}

// encodeJSON writes a value as the API's JSON.stringify does: <, > and & stay. It writes
// objects and lists itself, as package encoding/json reads what each of them has written
// once more.
func encodeJSON(b *bytes.Buffer, value any) error {
	switch value := value.(type) {
	case Object:
		return encodeAll(b, '{', '}', len(value), func(i int) error {
			if err := encodeJSON(b, value[i].Key); err != nil {
				return err
			}
			b.WriteByte(':')
			return encodeJSON(b, value[i].Value)
		})
	case []any:
		return encodeAll(b, '[', ']', len(value), func(i int) error { return encodeJSON(b, value[i]) })
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a newline
	return nil
}

// encodeAll writes so many parts with commas between them.
func encodeAll(b *bytes.Buffer, begin, end byte, count int, part func(i int) error) error {
	b.WriteByte(begin)
	for i := range count {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := part(i); err != nil {
			return err
		}
	}
	b.WriteByte(end)
	return nil
}

// Parse reads a JSON object. Its numbers are of the type [json.Number].
func Parse(data []byte) (Object, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	value, err := parseValue(d)
	if err != nil {
		return nil, err
	}
	o, ok := value.(Object)
	if !ok {
		return nil, fmt.Errorf("want a JSON object, got %T", value)
	}
	return o, nil
}

func parseValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := Object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			o = append(o, Member{key.(string), value})
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	default:
		return token, nil
	}
}
