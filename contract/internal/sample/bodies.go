package sample

import (
	"maps"
	"strings"
)

// ManyFaults returns bodies of a webhook with several faults, of which one is reported.
func ManyFaults(name string) []Sample {
	return []Sample{
		{Title: "with one property that is missing and one too many", Body: map[string]any{"noSuchProperty": true, "responseCode": 1}},
		{Title: "with a wrong type and a property too many", Body: map[string]any{"name": 5, "noSuchProperty": 2}},
		{Title: "with two limits exceeded", Body: map[string]any{"name": "", "responseCode": 1000}},
		{Title: "with two limits exceeded, in another order", Body: map[string]any{"responseCode": 1000, "name": strings.Repeat("x", 256)}},
		{Title: "with a property that each object of JavaScript has", Body: map[string]any{"name": name, "__proto__": true}},
		{Title: "with another one", Body: map[string]any{"name": name, "constructor": true}},
		{Title: "with two wrong types", Body: map[string]any{"name": name, "responseCode": "x", "verificationCode": 5}},
	}
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
