package mockserver

import (
	"net/http"

	"github.com/losantmock/losantmock/scenarios"
)

// listApplications answers applications.get.
func (c *call) listApplications() *reply {
	l := c.listing()
	page, total := c.server.state.store.listApplications(l)
	added := c.hal("application")
	b := appendCollection(make([]byte, 0, 512+1024*len(page)), l, len(page), total, "", func(b []byte) []byte {
		for i, a := range page {
			if i > 0 {
				b = append(b, ',')
			}
			b = c.server.appendApplication(b, a, added)
		}
		return b
	})
	return &reply{status: http.StatusOK, body: c.hal("applications").appendTo(b, "", "")}
}

// createApplication answers applications.post.
func (c *call) createApplication() *reply {
	wanted := applicationWith(scenarios.Application{}, c.fields())
	a, err := c.server.state.addApplication(wanted, c.at)
	if err != nil {
		panic("a generated id is taken: " + err.Error())
	}
	return c.applicationReply(http.StatusCreated, a)
}

// getApplication answers application.get.
func (c *call) getApplication() *reply {
	a := c.server.state.store.application(c.applicationID())
	if a == nil {
		return notFound("Application")
	}
	return c.applicationReply(http.StatusOK, a)
}

// patchApplication answers application.patch: it changes what is sent, and
// nothing else but lastUpdated.
func (c *call) patchApplication() *reply {
	a := c.server.state.store.changeApplication(c.applicationID(), func(was *application) scenarios.Application {
		wanted := applicationWith(was.Application, c.fields())
		wanted.LastUpdated = c.at
		return wanted
	})
	if a == nil {
		return notFound("Application")
	}
	return c.applicationReply(http.StatusOK, a)
}

// applicationWith is an application with the fields of a body that the contract
// let pass.
func applicationWith(a scenarios.Application, fields map[string]any) scenarios.Application {
	if name, given := fields["name"].(string); given {
		a.Name = name
	}
	if description, given := fields["description"].(string); given {
		a.Description = description
	}
	return a
}

func (c *call) applicationReply(status int, a *application) *reply {
	return &reply{status: status, body: c.server.appendApplication(nil, a, c.hal("application"))}
}

func (s *apiServer) appendApplication(b []byte, a *application, added hal) []byte {
	b = s.renderer.applicationFields(b, a, s.state.store.webhookCount(a))
	return added.appendTo(b, a.ID, "")
}
