package document

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// Has reports whether the document has a schema with a name.
func (d *Document) Has(name string) bool { return d.byName[name] != nil }

// Tree returns a schema whose references were followed. A reference that leads back to
// its own place accepts any value, as in the API's framework.
func (d *Document) Tree(name string) ordered.Object {
	value, err := parse(d.byName[name].Raw)
	if err != nil {
		panic(err) // it was read before
	}
	tree, _ := d.resolve(name, value).(ordered.Object)
	return tree
}

func (d *Document) resolve(from string, value any) any {
	switch value := value.(type) {
	case ordered.Object:
		var out ordered.Object
		for _, m := range value {
			ref, isText := m.Value.(string)
			if to, isRef := strings.CutPrefix(ref, references); m.Key == "$ref" && isText && isRef && d.Has(to) {
				if d.follows(from, to) {
					return d.Tree(to)
				}
				continue
			}
			out = append(out, ordered.Member{Key: m.Key, Value: d.resolve(from, m.Value)})
		}
		return out
	case []any:
		for i := range value {
			value[i] = d.resolve(from, value[i])
		}
	}
	return value
}

// follows reports whether a reference in a schema is followed.
func (d *Document) follows(from, to string) bool {
	return d.byName[from].Inline || !d.Resolved && !d.reaches(to, from)
}

// reaches reports whether the references of a schema lead to another one, or to itself.
func (d *Document) reaches(from, to string) bool {
	seen := map[string]bool{}
	var follow func(name string) bool
	follow = func(name string) bool {
		schema := d.byName[name]
		if schema == nil || seen[name] {
			return false
		}
		seen[name] = true
		for _, next := range schema.refs {
			if next == to || follow(next) {
				return true
			}
		}
		return false
	}
	return follow(from)
}

// Printed returns the schema as GET / has it: without the version of JSON Schema.
func (s *Schema) Printed() json.RawMessage {
	if !bytes.Contains(s.Raw, []byte(`"$schema"`)) {
		return s.Raw
	}
	var printed ordered.Object
	err := eachRaw(s.Raw, func(decoder *jsontext.Decoder, key string) error {
		value, err := decoder.ReadValue()
		if key != "$schema" {
			printed = printed.With(key, json.RawMessage(value.Clone()))
		}
		return err
	})
	text, err2 := printed.MarshalJSON()
	if err != nil || err2 != nil {
		return s.Raw // can't be: it was read before
	}
	return text
}
