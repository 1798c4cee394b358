package contract

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// The schema files say each limit once. A property that appears in several
// definitions is written in one of them and referred to from the others, and
// annotations say what JSON Schema has no word for:
//
//	"x-since": "1.28.4"                       the property, or the item of a list, came with this version
//	"x-enumSince": {"1.9.0": ["alexa"]}       these values of its enum came with that one
//	"x-enumUntil": {"1.26.9": ["..."]}        and these went
//	"x-minLengthSince": "1.3.8"               the limit beside it came with that one
//	"x-before": {"1.23.1": {"minLength": 4}}  what it said before that one; the newest version stands first
//	"x-always": true                          every response of ours carries it
//
// resolve returns a definition as the API itself prints it at a version: no
// references, no annotations, and only what was there then.
func resolve(value any, v Version, sources ordered.Object) any {
	switch value := value.(type) {
	case ordered.Object:
		value = before(value, v)
		if ref := value.Text("$ref"); ref != "" {
			return resolve(lookUp(ref, sources), v, sources)
		}
		var out ordered.Object
		for _, m := range value {
			switch {
			case strings.HasPrefix(m.Key, "x-"), !v.has(value.Text("x-" + m.Key + "Since")):
			case m.Key == "enum":
				out = out.With(m.Key, enumAt(m.Value.([]any), value.Object("x-enumSince"), value.Object("x-enumUntil"), v))
			case m.Key == "properties":
				out = out.With(m.Key, propertiesAt(m.Value.(ordered.Object), v, sources))
			default:
				out = out.With(m.Key, resolve(m.Value, v, sources))
			}
		}
		return out
	case []any:
		list := []any{}
		for _, item := range value {
			if schema, ok := item.(ordered.Object); !ok || v.has(schema.Text("x-since")) {
				list = append(list, resolve(item, v, sources))
			}
		}
		return list
	default:
		return value
	}
}

// before returns a schema with the keywords that it had at a version.
func before(schema ordered.Object, v Version) ordered.Object {
	for _, change := range schema.Object("x-before") {
		if v.has(change.Key) {
			continue
		}
		was := change.Value.(ordered.Object)
		schema = slices.DeleteFunc(slices.Clone(schema), func(m ordered.Member) bool { return was.Get(m.Key) != nil })
		schema = append(schema, was...)
	}
	return schema
}

// enumAt returns the values of an enum that there were at a version.
func enumAt(values []any, since, until ordered.Object, v Version) []any {
	var absent []any
	for _, change := range since {
		if !v.has(change.Key) {
			absent = append(absent, change.Value.([]any)...)
		}
	}
	for _, change := range until {
		if v.has(change.Key) {
			absent = append(absent, change.Value.([]any)...)
		}
	}
	return slices.DeleteFunc(slices.Clone(values), func(value any) bool { return slices.Contains(absent, value) })
}

func propertiesAt(properties ordered.Object, v Version, sources ordered.Object) ordered.Object {
	var out ordered.Object
	for _, property := range properties {
		definition := property.Value.(ordered.Object)
		if ref := definition.Text("$ref"); ref != "" {
			definition = lookUp(ref, sources)
		}
		if v.has(definition.Text("x-since")) {
			out = out.With(property.Key, resolve(definition, v, sources))
		}
	}
	return out
}

// lookUp follows a reference such as "webhook.json#/properties/name".
func lookUp(ref string, sources ordered.Object) ordered.Object {
	file, pointer, _ := strings.Cut(ref, "#/")
	found := sources.Object(strings.TrimSuffix(file, ".json"))
	for key := range strings.SplitSeq(pointer, "/") {
		if key != "" {
			found = found.Object(key)
		}
	}
	if found == nil {
		panic("contract: no schema at " + ref) // a fault of this package's own files
	}
	if ref := found.Text("$ref"); ref != "" {
		return lookUp(ref, sources)
	}
	return found
}

// annotated names the properties of a definition that responses always carry.
func annotated(definition ordered.Object, v Version) []string {
	var names []string
	for _, property := range definition.Object("properties") {
		annotations := property.Value.(ordered.Object)
		if annotations.Get("x-always") == true && v.has(annotations.Text("x-since")) {
			names = append(names, property.Key)
		}
	}
	return names
}

// requestable returns the names of all scopes that a user may request at a
// version, also where requesting them was not possible yet.
func requestable(v Version, sources ordered.Object) []string {
	return validate.Enums(resolve(lookUp("userCredentials.json#/properties/requestedScopes", sources), v, sources))
}
