package definition

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// words are the keys of a description that are for people.
var words = []string{"title", "description", "summary", "example", "examples", "$schema"}

// isWord reports whether a key at a place is for people. Where names are the keys,
// "description" is a property.
func isWord(place, key string) bool {
	return slices.Contains(words, key) && !strings.HasSuffix(place, ".properties")
}

// isNeeded reports whether Losant's generator needs a word at a place: those of
// parameters, responses and whole definitions.
func isNeeded(place, key string) bool {
	return slices.Contains([]string{"title", "description", "example"}, key) && !strings.Contains(place, ".properties")
}

// compare compares a part of a description with that of the contract.
func (c *comparing) compare(place string, ours, theirs any) {
	switch known := ours.(type) {
	case map[string]any:
		if described, ok := theirs.(map[string]any); ok {
			c.compareObjects(place, known, described)
			return
		}
	case []any:
		if described, ok := theirs.([]any); ok {
			c.compareObjects(place, named(known), named(described))
			return
		}
	default:
		if ours == theirs {
			return
		}
	}
	c.breaks(contract.Documented, place, "want %s, got %s", contract.Brief(ours), contract.Brief(theirs))
}

func (c *comparing) compareObjects(place string, known, described map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(described)) {
		value, field := described[key], place+"."+key
		switch {
		case value == nil && strings.HasPrefix(place, "resources."):
			c.breaks(contract.Observed, field, "is null, which stops Losant's generator")
		case known[key] == nil && !isWord(place, key):
			c.news(field, "is not in the contract: %s", contract.Brief(value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		value := described[key]
		switch {
		case !isWord(place, key):
			c.compare(place+"."+key, known[key], value)
		case isNeeded(place, key) && (value == nil || value == ""):
			c.breaks(contract.Observed, place+"."+key, "is missing, and Losant's generator needs it")
		}
	}
}

// named returns a list as an object: of parameters by their names, of texts by
// themselves. Their order means nothing.
func named(list []any) map[string]any {
	fields := map[string]any{}
	for i, item := range list {
		switch item := item.(type) {
		case map[string]any:
			name, ok := item["name"].(string)
			if !ok {
				name = fmt.Sprint(i)
			}
			fields[name] = item
		default:
			fields[strings.ReplaceAll(fmt.Sprint(item), ".", "_")] = true
		}
	}
	return fields
}
