package mocktest

import (
	"testing"

	"github.com/losantmock/losantmock/mockserver"
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
