package sample

import (
	"maps"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// ManyFaults returns bodies of a webhook with several faults, of which one is reported: the
// first in the order of the schema.
func ManyFaults(schema *contract.Schema, name string) []Sample {
	all := []Sample{
		{Title: "with one property that is missing and one too many", Body: map[string]any{"noSuchProperty": true, "responseCode": 1}},
		{Title: "with a wrong type and a property too many", Body: map[string]any{"name": 5, "noSuchProperty": 2}},
		{Title: "with a limit exceeded and a property too many", Body: map[string]any{"name": "", "noSuchProperty": 2}},
		{Title: "with two limits exceeded", Body: map[string]any{"name": "", "responseCode": 1000}},
		{Title: "with two limits exceeded, in another order", Body: map[string]any{"responseCode": 1000, "name": strings.Repeat("x", 256)}},
		{Title: "with a property that each object of JavaScript has", Body: map[string]any{"name": name, "__proto__": true}},
		{Title: "with another one", Body: map[string]any{"name": name, "constructor": true}},
		{Title: "with two wrong types", Body: map[string]any{"name": name, "responseCode": "x", "verificationCode": 5}},
	}
	properties := schema.Properties()
	for i := 1; i < len(properties); i++ {
		first, second := properties[i-1], properties[i]
		all = append(all, Sample{Title: "with wrong types of " + first + " and " + second, Body: With(With(map[string]any{"name": name}, first, []any{}), second, []any{})})
	}
	return all
}

// OfOthers returns bodies that each have a property which another schema allows and this
// one lacks.
func OfOthers(schema, other *contract.Schema, valid map[string]any) (made []Sample) {
	known, ones := slices.Clone(schema.Properties()), Of(other, valid)
	for _, name := range other.Properties() {
		ones = append(ones, Sample{Property: name, Body: With(valid, name, strings.Repeat("0", 24))}) // which an id may be
	}
	for _, one := range ones {
		body, isObject := one.Body.(map[string]any)
		if isObject && body[one.Property] != nil && !slices.Contains(known, one.Property) && other.Check("", Normal(body)) == nil {
			known = append(known, one.Property)
			made = append(made, Sample{Title: "with " + one.Property, Body: With(valid, one.Property, body[one.Property])})
		}
	}
	return made
}

// Normal returns a body as JSON decodes it.
func Normal(body any) any {
	switch body := body.(type) {
	case map[string]any:
		fields := maps.Clone(body)
		for name, value := range fields {
			fields[name] = Normal(value)
		}
		return fields
	case int:
		return float64(body)
	default:
		return body
	}
}
