package scenarios

import (
	"regexp"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// reading is a kind of plain scalars that YAML 1.1 and YAML 1.2 read differently, and
// so do other YAML tools: in one of them, a name may be a number.
type reading struct {
	pattern    *regexp.Regexp
	old, today string // what it is in YAML 1.1, and in YAML 1.2
	instead    string // what else may be written
}

var readings = []reading{
	{regexp.MustCompile(`^(y|Y|yes|Yes|YES|on|On|ON)$`), "true", "text", ", or write true"},
	{regexp.MustCompile(`^(n|N|no|No|NO|off|Off|OFF)$`), "false", "text", ", or write false"},
	{regexp.MustCompile(`^[-+]?0[0-7_]+$`), "an octal number", "a decimal number", ", or write it without the leading 0"},
	{regexp.MustCompile(`^[-+]?0[0-9]+$`), "text", "a number", ", or write it without the leading 0"},
	{regexp.MustCompile(`^[-+]?0o[0-7]+$`), "text", "an octal number", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^[-+]?0b[01_]+$`), "a binary number", "text", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^([-+]0x[0-9a-fA-F_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*)$`), "a number", "text", ", or write the number in decimal digits"},
	{regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`), "a number to the base 60", "text", ""},
	{regexp.MustCompile(`^[-+]?[0-9][0-9_.]*_[0-9_.]*$`), "a number", "text", ", or write the number without _"},
	{regexp.MustCompile(`^[-+]?([0-9]+[eE][-+]?|([0-9]+\.[0-9]*|\.[0-9]+)[eE])[0-9]+$`), "text", "a number", ", or write the number without an exponent"},
	{regexp.MustCompile(`^=$`), "a default value", "text", ""},
}

// date is what YAML 1.1 reads as a date. Keys that want one take it.
var date = reading{regexp.MustCompile(`^\d{4}-\d\d?-\d\d?([Tt \t].*)?$`), "a date", "text", ""}

// checkReadings refuses scalars that YAML 1.1 and YAML 1.2 read differently.
func (doc *document) checkReadings() {
	walk(doc.root, nil, func(node *yaml.Node, path []string, isKey bool) {
		if node.Kind != yaml.ScalarNode || node.Style != 0 || len(path) > 0 && isExtra(path[0]) {
			return
		}
		for _, r := range readings {
			if r.pattern.MatchString(node.Value) {
				doc.wrong(node, path, doc.ambiguous(node, r))
				return
			}
		}
		if date.pattern.MatchString(node.Value) && (isKey || len(path) == 0 || !dateKeys()[path[len(path)-1]]) {
			doc.wrong(node, path, doc.ambiguous(node, date))
		}
	})
}

func (doc *document) ambiguous(node *yaml.Node, r reading) string {
	return doc.shown(node) + " is " + r.old + " in YAML 1.1 and " + r.today + " in YAML 1.2: put it in quotes" + r.instead
}

// isExtra reports whether a key of the file is for what aliases refer to.
func isExtra(key string) bool { return strings.HasPrefix(key, "x-") }

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
