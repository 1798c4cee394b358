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

// item is a thing that is checked.
type item struct {
	shown  []string             // the members that responses have
	asItem []contract.Violation // of the schema of responses
}

// Check returns what is wrong with an item, and the members that items can have. What a
// client must post and no response shows, such as a password, may be missing: an item
// of a running world lacks it.
func Check(api *contract.API, p *pairs.Pair, value map[string]any) (found []contract.Violation, known []string) {
	// A summary that counts what is there is in no scenario.
	shown := slices.DeleteFunc(slices.Clone(p.Properties()), func(name string) bool {
		return name == pairs.Summary && p.Counts()
	})
	i := item{shown: shown, asItem: violations(p.Schema, value)}
	var posted *contract.Schema // nil if no operation creates items
	if p.Create != nil {
		posted = pairs.BodySchema(api, p.Create)
	}
	sendable := names(posted)
	if posted != nil && len(sendable) == 0 { // it has several forms
		if len(violations(posted, value)) == 0 {
			return nil, i.shown
		}
		posted = nil
	}
	sent := map[string]any{}
	for _, name := range sendable {
		if member, ok := value[name]; ok {
			sent[name] = member
		}
	}
	known = slices.Concat(i.shown, sendable)
	for _, name := range slices.Sorted(maps.Keys(value)) {
		if !slices.Contains(known, name) && !takesAny(p.Schema) {
			found = append(found, contract.Violation{What: contract.AdditionalProperties, Detail: name})
		}
	}
	for _, v := range violations(posted, sent) {
		if i.counts(v) {
			found = append(found, v)
		}
	}
	for _, v := range i.asItem {
		if name := memberOf(v); name != "" && sent[name] == nil {
			found = append(found, v)
		}
	}
	return found, known
}

// counts reports whether what is wrong with a body of POST is wrong with the item too.
func (i item) counts(v contract.Violation) bool {
	switch name := memberOf(v); {
	case name != "": // which a response may have in another form
		return !slices.Contains(i.shown, name) || isInside(i.asItem, name)
	case v.What == contract.IsRequired:
		return slices.Contains(i.shown, v.Detail)
	case v.What == contract.AdditionalProperties: // a response may have it
		return false
	default:
		return len(i.asItem) > 0
	}
}

// memberOf returns the member that a violation is inside of; blank for one of the whole
// object.
func memberOf(v contract.Violation) string {
	if len(v.Path) == 0 {
		return ""
	}
	return v.Path[0]
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
	return slices.ContainsFunc(list, func(v contract.Violation) bool { return memberOf(v) == name })
}
