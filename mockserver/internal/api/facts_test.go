package api_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// A page may read every response of a route that took its turn, and none of those
// before: the routing and the reading of the body.
func TestWhichResponsesAPageMayRead(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	const origin = "https://page.example"
	post := "POST " + mocktest.WebhooksPath
	for _, c := range []struct {
		name, request, body string
		lines               []string
		status              int
		readable            bool
	}{
		{"200", "GET " + mocktest.WebhooksPath, "", nil, 200, true},
		{"201", post, `{"name":"x"}`, []string{mocktest.SendsJSON}, 201, true},
		{"the definition", "GET /", "", []string{"Authorization:"}, 200, true},
		{"400 Validation", "GET " + mocktest.WebhooksPath + "?page=x", "", nil, 400, true},
		{"401", "GET " + mocktest.WebhooksPath, "", []string{"Authorization: Bearer garbage"}, 401, true},
		{"401 of a log-in", "POST /auth/user", `{"email":"a@b","password":"no such password"}`, []string{mocktest.SendsJSON, "Authorization:"}, 401, true},
		{"403", "GET " + mocktest.WebhooksPath, "", []string{"Authorization:"}, 403, true},
		{"404 of an application", "GET /applications/" + mocktest.MissingID, "", nil, 404, true},
		{"404 of a webhook", "DELETE " + mocktest.WebhooksPath + "/" + mocktest.MissingID, "", nil, 404, true},
		{"404 of a broken escape", "GET /applications/%zz", "", nil, 404, false},
		{"405", "PUT " + mocktest.WebhooksPath, "", nil, 405, false},
		{"405 of an unknown path", "GET /nope", "", nil, 405, false},
		{"400 InvalidContent", post, "{", []string{mocktest.SendsJSON}, 400, false},
		{"400 BadRequest", post, "x", []string{"Content-Type: multipart/form-data"}, 400, false},
		{"400 BadDigest", post, "{}", []string{mocktest.SendsJSON, "Content-MD5: x"}, 400, false},
		{"415", post, "{}", []string{mocktest.SendsJSON, "Content-Encoding: br"}, 415, false},
		{"500 of broken gzip", post, "{}", []string{mocktest.SendsJSON, "Content-Encoding: gzip"}, 500, false},
		{"500 of a table", post, `a"`, []string{"Content-Type: text/csv"}, 500, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines := append([]string{"Origin: " + origin}, c.lines...)
			if !strings.Contains(strings.Join(lines, "\n"), "Authorization:") {
				lines = append(lines, "Authorization: Bearer all.User")
			}
			a := mocktest.Send(t, srv.URL, c.request, c.body, lines...)
			allowed, vary := a.Header.Get("Access-Control-Allow-Origin"), a.Header.Get("Vary")
			if a.Status != c.status || (allowed == origin) != c.readable || (vary == "origin") != c.readable || allowed != "" && !c.readable {
				t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
			}
			if a.Header.Get("Content-Type") != "application/json" {
				t.Errorf("Content-Type %q", a.Header.Get("Content-Type"))
			}
		})
	}
}

// What routing refuses is never compressed; content is not negotiated.
func TestWhatTheHeadersOfARequestDecide(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, request := range []string{"PUT " + mocktest.WebhooksPath, "GET /nope", "GET /%ff"} {
		a := mocktest.Send(t, srv.URL, request, "", "Accept-Encoding: gzip")
		if a.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(a.Body, `{"type":`) {
			t.Errorf("%s: %v %s", request, a.Header, a.Body)
		}
	}
	for _, lines := range [][]string{{"Accept: text/html"}, {"Accept: image/png;q=1, */*;q=0"}, {"Accept-Version: ^99.0.0"}, {"Accept-Version: nonsense"}, {"losantdomain: example.com"}} {
		a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhookPath, "", lines...)
		if a.Status != 200 || a.Header.Get("Content-Type") != "application/json" || !strings.HasPrefix(a.Body, `{"id":`) {
			t.Errorf("%v: %d %v", lines, a.Status, a.Header)
		}
	}
}

// The list of applications has no link but its own, and lists every parameter of an
// action by its index.
func TestTheListOfApplicationsByteForByte(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	const (
		get  = `"get":{"href":"/applications","method":"GET","params":["0","1","2","3","4","5","6","7","8"]}`
		post = `"post":{"href":"/applications","method":"POST","params":["0","1","2"]}`
		head = `{"count":1,"items":[{"id":"` + mocktest.ApplicationID + `",`
	)
	for scope, actions := range map[string]string{
		"all.User": get + "," + post, "only.Organization": get + "," + post, "applications.*": get + "," + post,
		"all.User.read": get, "only.Organization.read": get, "applications.get": get,
	} {
		a := mocktest.Send(t, srv.URL, "GET /applications", "", "Authorization: Bearer "+srv.Token(scope))
		tail := `}],"perPage":100,"page":0,"sortField":"name","sortDirection":"asc","totalCount":1,"_type":"applications",` +
			`"_actions":{` + actions + `},"_links":{"self":{"href":"/applications"}}}`
		if !strings.HasPrefix(a.Body, head) || !strings.HasSuffix(a.Body, tail) {
			t.Errorf("%s\n got %s\nwant %s...%s", scope, a.Body, head, tail)
		}
	}
}

// GET / is the API's own definition, from which clients are generated: at every version
// the bytes that the tests of the contract hold against the published one.
func TestTheDefinitionOverHTTP(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1.30.0", "1.20.1", "0.1.0"} {
		api, err := (&scenarios.Scenario{API: scenarios.API{Version: version}}).Contract()
		if err != nil {
			t.Fatal(err)
		}
		a := mocktest.Send(t, at(t, version).URL, "GET /", "", "Authorization:")
		head := `{"bravado":"1.0","info":{"title":"Platform API","description":"User API for accessing platform data","version":"` + version + `"},"basePath":"/","params":[`
		if a.Body != string(api.Definition()) || !strings.HasPrefix(a.Body, head) {
			t.Errorf("%s: %.300s\nwant %s", version, a.Body, head)
		}
		if !strings.Contains(a.Body, `,"deprecatedAuthScopes":[],"resources":{`) || strings.Contains(a.Body, "$schema") {
			t.Errorf("%s: %.2000s", version, a.Body)
		}
	}
}

// A DELETE as the Python client sends it, without a type and with a length of 0, and as
// that for JavaScript does, with an empty object.
func TestDeletesOfClients(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, c := range []mocktest.Case{
		{Name: "Python", Header: []string{"Content-Length: 0", "Accept-Version: ^1.29.3"}},
		{Name: "JavaScript", Header: []string{mocktest.SendsJSON, "Accept-Version: ^1.20.1"}, Body: "{}"},
	} {
		c.Request = "DELETE " + mocktest.WebhooksPath + "/" + mocktest.Create(t, srv, `{"name":"x"}`) + "?_actions=false&_links=true&_embedded=true"
		c.Status, c.Want = 200, `{"success":true}`
		c.Run(t, srv)
	}
}
