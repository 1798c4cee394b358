package scenarios

import (
	"strings"
	"sync"

	"github.com/losantmock/losantmock/scenarios/internal/reading"
	"gopkg.in/yaml.v3"
)

// checkReadings refuses scalars that YAML 1.1 and YAML 1.2 read differently.
// Keys that want a date take one.
func (doc *document) checkReadings() {
	walk(doc.root, nil, func(node *yaml.Node, path []string, isKey bool) {
		if node.Kind != yaml.ScalarNode || node.Style != 0 || len(path) > 0 && isExtra(path[0]) {
			return
		}
		how, isDate := reading.Differing(node.Value)
		if how == "" || isDate && !isKey && wantsDate(path) {
			return
		}
		doc.wrong(node, path, doc.shown(node)+" is "+how)
	})
}

// isExtra reports whether a key of the file is for what aliases refer to.
func isExtra(key string) bool { return strings.HasPrefix(key, "x-") }

// wantsDate reports whether the value at a path is a date. The names of header fields
// are not those of the schema.
func wantsDate(path []string) bool {
	last := len(path) - 1
	return last >= 0 && dateKeys()[path[last]] && (last == 0 || path[last-1] != "headers")
}

// dateKeys returns the keys whose values are dates.
var dateKeys = sync.OnceValue(func() map[string]bool {
	keys := map[string]bool{}
	collectDates(schemaTree(), keys)
	return keys
})

func collectDates(schema any, keys map[string]bool) {
	object, _ := schema.(map[string]any)
	for key, inner := range object {
		if property, ok := inner.(map[string]any); ok && property["format"] == "date-time" {
			keys[key] = true
		}
		collectDates(inner, keys)
	}
}
