// Package itemcheck holds an item of a collection, as a scenario has it, against the
// API: it may have what a client posts, and what the server adds to that.
package itemcheck

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
)

const (
	required   = "is required"
	additional = "has additional properties"
)

// Check returns what is wrong with an item, and the members that items can have. What a
// client must post and no response shows, such as a password, may be missing: an item
// of a running world lacks it.
func Check(api *contract.API, p *pairs.Pair, item map[string]any) (found []contract.Violation, known []string) {
	shown, asItem := p.Properties(), violations(p.Schema, item)
	var posted *contract.Schema // nil if no operation creates items
	if p.Create != nil {
		posted = pairs.BodySchema(api, p.Create)
	}
	sendable, sent := names(posted), map[string]any{}
	if posted != nil && len(sendable) == 0 { // it has several forms
		if len(violations(posted, item)) == 0 {
			return nil, shown
		}
		posted = nil
	}
	for name, value := range item {
		if slices.Contains(sendable, name) {
			sent[name] = value
		}
	}
	known = slices.Concat(shown, sendable)
	for _, name := range slices.Sorted(maps.Keys(item)) {
		if !slices.Contains(known, name) && !takesAny(p.Schema) {
			found = append(found, contract.Violation{What: additional, Detail: name})
		}
	}
	for _, v := range violations(posted, sent) {
		switch inside := len(v.Path) > 0; {
		case inside && (!slices.Contains(shown, v.Path[0]) || isInside(asItem, v.Path[0])),
			!inside && v.What == required && slices.Contains(shown, v.Detail),
			!inside && v.What != required && v.What != additional && len(asItem) > 0:
			found = append(found, v)
		}
	}
	for _, v := range asItem {
		if len(v.Path) > 0 && sent[v.Path[0]] == nil {
			found = append(found, v)
		}
	}
	return found, known
}

// takesAny reports whether items can have members that their schema does not name.
func takesAny(s *contract.Schema) bool {
	if s == nil {
		return true
	}
	var members struct{ PatternProperties json.RawMessage }
	text, _ := s.MarshalJSON() // of JSON that was read
	_ = json.Unmarshal(text, &members)
	return members.PatternProperties != nil
}

func names(s *contract.Schema) []string {
	if s == nil {
		return nil
	}
	return s.Properties()
}

func violations(s *contract.Schema, value map[string]any) []contract.Violation {
	if s == nil {
		return nil
	}
	return s.CheckAll("", value)
}

// isInside reports whether one of the violations is inside a member.
func isInside(list []contract.Violation, name string) bool {
	return slices.ContainsFunc(list, func(v contract.Violation) bool { return len(v.Path) > 0 && v.Path[0] == name })
}
