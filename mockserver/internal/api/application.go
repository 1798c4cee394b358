package api

import (
	"encoding/json"
	"maps"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/summary"
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

// applicationFields writes an application up to the closing brace. Count returns how much
// it has of what a summary counts.
func (r *renderer) applicationFields(b []byte, a *state.Application, wanted summary.Wanted, count func(summary.Count) (int, bool)) []byte {
	separator := byte('{')
	for _, name := range r.application {
		field, further := applicationProperties[name], a.Properties[name]
		if name != pairs.Summary && field == nil && further == nil {
			continue
		}
		b = append(wire.AppendText(append(b, separator), name), ':')
		separator = ','
		switch {
		case name == pairs.Summary:
			b = r.summary.Append(b, wanted, count)
		case field != nil:
			b = appendField(b, field(&a.Application))
		default:
			b = wire.AppendJSON(b, further)
		}
	}
	return b
}
