package document

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// Variables returns the value of a variable, and whether it is set. It is nil for
// text from elsewhere, in which no variable may stand.
type Variables func(name string) (value string, set bool)

// secretVariable is the variable of the real API's token. No scenario reads it: what a
// world knows is shown by its admin API, and saved with it.
const secretVariable = "LOSANT_API_TOKEN"

// reference matches ${NAME} and ${NAME:-default}, the beginning of one that is not
// complete, and $${, which is the text ${.
var reference = regexp.MustCompile(`\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\})?`)

const quotedStyles = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// replaceVariables replaces the references in the values of the document. It does so behind
// the parser, so that no value of a variable can add keys.
func (doc *Document) replaceVariables() {
	nodes.Walk(doc.Root, nil, func(node *yaml.Node, path []string, isKey bool) {
		found := reference.FindAllString(node.Value, -1)
		if node.Kind != yaml.ScalarNode || found == nil {
			return
		}
		written, problem := node.Value, ""
		node.Value = reference.ReplaceAllStringFunc(written, func(part string) string {
			value, err := doc.valueOf(part, isKey)
			if err != nil && problem == "" {
				problem = err.Error()
			}
			return value
		})
		doc.written[node] = written
		switch {
		case problem != "":
			doc.wrong(node, path, problem)
		case found[0] == written && found[0] != "$${" && node.Style == 0:
			node.Tag = nodes.PlainTag(node.Value)
		default:
			node.Style = yaml.DoubleQuotedStyle // it is text
		}
	})
}

// valueOf returns what stands for a reference.
func (doc *Document) valueOf(part string, isKey bool) (string, error) {
	match := reference.FindStringSubmatch(part)
	name, fallback := match[1], match[2]
	switch {
	case part == "$${":
		return "${", nil
	case name == "":
		return "", fmt.Errorf("want ${NAME} or ${NAME:-default}; the text ${ is written $${")
	case strings.Contains(fallback, "${"):
		return "", fmt.Errorf("the default of %s is text, in which no variable can stand", name)
	case doc.variables == nil:
		return "", fmt.Errorf("%s is not replaced here, but in files that are named at the start alone: write the value, or $${ for the text ${", part)
	case name == secretVariable:
		return "", fmt.Errorf("%s is the token of the real API, which a scenario must not hold: name another variable", name)
	case isKey:
		return "", fmt.Errorf("%s stands in a key, and variables are replaced in values alone", part)
	}
	value, set := doc.variables(name)
	switch {
	case fallback != "" && value == "":
		return fallback[len(":-"):], nil
	case !set:
		return "", fmt.Errorf("the variable %s is not set: set it, or write ${%s:-default}", name, name)
	}
	return value, nil
}

// Shown returns the text of a value as messages show it: with the names of variables,
// and without their values.
func (doc *Document) Shown(node *yaml.Node) string {
	if written, ok := doc.written[node]; ok {
		return written
	}
	return node.Value
}

// HasVariables reports whether the file has variables in a value.
func (doc *Document) HasVariables(node *yaml.Node) bool {
	_, ok := doc.written[node]
	return ok
}
