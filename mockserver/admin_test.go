package mockserver_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	got := decode[object](t, send(t, srv.URL, "GET /__admin/health", "", "Authorization:"))
	if got["status"] != "healthy" || got["scenario"] != "paging" {
		t.Errorf("%v", got)
	}
}

func TestUnknownAdminCalls(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, request := range []string{"GET /__admin", "GET /__admin/", "GET /__admin/nope", "PATCH /__admin/requests", "GET /__admin/reset", "POST /__admin//reset"} {
		a := send(t, srv.URL, request, "")
		if a.status != 404 || !strings.Contains(a.body, "is no call of the admin API") {
			t.Errorf("%s: %d %s", request, a.status, a.body)
		}
	}
	if n := srv.Requests().Count(); n != 0 {
		t.Errorf("the journal has %d admin calls", n)
	}
}

// TestTheAdminIsGuarded asks every admin call in many spellings of its path.
func TestTheAdminIsGuarded(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithAdminToken("sesame"), mockserver.WithAdminHost("mock.example"))
	const withToken = "Authorization: Bearer sesame"
	calls := []string{"GET /__admin/health", "GET /__admin/requests", "DELETE /__admin/requests", "GET /__admin/requests/x", "DELETE /__admin/requests/x", "POST /__admin/reset"}
	spellings := func(call string) []string {
		return []string{
			call, strings.Replace(call, "/__admin", "/%5f%5fadmin", 1), strings.Replace(call, "/__admin", "/__%61dmin", 1),
			strings.Replace(call, "/__admin", "/%5F_admin", 1), strings.Replace(call, "__admin/", "__admin%2f", 1), call + "?x=/__admin", call + "/",
		}
	}
	for _, call := range calls {
		for _, request := range spellings(call) {
			for _, c := range []struct {
				header []string
				status int
			}{
				{[]string{"Authorization:"}, 401},
				{[]string{"Authorization: Bearer wrong"}, 401},
				{[]string{"Authorization: Basic sesame"}, 401},
				{[]string{withToken, "Origin: http://evil.example"}, 403},
				{[]string{withToken, "Origin: null"}, 403},
				{[]string{withToken, "Origin: http://u@" + strings.TrimPrefix(srv.URL, "http://")}, 403},
				{[]string{withToken, "Sec-Fetch-Site: cross-site"}, 403},
			} {
				if a := send(t, srv.URL, request, "", c.header...); a.status != c.status || a.header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s %v: %d %s, want %d", request, c.header, a.status, a.body, c.status)
				}
			}
		}
	}
	host := strings.TrimPrefix(srv.URL, "http://")
	for name, status := range map[string]int{
		"evil.example": 421, "evil.example:8080": 421, "127.0.0.1.evil.example": 421, "": 421, "mock.example.evil": 421,
		"localhost": 200, "localhost:1": 200, "mock": 200, "mock:8080": 200, "MOCK.example": 200, "127.0.0.1": 200, "[::1]:8080": 200, "10.1.2.3": 200,
	} {
		a := exchange(t, host, "GET /__admin/health HTTP/1.1\r\nHost: "+name+"\r\nConnection: close\r\n"+withToken+"\r\n\r\n")
		if a.status != status {
			t.Errorf("Host %q: %d %s, want %d", name, a.status, a.body, status)
		}
	}
	for _, c := range []wireCase{
		{name: "a form", header: []string{"Content-Type: application/x-www-form-urlencoded"}, body: "a=b", status: 415},
		{name: "text", header: []string{"Content-Type: text/plain"}, body: "{}", status: 415},
		{name: "no type", body: "{}", status: 415},
		{name: "JSON", header: []string{sendsJSON}, body: "{}", status: 200},
		{name: "no body", status: 200},
		{name: "the page's own origin", header: []string{"Origin: " + srv.URL, "Sec-Fetch-Site: same-origin"}, status: 200},
	} {
		c.request, c.header = "POST /__admin/reset", append(c.header, withToken)
		c.run(t, srv)
	}
}
