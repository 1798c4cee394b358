package openapi

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// keywords are those that a schema of OpenAPI can have, of all that occur. Definitions
// from outside have others too, which nobody looks at.
var keywords = []string{
	"$ref", "title", "description", "default", "enum", "const", "type", "format", "pattern", "minLength", "maxLength",
	"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems",
	"minProperties", "maxProperties", "required", "properties", "patternProperties", "additionalProperties", "propertyNames",
	"items", "contains", "not", "allOf", "anyOf", "oneOf", "if", "then", "else",
}

// types are those of JSON Schema. A schema with another one has none.
var types = []string{"object", "array", "string", "number", "integer", "boolean", "null"}

// schemaOf returns a schema as OpenAPI has it. What is no schema, such as a list, allows
// any value, as in the API's framework.
func schemaOf(value any) any {
	schema, ok := value.(ordered.Object)
	if !ok {
		if allows, ok := value.(bool); ok {
			return allows
		}
		return ordered.Object{}
	}
	out := ordered.Object{}
	for _, member := range schema {
		if slices.Contains(keywords, member.Key) {
			if value := valueOf(member.Key, member.Value); value != nil {
				out = out.With(member.Key, value)
			}
		}
	}
	return out
}

// valueOf returns the value of a keyword; nil for one that is left out.
func valueOf(keyword string, value any) any {
	switch keyword {
	case "$ref":
		text, _ := value.(string)
		return "#/components/schemas/" + strings.TrimPrefix(text, "#/definitions/")
	case "type":
		text, isText := value.(string)
		if isText && !slices.Contains(types, text) {
			return nil
		}
		return value
	case "properties", "patternProperties":
		members, _ := value.(ordered.Object)
		properties := ordered.Object{}
		for _, member := range members {
			properties = properties.With(member.Key, schemaOf(member.Value))
		}
		return properties
	case "additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else":
		return schemaOf(value)
	case "allOf", "anyOf", "oneOf":
		list, _ := value.([]any)
		schemas := []any{}
		for _, item := range list {
			schemas = append(schemas, schemaOf(item))
		}
		return schemas
	default:
		return value
	}
}
