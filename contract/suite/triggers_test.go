package suite_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/contract"
)

// The host of the triggers never gets the token of the API, and no report has the
// secrets of the webhooks that were called.
func TestSecretsOfCallsStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var secrets []string
	api := standIn(t, "strict-auth")
	server := serve(t, changed(writes, good(func(_ *http.Request, a *altered) {
		mu.Lock()
		defer mu.Unlock()
		for _, name := range []string{"token", "basicAuthPassword", "verificationCode"} {
			if text, _ := a.fields[name].(string); text != "" {
				secrets = append(secrets, text)
			}
		}
	}))(api))
	triggers := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization")+r.URL.String(), allUser) {
			t.Errorf("%s has the token of the API", r.URL)
		}
		mu.Lock()
		if _, text, _ := strings.Cut(r.Header.Get("Authorization"), " "); len(text) > 8 {
			secrets = append(secrets, text)
		}
		mu.Unlock()
		if r.Header.Get("Authorization") == "" {
			api.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(r.URL.String() + r.Header.Get("Authorization")))
	}))
	s := newSuite(t, server.URL)
	s.Write, s.Triggers, s.Only = true, triggers.URL, triggerChecks
	result := s.Run(t.Context())
	printed := text(result)
	if result.Verdict != contract.Breaks || !strings.Contains(printed, "Authorization: Basic ") || len(secrets) < 30 {
		t.Fatalf("%d secrets\n%s", len(secrets), printed)
	}
	for _, secret := range secrets {
		if strings.Contains(printed, secret) {
			t.Errorf("the report has %q", secret)
		}
	}
}

// Where no webhook can be called, that is one finding, and the rest follows from it.
func TestNoWebhookCanBeCalled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		triggers func(server string) string
		verdict  contract.Verdict
		said     string
	}{
		"another path":      {func(server string) string { return server + "/elsewhere" }, contract.CouldNotCheck, "a call: the host responds to a webhook that was just made as to one that is not there, with 405 Method Not Allowed"},
		"another mock":      {func(string) string { return serve(t, standIn(t, "strict-auth")).URL }, contract.CouldNotCheck, "with 404 Not Found: is http://127.0.0.1"},
		"a redirect":        {func(string) string { return responding(t, 301, "") }, contract.CouldNotCheck, "with 301 Moved Permanently"},
		"a page of a proxy": {func(string) string { return responding(t, 200, "<html>Log in</html>") }, contract.CouldNotCheck, "a call: the response is HTML, as of a proxy"},
		"any success":       {func(string) string { return responding(t, 200, `{"ok":true}`) }, contract.CouldNotCheck, "with 200 OK"},

		"nobody listens":    {func(string) string { return "http://127.0.0.1:1" }, contract.CouldNotCheck, "connection refused"},
		"not in the clear":  {func(string) string { return "http://triggers.losant.com" }, contract.CouldNotCheck, "the base URL of triggers: the token of the webhook would go to triggers.losant.com in the clear"},
		"no URL of a host":  {func(string) string { return "triggers.losant.com" }, contract.CouldNotCheck, "the base URL of triggers: the base URL must be one such as"},
		"it is unavailable": {func(string) string { return responding(t, 503, "") }, contract.CouldNotCheck, "a call: the response is 503 Service Unavailable"},
	} {
		s := newSuite(t, serve(t, standIn(t, "strict-auth")).URL)
		s.Write, s.Triggers, s.Only = true, c.triggers(s.Client.BaseURL()), triggerChecks
		result := s.Run(t.Context())
		found := 0
		for _, check := range result.Checks {
			found += len(check.Findings)
		}
		if result.Verdict != c.verdict || found != 1 || !strings.Contains(text(result), c.said) {
			t.Errorf("%s: %s", name, text(result))
		}
	}
}

// responding returns the URL of a server with one response.
func responding(t testing.TB, status int, body string) string {
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://losantmock.example/")
		if strings.HasPrefix(body, "<") {
			w.Header().Set("Content-Type", "text/html")
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})).URL
}
