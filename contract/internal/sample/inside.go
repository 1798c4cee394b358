package sample

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// titled is a value with what is special about it.
type titled struct {
	title string
	value any
}

// inside returns values of a property that are about its inside: the smallest that it
// may have, and for each item and each property, however deep, values that are wrong.
func inside(d definition) []titled {
	d = d.branch()
	switch {
	case d.Type == "array" && d.Items != nil:
		return insideList(d)
	case d.Type == "object" && d.Properties != nil:
		return insideObject(d)
	default:
		return nil
	}
}

func insideList(d definition) []titled {
	item := smallest(*d.Items)
	made := []titled{{" of one item", []any{item}}}
	if d.UniqueItems {
		made = append(made, titled{" of two items that are the same", []any{item, item}})
	}
	if d.MaxItems > 0 {
		made = append(made, titled{fmt.Sprintf(" of %d items", d.MaxItems+1), slices.Repeat([]any{item}, d.MaxItems+1)})
	}
	for _, wrong := range wrongs(*d.Items) {
		made = append(made, titled{".0" + wrong.title, []any{wrong.value}})
	}
	return made
}

func insideObject(d definition) []titled {
	least := smallest(d).(map[string]any)
	made := []titled{{" of what it requires", least}}
	for _, name := range d.Required {
		made = append(made, titled{" without " + name, Without(least, name)})
	}
	if d.AdditionalProperties != nil && !*d.AdditionalProperties {
		made = append(made, titled{" with a property too many", With(least, "noSuchProperty", true)})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Properties)) {
		for _, wrong := range wrongs(d.Properties[name]) {
			made = append(made, titled{"." + name + wrong.title, With(least, name, wrong.value)})
		}
	}
	return made
}

// branch returns the first of the alternatives that a definition has, or the definition
// itself.
func (d definition) branch() definition {
	for len(d.OneOf) > 0 {
		d = d.OneOf[0]
	}
	return d
}

// smallest returns a small value that a definition allows.
func smallest(d definition) any {
	switch d = d.branch(); {
	case len(d.Enum) > 0:
		return d.Enum[0]
	case d.Type == "object":
		fields := map[string]any{}
		for _, name := range d.Required {
			fields[name] = smallest(d.Properties[name])
		}
		return fields
	case d.Type == "array":
		return []any{}
	case d.Type == "boolean":
		return true
	case d.Minimum != nil:
		return *d.Minimum
	case d.Type == "integer" || d.Type == "number":
		return 1.0
	case strings.HasSuffix(d.Pattern, "{24}$"):
		return strings.Repeat("0", 24) // an id
	case d.MinLength != nil:
		return fill("", *d.MinLength)
	default:
		return "x"
	}
}

// wrongs returns values that a definition refuses: one of another type, one just beyond
// each limit, and those that are wrong inside.
func wrongs(d definition) []titled {
	d = d.branch()
	made := []titled{{" as a fraction", 200.5}}
	if d.Type == "number" || d.Type == "integer" {
		made = []titled{{" as text", "1"}}
	}
	if d.Type == "array" || d.Type == "object" {
		return append(made, inside(d)...)
	}
	switch {
	case len(d.Enum) > 0:
		made = append(made, titled{" of no enum value", "no-such-value"})
	case d.Pattern != "":
		made = append(made, titled{" that matches no pattern", "no such pattern"})
	case d.Format != "":
		made = append(made, titled{" that is no " + d.Format, "no such format"})
	}
	if d.MinLength != nil {
		made = append(made, titled{fmt.Sprintf(" of %d UTF-16 code units", *d.MinLength-1), fill("", *d.MinLength-1)})
	}
	if d.MaxLength != nil {
		made = append(made, titled{fmt.Sprintf(" of %d UTF-16 code units", *d.MaxLength+1), fill("", *d.MaxLength+1)})
	}
	if d.Minimum != nil {
		made = append(made, titled{fmt.Sprintf(" of %v", *d.Minimum-1), *d.Minimum - 1})
	}
	if d.Maximum != nil {
		made = append(made, titled{fmt.Sprintf(" of %v", *d.Maximum+1), *d.Maximum + 1})
	}
	return made
}
