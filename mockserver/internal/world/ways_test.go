package world_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// A client whose base URL can't change reaches its sandbox by the host or by the
// sandbox's token. The prefix comes first, then the host, then the token.
func TestWaysToASandbox(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithSandboxHost("Mock.example"))
	made := map[string]mocktest.Response{}
	tokens := map[string]string{}
	for _, name := range []string{"a", "b"} {
		made[name] = mocktest.Send(t, srv.URL, "POST /__admin/sandboxes", `{"name":"`+name+`","yaml":"applications: [{name: of `+name+`}]"}`, mocktest.SendsJSON)
		state := mocktest.Decode[struct{ Token, Host string }](t, made[name])
		if tokens[name] = state.Token; state.Token == "" || state.Host != name+".mock.example" {
			t.Fatalf("%s", made[name].Body)
		}
	}
	bearer := func(name string) string { return "Authorization: Bearer " + tokens[name] }
	for _, c := range []struct {
		name, target string
		lines        []string
		want         string
	}{
		{"nothing", "/applications", nil, "My Application"},
		{"the prefix", "/__sandbox/a/applications", nil, "of a"},
		{"the host", "/applications", []string{"Host: a.localhost:8080"}, "of a"},
		{"the host without a port", "/applications", []string{"Host: a.localhost"}, "of a"},
		{"the host in upper case", "/applications", []string{"Host: A.LOCALHOST"}, "of a"},
		{"the host of the suffix", "/applications", []string{"Host: a.mock.example:80"}, "of a"},
		{"the suffix alone", "/applications", []string{"Host: mock.example"}, "My Application"},
		{"another host", "/applications", []string{"Host: a.mock.example.org"}, "My Application"},
		{"localhost", "/applications", []string{"Host: localhost:8080"}, "My Application"},
		{"the token", "/applications", []string{bearer("a")}, "of a"},
		{"the token in the query", "/applications?access_token=" + tokens["a"], []string{"Authorization:"}, "of a"},
		{"the prefix and another host", "/__sandbox/a/applications", []string{"Host: b.localhost"}, "of a"},
		{"the prefix and another token", "/__sandbox/a/applications", []string{bearer("b")}, "of a"},
		{"the host and another token", "/applications", []string{"Host: a.localhost", bearer("b")}, "of a"},
		{"a host that is new", "/applications", []string{"Host: new.localhost"}, "My Application"},
		{"the host with a dot behind it", "/applications", []string{"Host: a.localhost."}, "of a"},
		{"the host with a dot and a port", "/applications", []string{"Host: A.mock.example.:8080"}, "of a"},
		{"localhost with a dot", "/applications", []string{"Host: localhost.:8080"}, "My Application"},
		{"a port that is none", "/applications", []string{"Host: a.localhost:notaport"}, "the name of a sandbox"},
		{"a port that is too large", "/applications", []string{"Host: a.localhost:65536"}, "the name of a sandbox"},
		{"two ports", "/applications", []string{"Host: a.localhost:80:80"}, "the name of a sandbox"},
		{"a host that is no name", "/applications", []string{"Host: -.localhost"}, "the name of a sandbox"},
	} {
		if a := sendFor(t, srv.URL, "GET "+c.target, c.lines...); !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
		}
	}
	// The journal shows the host and the path that were sent.
	for host, want := range map[string]string{"a.localhost": `"absoluteUrl": "http://a.localhost/applications"`, "new.localhost": `"absoluteUrl": "http://new.localhost/applications"`} {
		a := sendFor(t, srv.URL, "GET /__admin/requests", "Host: "+host)
		if a.Status != 200 || !strings.Contains(a.Body, want) || strings.Contains(a.Body, host+"/__sandbox") {
			t.Errorf("%s: %d %s", host, a.Status, a.Body)
		}
	}
	if a := sendFor(t, srv.URL, "GET /__admin/requests", "Host: a.localhost"); !strings.Contains(a.Body, srv.URL+`/__sandbox/a/applications"`) {
		t.Errorf("the prefix: %s", a.Body)
	}
	// A call of a webhook has no token.
	if a := sendFor(t, srv.URL, "POST /webhooks/the_webhook_token", bearer("a")); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	srv.Triggers().Once(t)
}

// sendFor is [mocktest.Send] with a Host of its own.
func sendFor(t *testing.T, base, request string, lines ...string) mocktest.Response {
	t.Helper()
	head := []string{request + " HTTP/1.1", "Connection: close"}
	for _, line := range append(lines, "Host: "+strings.TrimPrefix(base, "http://"), "Authorization: Bearer any") {
		name, value, _ := strings.Cut(line, ":")
		if !strings.Contains(strings.Join(head, "\n"), "\n"+name+":") && (name != "Authorization" || !strings.Contains(request, "access_token")) {
			head = append(head, name+":"+value)
		}
	}
	return mocktest.Exchange(t, strings.TrimPrefix(base, "http://"), strings.Join(head, "\r\n")+"\r\n\r\n")
}

// The token of a sandbox has every scope, also in a strict world and after a reset,
// and leads nowhere once the sandbox is dropped.
func TestTheTokenOfASandbox(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	w := srv.Sandbox(t)
	w.Replace(&scenarios.Scenario{Auth: scenarios.Auth{Mode: scenarios.AuthStrict}, Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "strict"}}})
	mine := "Authorization: Bearer " + w.SandboxToken()
	for range 2 {
		if a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, mine, mocktest.SendsJSON); a.Status != 201 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		w.Reset()
	}
	if srv.SandboxToken() != "" || strings.Contains(mocktest.Send(t, srv.URL, "GET "+strings.TrimPrefix(w.URL, srv.URL)+"/__admin/scenario", "").Body, w.SandboxToken()) {
		t.Error("the main world has a token, or the scenario has one")
	}
	name := w.URL[strings.LastIndex(w.URL, "/")+1:]
	if a := mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes/"+name, ""); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "GET /applications", "", mine); a.Status != 401 || a.Body != `{"type":"Unauthorized","message":"the sandbox of this access token was dropped"}` {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// The tokens that are made in a sandbox lead there: a client with a fixed base URL logs
