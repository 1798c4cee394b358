package mocktest

import (
	"net/http"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
)

// List is a list as the API returns it.
type List struct {
	Count, TotalCount, Page, PerPage int
	SortField, SortDirection         string
	Filter, FilterField              *string
	Items                            []ListItem
}

// ListItem is an application or a webhook of a [List].
type ListItem struct{ ID, Name, CreationDate, LastUpdated string }

// Names returns the names of the items, in their order.
func (l List) Names() []string {
	var names []string
	for _, item := range l.Items {
		names = append(names, item.Name)
	}
	return names
}

// ListWebhooks lists the webhooks of the application [ApplicationID].
func ListWebhooks(t testing.TB, srv *mockserver.TestServer, query string) List {
	t.Helper()
	response := Send(t, srv.URL, "GET "+WebhooksPath+"?_actions=false&_links=false&"+query, "")
	if response.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, response.Status, response.Body)
	}
	return Decode[List](t, response)
}

// Create creates a webhook in the application [ApplicationID] and returns its
// id.
func Create(t testing.TB, srv *mockserver.TestServer, body string) string {
	t.Helper()
	response := Send(t, srv.URL, "POST "+WebhooksPath, body, SendsJSON)
	if response.Status != http.StatusCreated {
		t.Fatalf("%d %s", response.Status, response.Body)
	}
	return Decode[ListItem](t, response).ID
}
