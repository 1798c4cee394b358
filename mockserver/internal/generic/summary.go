package generic

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/summary"
	"github.com/tidwall/gjson"
)

// withSummary returns an object of a schema with the counts of what a thing of a kind owns:
// an organization, or the user.
func (s *Server) withSummary(c *Call, schema *contract.Schema, counts summary.Summary, o object, kind, id string) object {
	in := s.state.ApplicationsOf(kind, id)
	text := counts.Append(nil, summary.WantedBy(c.text("summaryInclude"), c.text("summaryExclude")), func(count summary.Count) (int, bool) {
		list := gjson.ParseBytes(o.get(strings.TrimSuffix(count.Name, "Count") + "s"))
		switch {
		case list.IsArray():
			return len(list.Array()), true
		case count.Root != nil && !count.Root.Read.FromDefinition:
			return len(in), true
		case count.Root != nil:
			return s.countOwned(c, count.Root, kind, id), true
		case count.Below == nil:
			return 0, false
		}
		n := 0
		for _, a := range in {
			n += s.CountIn(a, count.Below)
		}
		return n, true
	})
	return o.with(pairs.Summary, text).inOrder(s.propertiesOf(schema).Names)
}

// countOwned returns how many items of a collection below nothing a thing of a kind owns.
// Items without an owner, such as organizations, are the user's.
func (s *Server) countOwned(c *Call, p *pairs.Pair, kind, id string) int {
	if !slices.ContainsFunc(p.Properties(), func(name string) bool { return pairs.Means(pairs.OwnerType, name) }) {
		return s.count(c, p, nil)
	}
	return s.count(c, p, ownedBy(kind, id))
}

// CountIn returns how many items a collection of an application has.
func (s *Server) CountIn(a *state.Application, p *pairs.Pair) int {
	if !p.List.FromDefinition {
		return s.state.Store.WebhookCount(a)
	}
	return s.count(s.callOf(s.state.Clock.Now(), p, map[string]string{p.Parents[0].Param: a.ID}, false), p, nil)
}

// count returns how many items of a collection have some properties.
func (s *Server) count(c *Call, p *pairs.Pair, having []resources.Having) int {
	place := s.place(c, p)
	s.seed(c, p, place.Parents)
	_, count := s.items.List(place, resources.Listing{Having: having})
	return count
}
