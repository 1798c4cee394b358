// Package history reads schemas as they were at a version of the API.
//
// The schema files say each limit once. A property that appears in several
// definitions is written in one of them and referred to from the others, and
// annotations say what JSON Schema has no word for:
//
//	"x-since": "1.28.4"                       the property, or the item of a list, came with this version
//	"x-enumSince": {"1.9.0": ["alexa"]}       these values of its enum came with that one
//	"x-enumUntil": {"1.26.9": ["..."]}        and these went
//	"x-minLengthSince": "1.3.8"               the limit beside it came with that one
//	"x-before": {"1.23.1": {"minLength": 4}}  what it said before that one, null for nothing; the newest version stands first
//	"x-always": true                          every response of ours carries it
package history

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// Files are the schema files, by name without the ending.
type Files struct {
	Schemas ordered.Object
	// Has reports whether what came with a version is there at the one that is read.
	Has func(since string) bool
}

// Resolve returns a definition as the API itself prints it at a version: no
// references, no annotations, and only what was there then.
func (f Files) Resolve(value any) any {
	switch value := value.(type) {
	case ordered.Object:
		value = f.before(value)
		if ref := value.Text("$ref"); ref != "" && ref[0] != '#' {
			return f.Resolve(f.LookUp(ref))
		}
		var out ordered.Object
		for _, m := range value {
			switch {
			case strings.HasPrefix(m.Key, "x-"), !f.Has(value.Text("x-" + m.Key + "Since")):
			case m.Key == "enum":
				out = out.With(m.Key, f.enum(m.Value.([]any), value.Object("x-enumSince"), value.Object("x-enumUntil")))
			case m.Key == "properties":
				out = out.With(m.Key, f.properties(m.Value.(ordered.Object)))
			default:
				out = out.With(m.Key, f.Resolve(m.Value))
			}
		}
		return out
	case []any:
		list := []any{}
		for _, item := range value {
			if schema, ok := item.(ordered.Object); !ok || f.Has(schema.Text("x-since")) {
				list = append(list, f.Resolve(item))
			}
		}
		return list
	default:
		return value
	}
}

// before returns a schema with the keywords that it had at a version. One that was null
// was not there.
func (f Files) before(schema ordered.Object) ordered.Object {
	for _, change := range schema.Object("x-before") {
		if !f.Has(change.Key) {
			for _, was := range change.Value.(ordered.Object) {
				schema = schema.Set(was.Key, was.Value)
			}
		}
	}
	return schema
}

// enum returns the values of an enum that there were at a version.
func (f Files) enum(values []any, since, until ordered.Object) []any {
	var absent []any
	for _, change := range since {
		if !f.Has(change.Key) {
			absent = append(absent, change.Value.([]any)...)
		}
	}
	for _, change := range until {
		if f.Has(change.Key) {
			absent = append(absent, change.Value.([]any)...)
		}
	}
	return slices.DeleteFunc(slices.Clone(values), func(value any) bool { return slices.Contains(absent, value) })
}

func (f Files) properties(properties ordered.Object) ordered.Object {
	var out ordered.Object
	for _, property := range properties {
		definition := property.Value.(ordered.Object)
		if ref := definition.Text("$ref"); ref != "" {
			definition = f.LookUp(ref)
		}
		if f.Has(definition.Text("x-since")) {
			out = out.With(property.Key, f.Resolve(definition))
		}
	}
	return out
}

// LookUp follows a reference such as "webhook.json#/properties/name".
func (f Files) LookUp(ref string) ordered.Object {
	file, pointer, _ := strings.Cut(ref, "#/")
	found := f.Schemas.Object(strings.TrimSuffix(file, ".json"))
	for key := range strings.SplitSeq(pointer, "/") {
		if key != "" {
			found = found.Object(key)
		}
	}
	if found == nil {
		panic("contract: no schema at " + ref) // a fault of this package's own files
	}
	if ref := found.Text("$ref"); ref != "" {
		return f.LookUp(ref)
	}
	return found
}

// Always names the properties of a definition that responses always carry.
func (f Files) Always(definition ordered.Object) []string {
	var names []string
	for _, property := range definition.Object("properties") {
		annotations := property.Value.(ordered.Object)
		if annotations.Get("x-always") == true && f.Has(annotations.Text("x-since")) {
			names = append(names, property.Key)
		}
	}
	return names
}

// Trim returns an example without the properties that the API did not have yet.
func Trim(example, schema ordered.Object) ordered.Object {
	properties := schema.Object("properties")
	var out ordered.Object
	for _, m := range example {
		property := properties.Object(m.Key)
		if property == nil {
			continue
		}
		switch value := m.Value.(type) {
		case ordered.Object:
			m.Value = Trim(value, property)
		case []any:
			list := make([]any, len(value))
			for i, item := range value {
				list[i] = item
				if o, ok := item.(ordered.Object); ok {
					list[i] = Trim(o, property.Object("items"))
				}
			}
			m.Value = list
		}
		out = append(out, m)
	}
	return out
}
