package mocktest

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"go.uber.org/goleak"
)

// Bodies of errors, as the real API writes them.
const (
	Forbidden     = `{"type":"Forbidden","message":"Access is forbidden"}`
	NoWebhook     = `{"type":"NotFound","message":"Webhook was not found"}`
	NoApplication = `{"type":"NotFound","message":"Application was not found"}`
)

// Validation returns the body of an error about a request that breaks the
// contract.
func Validation(message string) string {
	return `{"type":"Validation","message":"` + message + `"}`
}

// Problem returns the body of an error of a webhook's own URL.
func Problem(message string) string { return `{"error":"` + message + `"}` }

// Case is a request, with the status and the body that the real API would
// respond with. Where Want is blank, any body will do.
type Case struct {
	Name    string
	Request string
	Header  []string
	Body    string
	Status  int
	Want    string
}

// Run sends the request and checks the response.
func (c Case) Run(t testing.TB, srv *mockserver.TestServer) {
	t.Helper()
	got := Send(t, srv.URL, c.Request, c.Body, c.Header...)
	if got.Status != c.Status || c.Want != "" && got.Body != c.Want {
		t.Errorf("%s\n got %d %s\nwant %d %s", c.Request, got.Status, got.Body, c.Status, c.Want)
	}
}

// Serve sends a request through a handler, without a socket: for tests that
// send very many.
func Serve(handler http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost" // which the admin API accepts
	r.Header.Set("Authorization", "Bearer any")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// Main is the TestMain of a package. It fixes the seeds of what rapid draws,
// and fails a package that leaves a goroutine behind.
func Main(m *testing.M) {
	flag.Parse()
	if size.Fixed() {
		// Both fail where the package does not use rapid, which defines them.
		_ = flag.Set("rapid.seed", "1")
		_ = flag.Set("rapid.nofailfile", "true")
	}
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	// The clock of JavaScript's expressions ends some seconds after the last match.
	clock := goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock")
	if err := goleak.Find(clock); err != nil && code == 0 {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

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
