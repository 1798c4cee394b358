package mockserver_test

import (
	"fmt"
	"regexp"
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
	for _, request := range []string{"GET /__admin/nope", "GET /__admin/page", "POST /__admin/", "GET /__admin/page/", "PATCH /__admin/requests", "GET /__admin/reset", "POST /__admin//reset"} {
		a := send(t, srv.URL, request, "")
		if a.status != 404 || !strings.Contains(a.body, "is no call of the admin API") {
			t.Errorf("%s: %d %s", request, a.status, a.body)
		}
	}
	if n := srv.Requests().Count(); n != 0 {
		t.Errorf("the journal has %d admin calls", n)
	}
}

// TestTheAdminIsGuarded asks every admin call that the router has, in a dozen
// spellings of its path. The page itself is guarded but for the token, which a
// browser can't send for it.
func TestTheAdminIsGuarded(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithAdminToken("sesame"), mockserver.WithAdminHost("mock.example"))
	const withToken = "Authorization: Bearer sesame"
	calls := adminCalls(t, srv)
	if len(calls) < 35 {
		t.Fatalf("only %d calls: %s", len(calls), calls)
	}
	spellings := func(call string) []string {
		return []string{
			call, strings.Replace(call, "/__admin", "/%5f%5fadmin", 1), strings.Replace(call, "/__admin", "/__%61dmin", 1),
			strings.Replace(call, "/__admin", "/%5F_admin", 1), strings.Replace(call, "__admin/", "__admin%2f", 1), call + "?x=/__admin", call + "/",
			strings.Replace(call, " /__admin", " /__sandbox/s/__admin", 1), strings.Replace(call, " /__admin", " /__sandbox/s/%5f%5fadmin", 1),
			strings.Replace(call, " /__admin", " /%5f_sandbox/s/__admin", 1), strings.Replace(call, " ", " http://"+strings.TrimPrefix(srv.URL, "http://"), 1), call + "?access_token=sesame",
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
				if c.status == 401 && isPage(call) {
					continue
				}
				a := send(t, srv.URL, request, "", c.header...)
				if strings.Contains(request, "%5f_sandbox") && a.status == 405 {
					continue // which is no sandbox's path, but one of the API
				}
				if a.status != c.status || a.header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s %v: %d %s, want %d", request, c.header, a.status, a.body, c.status)
				}
			}
		}
	}
	t.Attr("S2", fmt.Sprintf("%d calls in 12 spellings each", len(calls)))
	t.Attr("S4", fmt.Sprintf("no answer to %d calls has one", len(calls)))
	// What a browser loads of the page needs no token, and has its policy.
	for _, target := range []string{"/", "/page/app.js", "/page/style.css"} {
		a := send(t, srv.URL, "GET /__admin"+target, "", "Authorization:")
		if a.status != 200 || !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'") {
			t.Errorf("%s: %d %v", target, a.status, a.header)
		}
	}
	if a := send(t, srv.URL, "GET /__admin", "", "Authorization:"); a.status != 302 || a.header.Get("Location") != "__admin/" {
		t.Errorf("%d %v", a.status, a.header)
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
	t.Attr("S3", "13 Hosts, 4 Origins on every call, 6 content types")
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

// isPage tells whether a call is for a part of the page.
func isPage(call string) bool {
	return call == "GET /__admin" || call == "GET /__admin/" || strings.HasPrefix(call, "GET /__admin/page/")
}

// adminCalls are the calls that the admin API lists, with something in the place
// of each parameter.
func adminCalls(t *testing.T, srv *mockserver.TestServer) []string {
	t.Helper()
	docs := decode[struct {
		Calls []struct{ Method, Path string }
	}](t, send(t, srv.URL, "GET /__admin/docs", "", "Authorization: Bearer sesame"))
	param := regexp.MustCompile(`\{[^}]*\}`)
	var calls []string
	for _, call := range docs.Calls {
		calls = append(calls, call.Method+" "+param.ReplaceAllString(call.Path, "x"))
	}
	return calls
}
