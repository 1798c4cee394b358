package api

import (
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/hal"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/summary"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// listApplications responds to applications.get.
func (c *Call) listApplications() *wire.Response {
	l := c.listing()
	if c.hasParam("orgId") {
		l.Owner = c.values.Query["orgId"]
	}
	page, total := c.Server.State.Store.ListApplications(l)
	added, wanted := c.hal("application"), c.summaryWanted()
	b := appendCollection(make([]byte, 0, 512+1024*len(page)), l, len(page), total, "", func(b []byte) []byte {
		for i, a := range page {
			if i > 0 {
				b = append(b, ',')
			}
			b = c.Server.appendApplication(b, a, wanted, added)
		}
		return b
	})
	return &wire.Response{Status: http.StatusOK, Body: c.hal("applications").AppendTo(b, idsOf("", ""))}
}

// createApplication responds to applications.post.
func (c *Call) createApplication() *wire.Response {
	var wanted scenarios.Application
	changeApplication(&wanted, c.fields(), c.values.Body.JSON)
	a, err := c.Server.State.AddApplication(wanted, c.At)
	if err != nil {
		return wire.LimitReached(err)
	}
	return c.applicationReply(http.StatusCreated, a)
}

// getApplication responds to application.get.
func (c *Call) getApplication() *wire.Response {
	a := c.Server.State.Store.Application(c.applicationID())
	if a == nil {
		return wire.NotFound("Application")
	}
	return c.applicationReply(http.StatusOK, a)
}

// patchApplication responds to application.patch. It changes the properties that
// are sent, and lastUpdated.
func (c *Call) patchApplication() *wire.Response {
	a, err := c.Server.State.Store.ChangeApplication(c.applicationID(), func(was *state.Application) scenarios.Application {
		wanted := was.Application
		changeApplication(&wanted, c.fields(), c.values.Body.JSON)
		wanted.LastUpdated = c.At
		return wanted
	})
	switch {
	case err != nil:
		return wire.LimitReached(err)
	case a == nil:
		return wire.NotFound("Application")
	default:
		return c.applicationReply(http.StatusOK, a)
	}
}

// deleteApplication responds to application.delete. It deletes everything in the
// application too.
func (c *Call) deleteApplication() *wire.Response {
	if !c.Server.State.DeleteApplication(c.values.Path["applicationId"]) {
		return wire.NotFound("Application")
	}
	return &wire.Response{Status: http.StatusOK, Body: wire.Success}
}

func (c *Call) applicationReply(status int, a *state.Application) *wire.Response {
	return &wire.Response{Status: status, Body: c.Server.appendApplication(nil, a, c.summaryWanted(), c.hal("application"))}
}

func (c *Call) summaryWanted() summary.Wanted {
	return summary.WantedBy(c.Text("summaryInclude"), c.Text("summaryExclude"))
}

func (s *Server) appendApplication(b []byte, a *state.Application, wanted summary.Wanted, added hal.HAL) []byte {
	b = s.renderer.applicationFields(b, a, wanted, func(count summary.Count) (int, bool) {
		if count.Below == nil {
			return 0, false
		}
		return s.Generic.CountIn(a, count.Below), true
	})
	return added.AppendTo(b, idsOf(a.ID, ""))
}
