package contract

import (
	"slices"
	"strings"

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
func resolve(value any, v Version, sources object) any {
	switch value := value.(type) {
	case object:
		value = before(value, v)
		if ref := value.text("$ref"); ref != "" {
			return resolve(lookUp(ref, sources), v, sources)
		}
		var out object
		for _, m := range value {
			switch {
			case strings.HasPrefix(m.key, "x-"), !v.has(value.text("x-" + m.key + "Since")):
			case m.key == "enum":
				out = append(out, member{m.key, enumAt(m.value.([]any), value.object("x-enumSince"), value.object("x-enumUntil"), v)})
			case m.key == "properties":
				out = append(out, member{m.key, propertiesAt(m.value.(object), v, sources)})
			default:
				out = append(out, member{m.key, resolve(m.value, v, sources)})
			}
		}
		return out
	case []any:
		list := []any{}
		for _, item := range value {
			if schema, ok := item.(object); !ok || v.has(schema.text("x-since")) {
				list = append(list, resolve(item, v, sources))
			}
		}
		return list
	default:
		return value
	}
}

// before returns a schema with the keywords that it had at a version.
func before(schema object, v Version) object {
	for _, change := range schema.object("x-before") {
		if v.has(change.key) {
			continue
		}
		was := change.value.(object)
		schema = slices.DeleteFunc(slices.Clone(schema), func(m member) bool { return was.get(m.key) != nil })
		schema = append(schema, was...)
	}
	return schema
}

// enumAt returns the values of an enum that there were at a version.
func enumAt(values []any, since, until object, v Version) []any {
	var absent []any
	for _, change := range since {
		if !v.has(change.key) {
			absent = append(absent, change.value.([]any)...)
		}
	}
	for _, change := range until {
		if v.has(change.key) {
			absent = append(absent, change.value.([]any)...)
		}
	}
	return slices.DeleteFunc(slices.Clone(values), func(value any) bool { return slices.Contains(absent, value) })
}

func propertiesAt(properties object, v Version, sources object) object {
	var out object
	for _, property := range properties {
		definition := property.value.(object)
		if ref := definition.text("$ref"); ref != "" {
			definition = lookUp(ref, sources)
		}
		if v.has(definition.text("x-since")) {
			out = append(out, member{property.key, resolve(definition, v, sources)})
		}
	}
	return out
}

// lookUp follows a reference such as "webhook.json#/properties/name".
func lookUp(ref string, sources object) object {
	file, pointer, _ := strings.Cut(ref, "#/")
	found := sources.object(strings.TrimSuffix(file, ".json"))
	for key := range strings.SplitSeq(pointer, "/") {
		if key != "" {
			found = found.object(key)
		}
	}
	if found == nil {
		panic("contract: no schema at " + ref) // a fault of this package's own files
	}
	if ref := found.text("$ref"); ref != "" {
		return lookUp(ref, sources)
	}
	return found
}

// annotated names the properties of a definition that responses always carry.
func annotated(definition object, v Version) []string {
	var names []string
	for _, property := range definition.object("properties") {
		annotations := property.value.(object)
		if annotations.get("x-always") == true && v.has(annotations.text("x-since")) {
			names = append(names, property.key)
		}
	}
	return names
}

// requestable returns the names of all scopes that a user may request at a
// version, also where requesting them was not possible yet.
func requestable(v Version, sources object) []string {
	return validate.Enums(resolve(lookUp("userCredentials.json#/properties/requestedScopes", sources), v, sources))
}
