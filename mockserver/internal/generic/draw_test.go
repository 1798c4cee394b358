package generic_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// drawer draws bodies that a schema allows.
type drawer struct {
	*rand.Rand
	ids []string // of things that there are
}

// body draws an object that a schema allows: with what it requires and some of the rest.
// What a part must be beyond its keywords is found out by drawing the part again.
func (d *drawer) body(t *testing.T, schema *contract.Schema) map[string]any {
	t.Helper()
	var tree map[string]any
	text, _ := schema.MarshalJSON() // of JSON that was read
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	for chance := 0.5; chance > 0.001; chance *= 0.8 {
		if value, ok := d.value(tree, chance).(map[string]any); ok && schema.Check("", value) == nil {
			return value
		}
	}
	t.Fatalf("no body of %s can be drawn: %v", schema.Name, schema.Check("", d.value(tree, 0)))
	return nil
}

// value draws a value. Chance is how likely a member is that may be left out.
func (d *drawer) value(schema map[string]any, chance float64) any {
	if choices, ok := schema["enum"].([]any); ok {
		return one(d, choices)
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if forms, ok := schema[keyword].([]any); ok {
			form, _ := one(d, forms).(map[string]any)
			if properties == nil {
				return d.value(form, chance)
			}
			return d.object(properties, form["required"], schema, chance)
		}
	}
	kind := schema["type"]
	if kinds, ok := kind.([]any); ok {
		kind = one(d, kinds)
	}
	switch kind {
	case "object":
		return d.object(properties, schema["required"], schema, chance)
	case "array":
		items, _ := schema["items"].(map[string]any)
		least, _ := schema["minItems"].(float64)
		list := []any{}
		for range int(least) + d.IntN(3) {
			list = append(list, d.value(items, chance/2))
		}
		return list
	case "string":
		return d.text(schema)
	case "integer", "number":
		return d.number(schema)
	case "boolean":
		return d.IntN(2) == 0
	case "null":
		return nil
	default:
		return one(d, []any{d.word(), 7.0, true, map[string]any{"inside": d.word()}})
	}
}

func (d *drawer) object(properties map[string]any, required any, schema map[string]any, chance float64) any {
	fields := map[string]any{}
	needed, _ := required.([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if property, ok := properties[name].(map[string]any); ok && (slices.Contains(needed, any(name)) || d.Float64() < chance) {
			fields[name] = d.value(property, chance/2)
		}
	}
	patterns, _ := schema["patternProperties"].(map[string]any)
	for _, pattern := range slices.Sorted(maps.Keys(patterns)) {
		if property, ok := patterns[pattern].(map[string]any); ok && d.IntN(2) == 0 {
			fields[fmt.Sprint("key", d.IntN(10))] = d.value(property, chance/2)
		}
	}
	return fields
}

// word draws a text that is nowhere else.
func (d *drawer) word() string { return fmt.Sprintf("drawn%08x", d.Uint32()) }

func (d *drawer) text(schema map[string]any) string {
	switch schema["format"] {
	case "date-time":
		return fmt.Sprintf("20%02d-05-17T08:%02d:00.000Z", 30+d.IntN(60), d.IntN(60))
	case "email":
		return d.word() + "@example.com"
	case "uri", "url":
		return "https://example.com/" + d.word()
	}
	least, _ := schema["minLength"].(float64)
	most, limited := schema["maxLength"].(float64)
	word := d.word()
	for len(word) < int(least) {
		word += d.word()
	}
	if limited && len(word) > int(most) {
		word = word[len(word)-int(most):]
	}
	pattern, ok := schema["pattern"].(string)
	switch {
	case !ok && !limited && d.IntN(2) == 0: // which may be meant as a date
		return one(d, []string{"2031-05-17", "2031-05-17T08:00:00Z", "2031-05-17 10:00:00+02:00"})
	case !ok:
		return word
	}
	id := fmt.Sprintf("%024x", d.Uint64())
	if len(d.ids) > 0 && d.IntN(2) == 0 {
		id = one(d, d.ids)
	}
	for _, text := range []string{id, word, strings.Map(letter, word), "{{" + word + "}}", "1.2.3", "data:image/png;base64,AAAA", "Drawn-" + word + "9", "#00ff00"} {
		if len(text) >= int(least) && matches(pattern, text) {
			return text
		}
	}
	return word
}

// letter returns a letter in place of a digit.
func letter(r rune) rune {
	if r <= '9' {
		return 'a' + r - '0'
	}
	return r
}

// matches reports whether a pattern of JavaScript is found in a text. Those that look
// ahead are only found in what follows.
func matches(pattern, text string) bool {
	compiled, err := regexp.Compile(lookahead.ReplaceAllString(pattern, ""))
	return err == nil && compiled.MatchString(text)
}

var lookahead = regexp.MustCompile(`\(\?[=!](?:[^()]|\\.)*\)`)

func (d *drawer) number(schema map[string]any) float64 {
	least, ok := schema["minimum"].(float64)
	if !ok {
		least = 1
	}
	n := least + float64(d.IntN(40))
	if most, ok := schema["maximum"].(float64); ok {
		n = min(n, most)
	}
	return n
}

func one[T any](d *drawer, list []T) T { return list[d.IntN(len(list))] }

// leaves calls visit for each text in a value, with the names that lead to it; those of
// lists are left out.
func leaves(value any, path []string, visit func(path []string, text string)) {
	switch value := value.(type) {
	case string:
		visit(path, value)
	case []any:
		for _, item := range value {
			leaves(item, path, visit)
		}
	case map[string]any:
		for name, inner := range value {
			leaves(inner, append(slices.Clip(path), name), visit)
		}
	}
}

func isDrawn(text string) bool {
	return strings.Contains(text, "drawn") && len(text) >= len("drawn00000000")
}
