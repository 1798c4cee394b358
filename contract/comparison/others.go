package comparison

import (
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/reply"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/suite"
)

// isShared reports whether others may change a place of a response: what a list has that is
// not narrowed to the run's own webhooks, and how much there is.
func isShared(e *contract.Exchange, field string) bool {
	query := e.URL.Query()
	narrowed := query.Get("filterField") == "name" && strings.HasPrefix(query.Get("filter"), suite.NamePrefix)
	if e.Method != http.MethodGet || narrowed {
		return false
	}
	for _, place := range []string{"$.items", "$.count", "$.totalCount", "$.summary"} {
		if field == place || strings.HasPrefix(field, place+"[") || strings.HasPrefix(field, place+".") {
			return true
		}
	}
	return false
}

// mostAsked is how many webhooks of a list are looked for to find out who has made or deleted
// them: the live server takes two requests a second.
const mostAsked = 3

// isByOthers reports whether somebody else has made or deleted a webhook that only one of two
// lists has: the other server lacks it, and the run has not made it.
func (c *Comparison) isByOthers(e, other *contract.Exchange) bool {
	inLive, inMock := reply.Of(e).IDs(), reply.Of(other).IDs()
	isMissing := func(server *live.Client, ids, among []string, made map[string]string) bool {
		asked := 0
		for _, id := range ids {
			if made[id] != "" || slices.Contains(among, id) || asked == mostAsked {
				continue
			}
			asked++
			found, err := server.Do(c.ctx, live.Call{Method: http.MethodGet, Target: e.URL.Path + "/" + id})
			if err == nil && found.Status == http.StatusNotFound {
				return true
			}
		}
		return false
	}
	return isMissing(c.standIn, inLive, inMock, c.toMock) || isMissing(c.live, inMock, inLive, c.toLive)
}
