package validate

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/jsregexp"
)

func checkRequired(schema Object) (check, error) {
	list, _ := schema.Get("required").([]any)
	names := texts(list)
	if len(names) == 0 {
		return nil, nil
	}
	return func(w *walk, value any) {
		fields, ok := value.(map[string]any)
		for _, name := range names {
			if _, there := fields[name]; ok && !there {
				w.failMissing(name)
			}
		}
	}, nil
}

func checkProperties(schema Object) (check, error) {
	properties, err := compileNamed(schema, "properties")
	if len(properties) == 0 {
		return nil, err
	}
	return func(w *walk, value any) {
		fields, _ := value.(map[string]any)
		for _, p := range properties {
			if inner, there := fields[p.name]; there {
				w.visitInside(step{key: p.name}, p.schema, inner)
			}
		}
	}, err
}

func checkAdditional(schema Object) (check, error) {
	patterns, err := patternsOf(schema)
	if err != nil {
		return nil, err
	}
	properties, _ := schema.Get("properties").(Object)
	extra := func(name string) bool {
		return (properties == nil || !slices.Contains(properties.Keys(), name)) &&
			!slices.ContainsFunc(patterns, func(p pattern) bool { return p.names.MatchString(name) })
	}
	switch additional := schema.Get("additionalProperties").(type) {
	case bool:
		if additional {
			return nil, nil
		}
		return eachProperty(func(w *walk, name string, _ any) {
			if extra(name) {
				w.fail(AdditionalProperties, name)
			}
		}), nil
	case Object:
		s, err := Compile(additional)
		return eachProperty(func(w *walk, name string, value any) {
			if extra(name) {
				w.visitInside(step{key: name}, s, value)
			}
		}), err
	default:
		return nil, nil
	}
}

// pattern is the schema of the properties whose names match a pattern.
type pattern struct {
	names  *jsregexp.Pattern
	schema *Schema
}

func patternsOf(schema Object) ([]pattern, error) {
	compiled, err := compileNamed(schema, "patternProperties")
	if err != nil {
		return nil, err
	}
	var patterns []pattern
	for _, c := range compiled {
		names, err := jsregexp.Compile(c.name)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, pattern{names, c.schema})
	}
	return patterns, nil
}

// checkPatternProperties names the properties in its failures. The framework writes
// their places in code that it generates, such as [keys4.0]: no body of a request to
// this API has such properties.
func checkPatternProperties(schema Object) (check, error) {
	patterns, err := patternsOf(schema)
	if len(patterns) == 0 {
		return nil, err
	}
	return eachProperty(func(w *walk, name string, value any) {
		for _, p := range patterns {
			if p.names.MatchString(name) {
				w.visitInside(step{key: name}, p.schema, value)
			}
		}
	}), err
}

// eachProperty returns a check of the properties that an object has, by name. The
// framework has them in the order in which they were sent.
func eachProperty(visit func(w *walk, name string, value any)) check {
	return func(w *walk, value any) {
		fields, _ := value.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			visit(w, name, fields[name])
		}
	}
}

func checkItems(schema Object) (check, error) {
	switch items := schema.Get("items").(type) {
	case Object:
		s, err := Compile(items)
		return func(w *walk, value any) {
			list, _ := value.([]any)
			for i, item := range list {
				w.visitInside(step{strconv.Itoa(i), true}, s, item)
			}
		}, err
	default:
		return nil, nil
	}
}

func checkUnique(schema Object) (check, error) {
	if schema.Get("uniqueItems") != true {
		return nil, nil
	}
	most, limited := number(schema, "maxItems")
	return func(w *walk, value any) {
		list, _ := value.([]any)
		if limited && float64(len(list)) > most {
			list = list[:int(most)]
		}
		seen := map[any]bool{}
		for _, item := range list {
			seen[identity(item)] = true
		}
		if len(seen) < len(list) {
			w.fail("must be unique", "")
		}
	}, nil
}

// identity returns what is compared of an item that must be unique: itself, or the
// text that JSON.stringify makes of a list, an object or null, which a text can equal.
// Two items differ here and are equal in the framework, or the other way around, in two
// cases: members of objects are compared in any order, since the values have none, and
// two lone surrogates are the same, since decoded texts have U+FFFD for each.
func identity(item any) any {
	switch item.(type) {
	case string, bool, float64:
		return item
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(finite(item)) // which can be encoded, to memory
	return strings.TrimSuffix(text.String(), "\n")
}

// finite returns a value whose numbers JSON has: null for an infinite one, 0 for -0.
func finite(value any) any {
	switch value := value.(type) {
	case float64:
		if math.IsInf(value, 0) {
			return nil
		}
		return value + 0
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = finite(value[i])
		}
		return list
	case map[string]any:
		fields := make(map[string]any, len(value))
		for name := range value {
			fields[name] = finite(value[name])
		}
		return fields
	default:
		return value
	}
}
