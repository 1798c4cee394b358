package api

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// changeApplication puts a request body, which the contract has checked, into an
// application. The organization of orgId becomes its owner. What a template
// brings is not public: applicationTemplateId changes nothing. Lists and objects keep
// the order of keys that they have in the text of the body, as they do in Node.
func changeApplication(a *scenarios.Application, body map[string]any, text string) {
	applicationProperties.apply(a, body)
	var sent map[string]json.RawMessage
	_ = json.Unmarshal([]byte(text), &sent) // a form has no text of JSON, and no lists and objects
	further := maps.Clone(a.Properties)
	for name, value := range body {
		switch {
		case applicationProperties[name] != nil, name == "applicationTemplateId":
		case name == "orgId":
			a.OwnerID, a.OwnerType = value.(string), state.OwnedByOrganization
		case value == nil:
			delete(further, name)
		default:
			if further == nil {
				further = map[string]any{}
			}
			further[name] = inOrder(value, sent[name])
		}
	}
	a.Properties = further
}

// inOrder returns a value with the order of keys that it has in the text that was
// sent; nil for a value of a form.
func inOrder(value any, text json.RawMessage) any {
	switch value.(type) {
	case []any, map[string]any:
		if text != nil {
			return json.RawMessage(wire.AppendJSON(nil, text))
		}
	}
	return value
}

// summaryFields are the fields of an application's summary that a query wants.
// By default these are all. How the real API reads the two lists where both are
// given is not public: what is excluded is left out.
type summaryFields struct{ included, excluded []string }

func (c *Call) summaryFields() summaryFields {
	return summaryFields{included: listOf(c.Text("summaryInclude")), excluded: listOf(c.Text("summaryExclude"))}
}

func (s summaryFields) wants(name string) bool {
	return (s.included == nil || slices.Contains(s.included, name)) && !slices.Contains(s.excluded, name)
}

// listOf returns the texts of a list with commas; nil for a blank one.
func listOf(text string) []string {
	if text == "" {
		return nil
	}
	list := strings.Split(text, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// applicationFields writes an application up to the closing brace. Count returns how many
// items a collection of it has.
func (r *renderer) applicationFields(b []byte, a *state.Application, count func(*pairs.Pair) int, wanted summaryFields) []byte {
	separator := byte('{')
	for _, name := range r.application {
		field, further := applicationProperties[name], a.Properties[name]
		if name != "summary" && field == nil && further == nil {
			continue
		}
		b = append(wire.AppendText(append(b, separator), name), ':')
		separator = ','
		switch {
		case name == "summary":
			b = r.appendSummary(b, count, wanted)
		case field != nil:
			b = appendField(b, field(&a.Application))
		default:
			b = wire.AppendJSON(b, further)
		}
	}
	return b
}

func (r *renderer) appendSummary(b []byte, count func(*pairs.Pair) int, wanted summaryFields) []byte {
	b = append(b, '{')
	separator := ""
	for _, field := range r.summary {
		if !wanted.wants(field.Name) {
			continue
		}
		b = append(b, separator...)
		b = append(wire.AppendText(b, field.Name), ':')
		if field.items != nil {
			b = strconv.AppendInt(b, int64(count(field.items)), 10)
		} else {
			b = append(b, field.Zero...)
		}
		separator = ","
	}
	return append(b, '}')
}
