package generic

import (
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// foremost responds with the first item that the query wants, and with the count of those
// that might have been it. Of several that rank alike, the newest is the first.
func (s *Server) foremost(c *Call, p *pairs.Pair) *wire.Response {
	l, refusal := c.listing(p)
	if refusal != nil {
		return refusal
	}
	how, asked := c.role.First, l.Matches
	l.Descending = true
	l.Matches = func(item *resources.Item) bool {
		return item.Text(how.Only) == how.Value && (asked == nil || asked(item))
	}
	found, total := s.items.List(s.place(c, p), l)
	var made object
	if total > 0 {
		first := slices.MaxFunc(found, func(a, b *resources.Item) int {
			return slices.Index(how.Ranks, a.Text(how.Rank)) - slices.Index(how.Ranks, b.Text(how.Rank))
		})
		made = object{{how.Item, first.JSON}}
	}
	made = append(made, member{how.Count, strconv.AppendInt(nil, int64(total), 10)})
	return &wire.Response{Status: c.success.Status, Body: made.JSON()}
}
