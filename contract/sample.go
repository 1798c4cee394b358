package contract

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Sample is a request body made from a schema: one that the schema allows at
// the edge of a limit, or one that it refuses just beyond.
type Sample struct {
	Title string // "name of 255 UTF-16 code units"
	// Property is the one that the sample is about; blank where it is about the
	// body as a whole.
	Property string
	Body     any
}

// Samples makes bodies from a valid one: each limit at, below and above its
// edge, each value of each enum and one that is none, each wrong type, each
// required property left out, and one property too many. Texts that are made
// begin with the valid body's own where there is room. Which of them the
// schema allows is asked of the schema, not told here.
func (s *Schema) Samples(valid map[string]any) []Sample {
	var samples []Sample
	add := func(property, title string, value any) {
		samples = append(samples, Sample{Title: title, Property: property, Body: with(valid, property, value)})
	}
	for _, m := range s.tree.object("properties") {
		definition := m.value.(object)
		base, _ := valid[m.key].(string)
		sampleProperty(definition, base, func(title string, value any) { add(m.key, m.key+" "+title, value) })
	}
	required, _ := s.tree.get("required").([]any)
	for _, name := range required {
		samples = append(samples, Sample{Title: "without " + name.(string), Property: name.(string), Body: without(valid, name.(string))})
	}
	if s.tree.get("additionalProperties") == false {
		samples = append(samples, Sample{Title: "with a property too many", Body: with(valid, "noSuchProperty", true)})
	}
	for _, wrong := range []struct {
		title string
		body  any
	}{
		{"a list as the body", []any{valid}}, {"a text as the body", "text"}, {"null as the body", nil},
	} {
		samples = append(samples, Sample{Title: wrong.title, Body: wrong.body})
	}
	return samples
}

// wrongTypes are a value of every type of JSON.
var wrongTypes = []struct {
	kinds string // the types of JSON Schema that it is one of
	title string
	value any
}{
	{"string", "as text", "1"},
	{"number", "as a fraction", 200.5},
	{"integer number", "as a number", 200.0},
	{"boolean", "as a boolean", true},
	{"null", "as null", nil},
	{"array", "as a list", []any{}},
	{"object", "as an object", map[string]any{}},
}

func sampleProperty(definition object, base string, add func(title string, value any)) {
	kind := definition.text("type")
	enum, _ := definition.get("enum").([]any)
	for _, wrong := range wrongTypes {
		if kind != "" && !strings.Contains(" "+wrong.kinds+" ", " "+kind+" ") {
			add(wrong.title, wrong.value)
		}
	}
	for _, value := range enum {
		add(fmt.Sprintf("%v", value), value)
	}
	switch kind {
	case "boolean":
		add("true", true)
		add("false", false)
	case "integer", "number":
		for _, limit := range []string{"minimum", "maximum"} {
			if n, ok := number(definition, limit); ok {
				for _, at := range []float64{n - 1, n, n + 1} {
					add("of "+strconv.FormatFloat(at, 'f', -1, 64), at)
				}
			}
		}
	case "string":
		if enum != nil {
			add("of no enum value", "no-such-value")
		}
		if n, ok := number(definition, "minLength"); ok {
			add(fmt.Sprintf("of %v UTF-16 code units", n), fill(base, int(n)))
			add(fmt.Sprintf("of %v UTF-16 code units", n-1), fill(base, int(n)-1))
		}
		if n, ok := number(definition, "maxLength"); ok {
			add(fmt.Sprintf("of %v UTF-16 code units", n), fill(base, int(n)))
			add(fmt.Sprintf("of %v UTF-16 code units", n+1), fill(base, int(n)+1))
			add(fmt.Sprintf("of emoji, %v UTF-16 code units", n), emoji(base, int(n)))
			add(fmt.Sprintf("of emoji, %v UTF-16 code units", n+1), emoji(base, int(n)+1))
		}
		if definition.get("pattern") != nil {
			add("that matches no pattern", "no such pattern")
		}
		if definition.text("format") != "" {
			add("that is no "+definition.text("format"), "no such format")
		}
	}
}

func number(definition object, key string) (float64, bool) {
	n, ok := definition.get(key).(json.Number)
	if !ok {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return 0, false
	}
	f, _ := r.Float64()
	return f, true
}

func units(text string) int { return len(utf16.Encode([]rune(text))) }

// fill makes a text of so many UTF-16 code units, that begins with another
// where that fits.
func fill(base string, n int) string {
	if units(base) > n {
		base = ""
	}
	return base + strings.Repeat("x", n-units(base))
}

// emoji is fill with characters of two units.
func emoji(base string, n int) string {
	if units(base) > n {
		base = ""
	}
	rest := n - units(base)
	return base + strings.Repeat("x", rest%2) + strings.Repeat("😀", rest/2)
}

func with(fields map[string]any, name string, value any) map[string]any {
	changed := without(fields, name)
	changed[name] = value
	return changed
}

func without(fields map[string]any, name string) map[string]any {
	changed := make(map[string]any, len(fields)+1)
	for key, value := range fields {
		if key != name {
			changed[key] = value
		}
	}
	return changed
}
