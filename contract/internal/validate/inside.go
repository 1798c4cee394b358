package validate

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/internal/jsregexp"
)

func (c *compiler) checkRequired(schema Object) (check, error) {
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

func (c *compiler) checkProperties(schema Object) (check, error) {
	properties, err := c.compileNamed(schema, "properties")
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

func (c *compiler) checkAdditional(schema Object) (check, error) {
	var patterns []*jsregexp.Pattern
	named, _ := schema.Get("patternProperties").(Object)
	if named != nil {
		for _, name := range named.Keys() {
			pattern, err := jsregexp.Compile(name)
			if err != nil {
				return nil, err
			}
			patterns = append(patterns, pattern)
		}
	}
	declared, _ := schema.Get("properties").(Object)
	properties := map[string]bool{}
	if declared != nil {
		for _, name := range declared.Keys() {
			properties[name] = true
		}
	}
	extra := func(name string) bool {
		return !properties[name] &&
			!slices.ContainsFunc(patterns, func(p *jsregexp.Pattern) bool { return p.MatchString(name) })
	}
	switch additional := schema.Get("additionalProperties").(type) {
	case bool:
		loop := c.loop()
		if additional {
			return nil, nil
		}
		return eachProperty(loop, func(w *walk, at step, _ any) {
			if extra(at.key) {
				w.fail(AdditionalProperties, at.key)
			}
		}), nil
	case Object:
		loop := c.loop()
		c.named = true
		s, err := c.compile(additional)
		return eachProperty(loop, func(w *walk, at step, value any) {
			if extra(at.key) {
				w.visitInside(at, s, value)
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

func (c *compiler) checkPatternProperties(schema Object) (check, error) {
	named, _ := schema.Get("patternProperties").(Object)
	if named == nil {
		return nil, nil
	}
	loop := c.loop()
	c.named = true
	compiled, err := c.compileNamed(schema, "patternProperties")
	if err != nil {
		return nil, err
	}
	var patterns []pattern
	for _, one := range compiled {
		names, err := jsregexp.Compile(one.name)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, pattern{names, one.schema})
	}
	return eachProperty(loop, func(w *walk, at step, value any) {
		for _, p := range patterns {
			if p.names.MatchString(at.key) {
				w.visitInside(at, p.schema, value)
			}
		}
	}), nil
}

// eachProperty returns a check of the properties that an object has: in the order in
// which they were sent where that is known, else by name.
func eachProperty(loop int, visit func(w *walk, at step, value any)) check {
	return func(w *walk, value any) {
		fields, _ := value.(map[string]any)
		for i, name := range w.keys(fields) {
			visit(w, step{key: name, loop: loop, place: i}, fields[name])
		}
	}
}

func (c *compiler) checkItems(schema Object) (check, error) {
	switch items := schema.Get("items").(type) {
	case Object:
		s, err := c.compile(items)
		return func(w *walk, value any) {
			list, _ := value.([]any)
			for i, item := range list {
				w.visitInside(step{key: strconv.Itoa(i), index: true}, s, item)
			}
		}, err
	default:
		return nil, nil
	}
}

func (c *compiler) checkUnique(schema Object) (check, error) {
	if schema.Get("uniqueItems") != true {
		return nil, nil
	}
	most, limited := Number(schema, "maxItems")
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
