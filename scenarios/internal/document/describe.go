package document

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/nearest"
	"github.com/losantmock/losantmock/scenarios/internal/nodes"
	"gopkg.in/yaml.v3"
)

// checkSchema reports where the document differs from the schema.
func (doc *Document) checkSchema() {
	found, err := doc.schema.violations(Value(doc.Root))
	if err != nil {
		doc.Whole("%v", err)
	}
	for _, v := range found {
		found := doc.Top().At(v.Path)
		at, path := found.Node, found.Path
		switch v.What {
		case contract.IsRequired:
			doc.wrong(at, append(path, v.Detail), v.What)
		case contract.AdditionalProperties:
			doc.wrong(nodes.KeyOf(at, v.Detail), append(path, v.Detail), "is not a known key"+nearest.DidYouMean(v.Detail, knownKeys(v.part)))
		case contract.WrongType, contract.PatternMismatch, "must be date-time format":
			if form := formOf(v.part); form != "" && at.Kind == yaml.ScalarNode && at.ShortTag() != "!!null" {
				doc.wrong(at, path, "want "+form+", got "+doc.got(at))
				continue
			}
			doc.wrong(at, path, doc.Describe(at, v.What, v.Detail))
		case contract.MustBeEnum:
			doc.wrong(at, path, doc.Describe(at, v.What, v.Detail)+nearest.DidYouMean(at.Value, strings.Split(v.Detail, ", ")))
		default:
			doc.wrong(at, path, doc.Describe(at, v.What, v.Detail))
		}
	}
}

// forms are the forms of texts in the words of a file, by their patterns and formats.
var forms = map[any]string{
	`^(\d+(\.\d+)?(ms|s|m|h))+$`: "a duration such as 250ms or 1m30s",
	`^\d+\.\d+\.\d+$`:            "three numbers such as 1.30.0",
	"date-time":                  "a time such as 2016-06-13T04:00:00.000Z",
}

// formOf returns the form that a part of the schema wants; blank if it has no words of
// its own.
func formOf(part map[string]any) string { return cmp.Or(forms[part["pattern"]], forms[part["format"]]) }

// Describe returns what is wrong with a value: what was wanted and what was found,
// and, where there is a usual one, the remedy.
func (doc *Document) Describe(at *yaml.Node, what, detail string) string {
	if what == contract.WrongType {
		return "want " + wanted(detail) + ", got " + doc.got(at) + doc.remedy(at, detail)
	}
	if detail != "" {
		what += " (" + detail + ")"
	}
	switch {
	case at.Kind != yaml.ScalarNode:
		return what
	case isNumber(at):
		return doc.brief(at) + " " + what
	default:
		return strconv.Quote(doc.brief(at)) + " " + what
	}
}

// wanted returns the types of JSON Schema in the words of a file.
func wanted(types string) string {
	return strings.NewReplacer(
		"object", "an object", "array", "a list", "string", "text", "integer", "a whole number",
		"number", "a number", "boolean", "true or false", "null", "nothing",
	).Replace(types)
}

// got returns what a value is, in the words of a file.
func (doc *Document) got(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.AliasNode:
		return doc.got(node.Alias)
	case node.Kind == yaml.MappingNode:
		return "an object"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.ShortTag() == "!!null":
		return "nothing"
	case node.ShortTag() == "!!bool":
		return doc.brief(node)
	case isNumber(node):
		return "the number " + doc.brief(node)
	default:
		return "the text " + strconv.Quote(doc.brief(node))
	}
}

// remedy returns what to do about a value of the wrong type.
func (doc *Document) remedy(at *yaml.Node, types string) string {
	isText := at.Kind == yaml.ScalarNode && at.ShortTag() == "!!str"
	switch {
	case types == "string" && at.Kind == yaml.ScalarNode && at.ShortTag() != "!!null":
		return ": put it in quotes"
	case types == "array" && at.Kind != yaml.SequenceNode && at.ShortTag() != "!!null":
		return `: begin each entry with "- "`
	case types == "object" && isText && strings.Contains(at.Value, ":"):
		return ": write a blank behind the colon"
	case isText && at.Style&quotedStyles != 0 && wanted(types) == wanted(typeOf(nodes.PlainTag(at.Value))):
		return ": write it without quotes"
	}
	return ""
}

// typeOf returns what JSON Schema calls the values of a tag.
func typeOf(tag string) string {
	return map[string]string{"!!int": "integer", "!!float": "number", "!!bool": "boolean"}[tag]
}

func isNumber(node *yaml.Node) bool {
	return node.ShortTag() == "!!int" || node.ShortTag() == "!!float"
}

// brief returns the beginning of a text, as messages show it.
func (doc *Document) brief(node *yaml.Node) string {
	text := []rune(doc.Shown(node))
	if len(text) > 40 {
		text = append(text[:40], '…')
	}
	return string(text)
}
