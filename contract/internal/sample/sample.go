// Package sample makes request bodies from schemas: at the edges of limits, and drawn.
package sample

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/losantmock/losantmock/contract"
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

// definition is what samples need to know of a schema, or of a property.
type definition struct {
	Type                 string
	Enum                 []any
	Minimum, Maximum     *float64
	MinLength, MaxLength *int
	Pattern, Format      string

	Properties           map[string]definition
	Required             []string
	AdditionalProperties *bool

	Items       *definition
	MaxItems    int
	UniqueItems bool
	OneOf       []definition
}

// Of returns bodies made from a valid one: package suite documents them.
func Of(s *contract.Schema, valid map[string]any) []Sample {
	schema := definitionOf(s)
	var made []Sample
	for _, name := range s.Properties() {
		base, _ := valid[name].(string)
		sampleProperty(schema.Properties[name], base, func(title string, value any) {
			made = append(made, Sample{name + " " + title, name, With(valid, name, value)})
		})
		for _, inner := range inside(schema.Properties[name]) {
			made = append(made, Sample{name + inner.title, name, With(valid, name, inner.value)})
		}
	}
	for _, name := range schema.Required {
		made = append(made, Sample{"without " + name, name, Without(valid, name)})
	}
	if schema.AdditionalProperties != nil && !*schema.AdditionalProperties {
		made = append(made, Sample{Title: "with a property too many", Body: With(valid, "noSuchProperty", true)})
	}
	return append(made,
		Sample{Title: "a list as the body", Body: []any{valid}},
		Sample{Title: "a text as the body", Body: "text"},
		Sample{Title: "null as the body", Body: nil})
}

// OneOfEachType leaves out samples that differ from an earlier one in nothing but the
// type that is wrong.
func OneOfEachType(samples []Sample) []Sample {
	seen := map[string]bool{}
	return slices.DeleteFunc(samples, func(s Sample) bool {
		place, _, isType := strings.Cut(s.Title, " as ")
		known := seen[place]
		seen[place] = known || isType
		return isType && known
	})
}

// Enum returns the values of a property of a schema; none for a property that has no
// list of them.
func Enum(s *contract.Schema, property string) []any {
	return definitionOf(s).Properties[property].Enum
}

func definitionOf(s *contract.Schema) definition {
	text, err := s.MarshalJSON()
	if err != nil {
		panic(err) // it was read from JSON
	}
	var d definition
	if err := json.Unmarshal(text, &d); err != nil {
		panic(err) // it was compiled
	}
	return d
}

// wrongTypes are a value of every type of JSON.
var wrongTypes = []struct {
	kinds string // the types of JSON Schema that it is one of
	title string
	value any
}{
	{"string", "as text", "1"},
	{"number", "as a fraction", 200.5},
	{"integer number", "as a number", 1.0},
	{"boolean", "as a boolean", true},
	{"null", "as null", nil},
	{"array", "as a list", []any{}},
	{"object", "as an object", map[string]any{}},
}

func sampleProperty(d definition, base string, add func(title string, value any)) {
	d = d.branch() // the schema decides what the others allow
	for _, wrong := range wrongTypes {
		if d.Type != "" && !slices.Contains(strings.Fields(wrong.kinds), d.Type) {
			add(wrong.title, wrong.value)
		}
	}
	for _, value := range d.Enum {
		add(fmt.Sprintf("%v", value), value)
	}
	switch d.Type {
	case "boolean":
		add("true", true)
		add("false", false)
		add("true as text", "true")
		add("as 0", 0.0)
	case "integer", "number":
		for _, limit := range []*float64{d.Minimum, d.Maximum} {
			if limit != nil {
				for _, at := range []float64{*limit - 1, *limit, *limit + 1} {
					add("of "+strconv.FormatFloat(at, 'f', -1, 64), at)
				}
			}
		}
	case "string":
		sampleText(d, base, add)
	}
}

func sampleText(d definition, base string, add func(title string, value any)) {
	if base != "" {
		add("in a list", []any{base})
	}
	if d.Enum != nil {
		add("of no enum value", "no-such-value")
		first := fmt.Sprint(d.Enum[0])
		add("in capitals", strings.ToUpper(first))
		add("with a blank behind it", first+" ")
		add("of a blank text", "")
	}
	if d.MinLength == nil && d.Enum == nil {
		add("of a blank text", "")
	} else if d.MinLength != nil {
		n := *d.MinLength
		add(fmt.Sprintf("of %d UTF-16 code units", n), fill(base, n))
		add(fmt.Sprintf("of %d UTF-16 code units", n-1), fill(base, n-1))
	}
	if d.MaxLength != nil {
		n := *d.MaxLength
		add(fmt.Sprintf("of %d UTF-16 code units", n), fill(base, n))
		add(fmt.Sprintf("of %d UTF-16 code units", n+1), fill(base, n+1))
		add(fmt.Sprintf("of emoji, %d UTF-16 code units", n), emoji(base, n))
		add(fmt.Sprintf("of emoji, %d UTF-16 code units", n+1), emoji(base, n+1))
	}
	if d.Pattern != "" {
		add("that matches no pattern", "no such pattern")
	}
	if d.Format != "" {
		add("that is no "+d.Format, "no such format")
	}
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

// With returns a copy of fields with one of them set.
func With(fields map[string]any, name string, value any) map[string]any {
	changed := Without(fields, name)
	changed[name] = value
	return changed
}

// Without returns a copy of fields without one of them.
func Without(fields map[string]any, name string) map[string]any {
	changed := make(map[string]any, len(fields)+1)
	for key, value := range fields {
		if key != name {
			changed[key] = value
		}
	}
	return changed
}