// in, with the sandbox's token or at its host, and goes on with the token that it gets.
func TestTokensThatAreMadeInASandbox(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	w := srv.Sandbox(t)
	const user = `{"email":"dev@example.com","password":"correct horse battery"}`
	w.Replace(&scenarios.Scenario{
		Auth:         scenarios.Auth{Mode: scenarios.AuthStrict, Users: []scenarios.User{{Email: "dev@example.com", Password: "correct horse battery"}}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "of the sandbox"}},
	})
	name := w.URL[strings.LastIndex(w.URL, "/")+1:]
	tokenOf := func(a mocktest.Response) string { return mocktest.Decode[struct{ Token string }](t, a).Token }
	prefix := "/__sandbox/" + name
	logIn := func(prefix, line string) string {
		return tokenOf(mocktest.Send(t, srv.URL, "POST "+prefix+"/auth/user", user, line, mocktest.SendsJSON))
	}
	host := "/auth/user HTTP/1.1\r\nHost: " + name + ".localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(user)) + "\r\n\r\n" + user
	tokens := map[string]string{
		"a log-in with the token":   logIn("", "Authorization: Bearer "+w.SandboxToken()),
		"a log-in below the prefix": logIn(prefix, "Authorization:"),
		"a log-in at the host":      tokenOf(mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "POST "+host)),
		"the admin API":             tokenOf(mocktest.Send(t, srv.URL, "POST "+prefix+"/__admin/tokens", `{"scopes":["all.Application"]}`, mocktest.SendsJSON)),
		"Go":                        w.Token("all.Application.read"),
	}
	list := func(base, token string) mocktest.Response {
		return mocktest.Send(t, base, "GET "+mocktest.WebhooksPath, "", "Authorization: Bearer "+token)
	}
	for way, token := range tokens {
		if a := list(srv.URL, token); a.Status != 200 || !strings.Contains(a.Body, `"count":0`) {
			t.Errorf("%s: %d %s", way, a.Status, a.Body)
		}
	}
	// A scenario that was saved has the tokens, and is that of the main world elsewhere.
	other := mockserver.Start(t, mockserver.WithWorld(w.Scenario()))
	if a := list(other.URL, tokens["Go"]); a.Status != 200 {
		t.Errorf("in another server: %d %s", a.Status, a.Body)
	}
	mocktest.Send(t, srv.URL, "DELETE /__admin/sandboxes/"+name, "")
	for way, token := range tokens {
		if a := list(srv.URL, token); a.Status != 401 {
			t.Errorf("%s, of a sandbox that was dropped: %d %s", way, a.Status, a.Body)
		}
	}
}

// Only tokens that were made lead to sandboxes: any other text is a token of the main
// world, also one that begins alike. A mistyped token is not mistaken for one.
func TestTokensThatAreLikeThoseOfSandboxes(t *testing.T) {
	t.Parallel()
	strict := scenarios.Auth{Mode: scenarios.AuthStrict, Tokens: []scenarios.Token{{Token: "sandbox_reader", Scopes: []string{"all.User"}}}}
	open, closed := mockserver.Start(t), mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Auth: strict}))
	made := open.Sandbox(t).SandboxToken()
	other := "A"
	if strings.HasSuffix(made, other) {
		other = "B"
	}
	mistyped := made[:len(made)-1] + other
	for _, c := range []struct {
		srv         *mockserver.TestServer
		token, want string
	}{
		{open, made, "My Application"},
		{open, "sandbox_orders", "My Application"},
		{open, "sandbox_", "My Application"},
		{open, mistyped, "it is mistyped"},
		{open, made + "A", "it is mistyped"},
		{open, made[:len(made)-1], "it is mistyped"},
		{closed, made, "it is mistyped"},
		{closed, "sandbox_reader", `"count":0`},
		{closed, "sandbox_orders", "Invalid access token"},
	} {
		if a := mocktest.Send(t, c.srv.URL, "GET /applications", "", "Authorization: Bearer "+c.token); !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s, want %s", c.token, a.Status, a.Body, c.want)
		}
	}
}

// A page of another origin makes no sandbox by a host, and reaches no admin API.
func TestPagesAndHostsOfSandboxes(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, line := range []string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://b.localhost"} {
		if a := sendFor(t, srv.URL, "GET /applications", "Host: a.localhost", line); a.Status != 403 {
			t.Errorf("%s: %d %s", line, a.Status, a.Body)
		}
		if a := sendFor(t, srv.URL, "GET /__admin/health", "Host: a.localhost", line); a.Status != 403 {
			t.Errorf("the admin API, %s: %d %s", line, a.Status, a.Body)
		}
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/sandboxes", ""); strings.Contains(a.Body, `"name"`) {
		t.Errorf("%s", a.Body)
	}
	if a := sendFor(t, srv.URL, "GET /__admin/health", "Host: a.example"); a.Status != 421 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if _, err := mockserver.New(mockserver.WithSandboxHost("mock:80")); err == nil {
		t.Error("a suffix with a port is accepted")
	}
}
