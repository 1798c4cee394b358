package document

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// checkNodes refuses what YAML allows and a scenario has no use for: keys given
// twice, keys that are no text, and tags other than that of text.
func (doc *Document) checkNodes() {
	nodes.Walk(doc.Root, nil, func(node *yaml.Node, path []string, isKey bool) {
		switch {
		case isKey && node.Kind == yaml.AliasNode:
			doc.wrong(node, path[:len(path)-1], "a key must be text, got the alias *"+node.Value)
		case isKey && (node.Kind != yaml.ScalarNode || !slices.Contains([]string{"!!str", "!!merge"}, node.ShortTag())):
			doc.wrong(node, path[:len(path)-1], "a key must be text, got "+doc.got(node))
		case isTemplate(node):
			doc.wrong(node, path, "{{ begins an object in an object: put a text with {{ in it in quotes")
		case node.Style&yaml.TaggedStyle != 0 && (node.Kind != yaml.ScalarNode || node.ShortTag() != "!!str"):
			doc.wrong(node, path, "the tag "+node.Tag+" is not read: write the value without it")
		case node.Kind == yaml.MappingNode:
			doc.checkTwice(node, path)
		}
	})
}

// isTemplate reports whether a node is an object whose first key is one too, as a
// template without quotes is.
func isTemplate(node *yaml.Node) bool {
	for key := range nodes.Pairs(node) {
		return node.Style&key.Style&yaml.FlowStyle != 0 && key.Kind == yaml.MappingNode
	}
	return false
}

// checkTwice refuses keys that a mapping has twice.
func (doc *Document) checkTwice(mapping *yaml.Node, path []string) {
	seen := map[string]bool{}
	for key := range nodes.Pairs(mapping) {
		if key.Kind == yaml.ScalarNode && seen[key.Value] {
			doc.wrong(key, append(path, key.Value), "is given twice")
		}
		seen[key.Value] = true
	}
}

// Value returns the JSON value that a node stands for, as the schema checks it: a
// number that JSON does not have (.inf, .nan) is one that is neither whole nor small.
func Value(node *yaml.Node) any {
	return nodes.JSON(node, func(node *yaml.Node) any {
		value := nodes.Scalar(node)
		number, _ := value.(float64)
		text, isText := value.(string)
		switch {
		case isNumber(node) && (isText || math.IsInf(number, 0)):
			return math.Copysign(1<<48+0.5, number)
		case isText:
			return measured(text)
		default:
			return value
		}
	})
}

// pathText writes a path as applications[0].webhooks[2].name.
func pathText(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			b.WriteString("[" + step + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}
