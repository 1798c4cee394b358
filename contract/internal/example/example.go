// Package example fits values to schemas: published examples, or as far as there is none
// small ones of its own, and what clients send.
package example

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/jsregexp"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// mostMends is how many parts of one value are mended.
const mostMends = 1000

// Of returns an example of a schema whose references were followed, as JSON: the published
// one with what breaks the schema mended at any depth, and without properties that the
// schema does not name. What can't be mended stays as it was published. Without a published
// one, the example has what the schema requires. It is nil where none can be made.
func Of(tree ordered.Object, compiled *validate.Schema, published []byte) []byte {
	value, err := ordered.ParseValue(published)
	if err != nil {
		made, ok := small(tree)
		if !ok || len(compiled.Check("", plain(made))) > 0 {
			return nil
		}
		return text(made)
	}
	m := mender{tree: tree, replaces: true, made: map[string]bool{}}
	if fitted, ok := m.fit(compiled, value); ok {
		return text(fitted)
	}
	return published
}

// Fit returns JSON as a schema has it: at any depth without what the schema does not name,
// with dates in the form of the API, with a small value for what is missing and required,
// and without what breaks the schema otherwise. What can't be mended stays.
func Fit(tree ordered.Object, compiled *validate.Schema, given []byte) []byte {
	value, err := ordered.ParseValue(given)
	if err != nil {
		return given
	}
	m := mender{tree: tree, made: map[string]bool{}}
	fitted, _ := m.fit(compiled, value)
	return text(fitted)
}

// mender makes a value one that a schema accepts.
type mender struct {
	tree     ordered.Object
	replaces bool            // whether a small value takes the place of one that is wrong
	made     map[string]bool // the places where one was made
}

// fit returns a value that was mended, and reports whether the schema accepts it.
func (m *mender) fit(compiled *validate.Schema, value any) (fitted any, ok bool) {
	fitted = named(m.tree, value)
	for range mostMends {
		found := compiled.Check("", plain(fitted))
		if len(found) == 0 {
			return fitted, true
		}
		next, ok := m.mend(fitted, found[0])
		if !ok {
			break
		}
		fitted = next
	}
	return fitted, false
}

// mend returns a value in which one failure is mended.
func (m *mender) mend(value any, f validate.Failure) (mended any, ok bool) {
	place, isMissing := f.Path, f.What == validate.IsRequired
	if isMissing || f.What == validate.AdditionalProperties {
		place = append(slices.Clone(f.Path), f.Detail)
	}
	key := string(text(place))
	if isMissing || m.replaces && f.What != validate.AdditionalProperties {
		part, _ := at(m.tree, place)
		if made, ok := small(part); ok && !m.made[key] && len(place) > 0 {
			m.made[key] = true
			return change(value, place, made, false), true
		}
	}
	return change(value, place, nil, true), !isMissing && len(place) > 0
}

// at returns the part of a schema for the value that a path leads to.
func at(tree ordered.Object, path []string) (ordered.Object, bool) {
	for _, key := range path {
		next, ok := property(tree, key)
		if !ok {
			next, ok = tree.Get("items").(ordered.Object)
		}
		if !ok {
			return nil, false
		}
		tree = next
	}
	return tree, true
}

// property returns the schema of a property.
func property(tree ordered.Object, name string) (ordered.Object, bool) {
	if known, ok := tree.Object("properties").Get(name).(ordered.Object); ok {
		return known, true
	}
	for _, pattern := range tree.Object("patternProperties") {
		names, err := jsregexp.Compile(pattern.Key)
		if schema, ok := pattern.Value.(ordered.Object); ok && err == nil && names.MatchString(name) {
			return schema, true
		}
	}
	other, ok := tree.Get("additionalProperties").(ordered.Object)
	return other, ok
}

// named returns a value without the properties that a schema does not name, and with dates
// in the form of the API. A schema that names none, that has patterns for them, or whose
// names are not all those of schemas, has any.
func named(tree ordered.Object, value any) any {
	if tree.Get("format") == "date-time" {
		if at, ok := decode.Date(plain(value)); ok {
			return at.Format(decode.DateForm)
		}
	}
	switch value := value.(type) {
	case []any:
		items, _ := tree.Get("items").(ordered.Object)
		list := make([]any, len(value))
		for i := range value {
			list[i] = named(items, value[i])
		}
		return list
	case ordered.Object:
		closed := namesAll(tree.Object("properties")) && tree.Get("patternProperties") == nil &&
			(tree.Get("additionalProperties") == nil || tree.Get("additionalProperties") == false) && !hasForms(tree)
		kept := ordered.Object{}
		for _, m := range value {
			schema, known := property(tree, m.Key)
			if known || !closed || slices.Contains(tree.Object("properties").Keys(), m.Key) {
				kept = kept.With(m.Key, named(schema, m.Value))
			}
		}
		return kept
	default:
		return value
	}
}

// namesAll reports whether a schema has properties, each with a schema of its own. Where a
// schema stands in the place of its properties by mistake, its keywords are none.
func namesAll(properties ordered.Object) bool {
	return len(properties) > 0 && !slices.ContainsFunc(properties, func(m ordered.Member) bool {
		_, isText := m.Value.(string)
		return isText
	})
}

// hasForms reports whether properties may be named elsewhere in a schema.
func hasForms(tree ordered.Object) bool {
	return slices.ContainsFunc(forms, func(keyword string) bool { return tree.Get(keyword) != nil })
}

// forms are the keywords that have schemas for the value itself.
var forms = []string{"oneOf", "anyOf", "allOf"}

// change returns a value with another one at a path, or without what is there. What is
// not changed is shared.
func change(value any, path []string, to any, remove bool) any {
	if len(path) == 0 {
		return to
	}
	key, last := path[0], len(path) == 1
	switch value := value.(type) {
	case ordered.Object:
		changed := slices.Clone(value)
		i := slices.IndexFunc(changed, func(m ordered.Member) bool { return m.Key == key })
		switch {
		case i < 0 && last && !remove:
			return changed.With(key, to)
		case i < 0:
			return value
		case last && remove:
			return slices.Delete(changed, i, i+1)
		}
		changed[i].Value = change(changed[i].Value, path[1:], to, remove)
		return changed
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil || i >= len(value) {
			return value
		}
		changed := slices.Clone(value)
		if last && remove {
			return slices.Delete(changed, i, i+1)
		}
		changed[i] = change(changed[i], path[1:], to, remove)
		return changed
	default:
		return value
	}
}

// text returns a value as JSON, with the members of objects in their order.
func text(value any) []byte {
	written, err := ordered.JSON(value)
	if err != nil {
		panic(err) // it was read from JSON, or made here
	}
	return written
}

// plain returns a value as encoding/json decodes it. A number that no float64 holds
// is infinite.
func plain(value any) any {
	switch value := value.(type) {
	case ordered.Object:
		fields := make(map[string]any, len(value))
		for _, m := range value {
			fields[m.Key] = plain(m.Value)
		}
		return fields
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = plain(value[i])
		}
		return list
	case json.Number:
		number, _ := value.Float64() // infinite where it is too large
		return number
	default:
		return value
	}
}
