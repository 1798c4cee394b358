// Package example makes an example of a schema: a published one without what the schema
// does not have, or, as far as there is none, a small one of its own.
package example

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/internal/jsregexp"
	"github.com/losantmock/losantmock/contract/internal/ordered"
	"github.com/losantmock/losantmock/contract/internal/validate"
)

// mostMends is how many parts of one published example are mended.
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
	mended := named(tree, value)
	tried := map[string]bool{}
	for range mostMends {
		found := compiled.Check("", plain(mended))
		if len(found) == 0 {
			return text(mended)
		}
		next, ok := mend(tree, mended, found[0], tried)
		if !ok {
			break
		}
		mended = next
	}
	return published
}

// mend returns a value in which one failure is mended. Tried has the places where a part
// was made already: what fails there again can't be made, and is left out.
func mend(tree ordered.Object, value any, f validate.Failure, tried map[string]bool) (mended any, ok bool) {
	switch f.What {
	case validate.AdditionalProperties:
		return change(value, append(slices.Clone(f.Path), f.Detail), nil, true), true
	case validate.IsRequired:
		f.Path = append(slices.Clone(f.Path), f.Detail)
	}
	key := string(text(f.Path))
	if len(f.Path) == 0 || tried[key] && f.What == validate.IsRequired {
		return nil, false
	}
	part, _ := at(tree, f.Path)
	made, ok := small(part)
	if tried[key] || !ok {
		return change(value, f.Path, nil, true), true
	}
	tried[key] = true
	return change(value, f.Path, made, false), true
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

// named returns a value without the properties that a schema does not name. One that
// names none, or that has patterns for them, has any.
func named(tree ordered.Object, value any) any {
	switch value := value.(type) {
	case []any:
		items, _ := tree.Get("items").(ordered.Object)
		list := make([]any, len(value))
		for i := range value {
			list[i] = named(items, value[i])
		}
		return list
	case ordered.Object:
		closed := len(tree.Object("properties")) > 0 && tree.Get("patternProperties") == nil &&
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

// plain returns a value as encoding/json decodes it.
func plain(value any) any {
	var decoded any
	_ = json.Unmarshal(text(value), &decoded) // which is JSON
	return decoded
}
