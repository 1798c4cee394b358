package document

import (
	"slices"
	"strings"
	"sync"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"github.com/losantmock/losantmock/scenarios/internal/reading"
	"gopkg.in/yaml.v3"
)

// checkReadings refuses scalars that YAML 1.1 and YAML 1.2 read differently.
// Keys that want a date take one.
func (doc *Document) checkReadings() {
	nodes.Walk(doc.Root, nil, func(node *yaml.Node, path []string, isKey bool) {
		if node.Kind != yaml.ScalarNode || node.Style != 0 || len(path) > 0 && isExtra(path[0]) {
			return
		}
		how, isDate := reading.Differing(node.Value)
		if how == "" || isDate && !isKey && doc.schema.wantsDate(path) {
			return
		}
		if !isKey && len(path) > 0 && doc.schema.plainKeys()[path[len(path)-1]] {
			how = strings.Replace(how, "put it in quotes, or ", "", 1)
		}
		doc.wrong(node, path, doc.Shown(node)+" is "+how)
	})
}

// isExtra reports whether a key of the file is for what aliases refer to.
func isExtra(key string) bool { return strings.HasPrefix(key, "x-") }

// wantsDate reports whether the value at a path is a date. The names of header fields
// are not those of the schema.
func (s *Schema) wantsDate(path []string) bool {
	last := len(path) - 1
	return last >= 0 && s.dateKeys()[path[last]] && (last == 0 || path[last-1] != "headers")
}

// keysWith returns the keys of the schema whose values have one of the values of a keyword.
func (s *Schema) keysWith(keyword string, values ...any) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		keys := map[string]bool{}
		collectKeys(s.tree(), keys, func(property map[string]any) bool {
			value, isText := property[keyword].(string)
			return isText && slices.Contains(values, any(value))
		})
		return keys
	})
}

func collectKeys(schema any, keys map[string]bool, wanted func(property map[string]any) bool) {
	object, _ := schema.(map[string]any)
	for key, inner := range object {
		if property, ok := inner.(map[string]any); ok && wanted(property) {
			keys[key] = true
		}
		collectKeys(inner, keys, wanted)
	}
}
