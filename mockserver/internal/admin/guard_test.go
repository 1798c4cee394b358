package admin_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// TestTheAdminIsGuarded sends every admin call that the router has, in a dozen
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
				{[]string{withToken, "Referer: http://evil.example/"}, 403},
			} {
				if c.status == 401 && isPage(call) {
					continue
				}
				a := mocktest.Send(t, srv.URL, request, "", c.header...)
				if strings.Contains(request, "%5f_sandbox") && a.Status == 405 {
					continue // which is no sandbox's path, but one of the API
				}
				if a.Status != c.status || a.Header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s %v: %d %s, want %d", request, c.header, a.Status, a.Body, c.status)
				}
			}
		}
	}
	t.Attr("S2", fmt.Sprintf("%d calls in 12 spellings each", len(calls)))
	t.Attr("S4", fmt.Sprintf("no answer to %d calls has one", len(calls)))
	// What a browser loads of the page needs no token, and has its policy.
	for _, target := range []string{"/", "/page/app.js", "/page/style.css"} {
		a := mocktest.Send(t, srv.URL, "GET /__admin"+target, "", "Authorization:")
		if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'") {
			t.Errorf("%s: %d %v", target, a.Status, a.Header)
		}
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin", "", "Authorization:"); a.Status != 302 || a.Header.Get("Location") != "__admin/" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	host := strings.TrimPrefix(srv.URL, "http://")
	for name, status := range map[string]int{
		"evil.example": 421, "evil.example:8080": 421, "127.0.0.1.evil.example": 421, "": 421, "mock.example.evil": 421,
		"localhost": 200, "localhost:1": 200, "mock": 200, "mock:8080": 200, "MOCK.example": 200, "127.0.0.1": 200, "[::1]:8080": 200, "10.1.2.3": 200,
	} {
		a := mocktest.Exchange(t, host, "GET /__admin/health HTTP/1.1\r\nHost: "+name+"\r\nConnection: close\r\n"+withToken+"\r\n\r\n")
		if a.Status != status {
			t.Errorf("Host %q: %d %s, want %d", name, a.Status, a.Body, status)
		}
	}
	t.Attr("S3", "13 Hosts, 4 Origins on every call, 6 content types")
	for _, c := range []mocktest.Case{
		{Name: "a form", Header: []string{"Content-Type: application/x-www-form-urlencoded"}, Body: "a=b", Status: 415},
		{Name: "text", Header: []string{"Content-Type: text/plain"}, Body: "{}", Status: 415},
		{Name: "no type", Body: "{}", Status: 415},
		{Name: "JSON", Header: []string{mocktest.SendsJSON}, Body: "{}", Status: 200},
		{Name: "no body", Status: 200},
		{Name: "the page's own origin", Header: []string{"Origin: " + srv.URL, "Sec-Fetch-Site: same-origin"}, Status: 200},
	} {
		c.Request, c.Header = "POST /__admin/reset", append(c.Header, withToken)
		c.Run(t, srv)
	}
}

// A page of another origin uses a sandbox that is there, and makes none: neither by
// a request to the API, nor by one to a webhook or to the admin API.
func TestPagesOfOtherOriginsMakeNoSandboxes(t *testing.T) {
	t.Parallel()
	t.Attr("T4", "8 kinds of callers, 4 targets each")
	srv := mockserver.Start(t)
	host := strings.TrimPrefix(srv.URL, "http://")
	mocktest.Send(t, srv.URL, "GET /__sandbox/known/applications", "")
	for _, c := range []struct {
		name, host string
		header     string
		made       bool
	}{
		{"a program", host, "X: y", true},
		{"the page itself", host, "Origin: " + srv.URL + "\r\nSec-Fetch-Site: same-origin", false},
		{"the page itself, asking a machine elsewhere", host, "Referer: " + srv.URL + "/__admin/", false},
		{"an address that was typed", host, "Sec-Fetch-Site: none", true},
		{"an image in another page", host, "Sec-Fetch-Site: cross-site", false},
		{"an image in a page of another port", host, "Sec-Fetch-Site: same-site", false},
		{"a script of another page", host, "Origin: https://evil.example", false},
		{"a frame without an origin", host, "Origin: null", false},
		{"an image whose browser says no site", host, "Referer: http://evil.example/", false},
		{"an address that was typed behind a page", host, "Sec-Fetch-Site: none\r\nReferer: http://evil.example/", true},
		{"a name that leads here", "evil.example", "X: y", false},
	} {
		for i, target := range []string{"/applications", "/webhooks/x", "/__admin/health", "/a%zz"} {
			name := strings.ReplaceAll(c.name, " ", "-") + strconv.Itoa(i)
			request := func(sandbox, target string) mocktest.Response {
				return mocktest.Exchange(t, host, "GET /__sandbox/"+sandbox+target+" HTTP/1.1\r\nHost: "+c.host+"\r\nConnection: close\r\nAuthorization: Bearer any\r\n"+c.header+"\r\n\r\n")
			}
			a := request(name, target)
			sandboxes := mocktest.Send(t, srv.URL, "GET /__admin/sandboxes", "").Body
			if made := strings.Contains(sandboxes, `"`+name+`"`); made != c.made {
				t.Errorf("%s: GET %s: made is %t: %d %s", c.name, target, made, a.Status, a.Body)
			}
			if target != "/a%zz" && !c.made && (a.Status != 403 && !strings.HasPrefix(c.name, "the page itself") || strings.HasPrefix(c.name, "the page itself") && a.Status != 404 || !strings.Contains(a.Body, "POST /__admin/sandboxes")) {
				t.Errorf("%s: GET %s: %d %s", c.name, target, a.Status, a.Body)
			}
			if a := request("known", "/applications"); a.Status != 200 {
				t.Errorf("%s: a sandbox that is there: %d %s", c.name, a.Status, a.Body)
			}
		}
	}
}

// A request that was refused a sandbox is recorded as it was sent: replayed, it leads
// to no other world.
func TestARequestWithoutItsSandboxKeepsItsTarget(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, target := range []string{"/__sandbox/none/applications/575ec8687ae143cd83dc4a97", "/__sandbox/none/a%zz"} {
		mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "DELETE "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://evil.example\r\n\r\n")
		all := srv.Requests().All()
		if last := all[len(all)-1]; last.BasePath+last.Target != target {
			t.Errorf("%s is recorded as %s%s", target, last.BasePath, last.Target)
		}
	}
}

// isPage reports whether a call is for a part of the page.
func isPage(call string) bool {
	return call == "GET /__admin" || call == "GET /__admin/" || strings.HasPrefix(call, "GET /__admin/page/")
}

// adminCalls are the calls that the admin API lists, with something in the place
// of each parameter.
func adminCalls(t *testing.T, srv *mockserver.TestServer) []string {
	t.Helper()
	docs := mocktest.Decode[struct {
		Calls []struct{ Method, Path string }
	}](t, mocktest.Send(t, srv.URL, "GET /__admin/docs", "", "Authorization: Bearer sesame"))
	param := regexp.MustCompile(`\{[^}]*\}`)
	var calls []string
	for _, call := range docs.Calls {
		calls = append(calls, call.Method+" "+param.ReplaceAllString(call.Path, "x"))
	}
	return calls
}
