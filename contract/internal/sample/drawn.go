package sample

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// Drawer draws bodies that a schema may allow or refuse. Library rapid draws and shrinks
// within the tests of Go alone.
type Drawer struct {
	Random *rand.Rand
	Schema *contract.Schema
	// NamePrefix is what names begin with, by which webhooks are found again.
	NamePrefix string
}

// Body returns an object with up to 5 of the properties.
func (d *Drawer) Body(properties []string) map[string]any {
	names := slices.Clone(properties)
	d.Random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	body := map[string]any{}
	for _, name := range names[:d.Random.IntN(min(len(names), 5)+1)] {
		body[name] = d.value(name)
	}
	return body
}

// value returns a value for a property, of which one in eight is of the wrong type.
func (d *Drawer) value(name string) any {
	if d.Random.IntN(8) == 0 {
		return wrongTypes[d.Random.IntN(len(wrongTypes))].value
	}
	property := definitionOf(d.Schema).Properties[name]
	switch {
	case len(property.Enum) > 0:
		return property.Enum[d.Random.IntN(len(property.Enum))]
	case property.Type == "boolean":
		return d.Random.IntN(2) == 0
	case property.Type == "integer":
		return float64(d.Random.IntN(700))
	case name == "name":
		return d.NamePrefix + d.text(60)
	default:
		return d.text(300)
	}
}

// letters have what servers confuse: marks, quotes, line breaks, pairs of UTF-16,
// letters that combine, and what is invisible.
var letters = []rune("aZ09 \x00\u2028\u00ad\t\n\r\"'\\/<>&%+;:$.*?[](){}^|~`#@!-_\u00a0ßéÄİıǆΣς\u0301\ufffd漢字😀\U0001F468\u200d\U0001F469")

func (d *Drawer) text(most int) string {
	var b strings.Builder
	for range d.Random.IntN(most + 1) {
		b.WriteRune(letters[d.Random.IntN(len(letters))])
	}
	return b.String()
}

// Shrunk returns the smallest body that it finds for which something still fails:
// with fewer properties, and then with shorter texts.
func Shrunk(body map[string]any, fails func(map[string]any) bool) map[string]any {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if smaller := Without(body, name); fails(smaller) {
			body = smaller
		}
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		text, _ := body[name].(string)
		for size := len([]rune(text)) / 2; size > 0; {
			letters := []rune(body[name].(string))
			at := 0
			for at+size <= len(letters) {
				shorter := string(slices.Concat(letters[:at], letters[at+size:]))
				if smaller := With(body, name, shorter); fails(smaller) {
					body, letters = smaller, []rune(shorter)
				} else {
					at += size
				}
			}
			size /= 2
		}
	}
	return body
}
