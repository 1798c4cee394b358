package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/losantmock/losantmock/contract/decode"
)

// appendInOrder appends a JSON text as Node writes it after it has read it: properties
// stay in the order in which they stand, but those whose names are indexes come first.
// Of a property that stands twice the last value counts, in the first place.
func appendInOrder(b []byte, text json.RawMessage) []byte {
	if !json.Valid(text) {
		return append(b, "null"...)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return appendNext(b, d)
}

// appendNext appends the next value of a decoder, whose text is valid.
func appendNext(b []byte, d *json.Decoder) []byte {
	token, _ := d.Token()
	switch token := token.(type) {
	case json.Number:
		number, _ := token.Float64() // infinite where it is too large
		return AppendJSON(b, number)
	case json.Delim:
		if token == '{' {
			return appendProperties(b, d)
		}
		return appendItems(b, d)
	default:
		return AppendJSON(b, token)
	}
}

func appendItems(b []byte, d *json.Decoder) []byte {
	b = append(b, '[')
	for i := 0; d.More(); i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNext(b, d)
	}
	_, _ = d.Token() // the end
	return append(b, ']')
}

// ordered is a property of an object, with its value as JSON.
type ordered struct {
	name  string
	value []byte
}

func appendProperties(b []byte, d *json.Decoder) []byte {
	var list []ordered
	places := map[string]int{}
	for d.More() {
		token, _ := d.Token()
		name, _ := token.(string)
		value := appendNext(nil, d)
		if place, twice := places[name]; twice {
			list[place].value = value
			continue
		}
		places[name] = len(list)
		list = append(list, ordered{name, value})
	}
	_, _ = d.Token() // the end
	slices.SortStableFunc(list, func(x, y ordered) int { return cmp.Compare(decode.Index(x.name), decode.Index(y.name)) })
	b = append(b, '{')
	for i, property := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(AppendText(b, property.name), ':')
		b = append(b, property.value...)
	}
	return append(b, '}')
}
