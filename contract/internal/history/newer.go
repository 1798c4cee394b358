package history

import (
	"fmt"
	"slices"

	"github.com/losantmock/losantmock/contract/internal/ordered"
)

// WithNewer returns a schema with the properties, and the values of enums, that
// another one has beyond it, and whether there are any.
func WithNewer(schema, defined ordered.Object) (ordered.Object, bool) {
	changed := false
	schema = slices.Clone(schema)
	for i, keyword := range schema {
		switch known := keyword.Value.(type) {
		case ordered.Object:
			other := defined.Object(keyword.Key)
			switch keyword.Key {
			case "items":
				merged, more := WithNewer(known, other)
				schema[i].Value, changed = merged, changed || more
			case "properties":
				merged, more := withNewerProperties(known, other)
				schema[i].Value, changed = merged, changed || more
			}
		case []any:
			others, _ := defined.Get(keyword.Key).([]any)
			for _, value := range others {
				if keyword.Key == "enum" && !slices.ContainsFunc(known, func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(value) }) {
					known = append(slices.Clip(known), value)
					changed = true
				}
			}
			schema[i].Value = known
		}
	}
	return schema, changed
}

func withNewerProperties(properties, defined ordered.Object) (ordered.Object, bool) {
	changed := false
	properties = slices.Clone(properties)
	for _, property := range defined {
		newer, ok := property.Value.(ordered.Object)
		if !ok {
			continue
		}
		i := slices.IndexFunc(properties, func(m ordered.Member) bool { return m.Key == property.Key })
		if i < 0 {
			properties = append(properties, property)
			changed = true
		} else if known, ok := properties[i].Value.(ordered.Object); ok {
			merged, more := WithNewer(known, newer)
			properties[i].Value, changed = merged, changed || more
		}
	}
	return properties, changed
}
