package api_test

import (
	"encoding/base64"
	"log/slog"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// The commonest mistakes get a hint in the log and in the journal, and the
// response of the real API.
func TestCommonMistakesHaveAHint(t *testing.T) {
	t.Parallel()
	var log mocktest.Log
	srv := mockserver.Start(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	strict := mockserver.Start(t, mockserver.WithScenario("strict-auth"))
	other := srv.AddApplication(scenarios.Application{Name: "Other"})
	srv.AddWebhook(scenarios.Webhook{ApplicationID: other.ID, Name: "disabled", Token: "disabled", Enabled: new(false)})
	srv.AddWebhook(scenarios.Webhook{ApplicationID: other.ID, Name: "guarded", Token: "guarded", BasicAuthUsername: "me"})
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"575ed70c","scope":["all.User"]}`))
	realToken := "eyJhbGciOiJIUzI1NiJ9." + payload + ".c2lnbmF0dXJl"
	hook := mocktest.WebhooksPath + "/" + mocktest.WebhookID
	asJSON := []string{"Content-Type: application/json"}
	for _, c := range []struct {
		name, request, body string
		lines               []string
		status              int
		want                string // a blank one asks for no hint
	}{
		{"a webhook's id in place of its token", "POST /webhooks/" + mocktest.WebhookID, "{}", nil, 404, `this is the id of the webhook "My Webhook": its URL has its token`},
		{"a token that nobody has", "POST /webhooks/nope", "{}", nil, 404, "GET /__admin/webhooks lists them"},
		{"a webhook that is disabled", "POST /webhooks/disabled", "{}", nil, 200, "the webhook is disabled"},
		{"a webhook with a password", "POST /webhooks/guarded", "{}", nil, 401, "send them as basic authentication"},
		{"a webhook without its token", "POST /webhooks", "{}", nil, 405, "a call goes to /webhooks/TOKEN"},
		{"a token in place of the id", "GET " + mocktest.WebhooksPath + "/the_webhook_token", "", nil, 400, ""},
		{"the wrong application", "GET /applications/" + other.ID + "/webhooks/" + mocktest.WebhookID, "", nil, 404, `the webhook "My Webhook" is in the application ` + mocktest.ApplicationID},
		{"a webhook's id as the application's", "GET /applications/" + mocktest.WebhookID, "", nil, 404, "this is the id of a webhook"},
		{"an application that is not there", "GET /applications/" + mocktest.MissingID, "", nil, 404, "listed by GET /applications"},
		{"no token", "GET " + mocktest.WebhooksPath, "", []string{"Authorization:"}, 403, "add the header Authorization: Bearer TOKEN"},
		{"no Bearer", "GET " + mocktest.WebhooksPath, "", []string{"Authorization: any"}, 403, "write Bearer before the token"},
		{"two blanks", "GET " + mocktest.WebhooksPath, "", []string{"Authorization: Bearer  any"}, 403, "exactly one blank"},
		{"another scheme", "GET " + mocktest.WebhooksPath, "", []string{"Authorization: Basic YTpi"}, 403, "the schemes Bearer and JWT"},
		{"too large a page", "GET " + mocktest.WebhooksPath + "?perPage=5000", "", nil, 400, "a page holds 1 to 1000 items"},
		{"no content type", "POST " + mocktest.WebhooksPath, `{"name":"x"}`, nil, 400, "the body has no Content-Type"},
		{"text", "POST " + mocktest.WebhooksPath, `{"name":"x"}`, []string{"Content-Type: text/plain"}, 400, "was sent as text"},
		{"a form with numbers", "POST " + mocktest.WebhooksPath, `name=x&responseCode=201`, []string{"Content-Type: application/x-www-form-urlencoded"}, 400, "the fields of a form are texts"},
		{"a version in the path", "GET /v1" + mocktest.WebhooksPath, "", nil, 405, "leave out /v1"},
		{"a path of nothing", "GET /devices", "", nil, 405, "GET / describes all of them; --definition (in Go WithDefinition) adds those of the rest"},
		{"PUT for PATCH", "PUT " + hook, `{"name":"x"}`, asJSON, 405, "POST creates, and PATCH changes"},
		{"a method of nothing", "DELETE " + mocktest.WebhooksPath, "", nil, 405, "the methods of this path are GET, "},
		{"a login by GET", "GET /auth/user", "", nil, 405, "the methods of this path are "},
		{"health with a slash", "GET /health/", "", nil, 405, "GET /__admin/health reports"},
		{"health in capitals", "GET /Health", "", nil, 405, "GET /__admin/health reports"},
		{"livez", "GET /livez", "", nil, 405, "GET /__admin/health reports"},
		{"api-docs", "GET /api-docs", "", nil, 405, "GET / describes the API"},
		{"Page", "GET /applications?Page=2", "", nil, 200, "the API ignores Page: it has page"},
		{"size", "GET /applications?size=5", "", nil, 200, "the API ignores size: it has perPage"},
		{"an object that ends at once", "POST " + mocktest.WebhooksPath, `{`, asJSON, 400, "the body is no JSON at line 1, column 2: unexpected end"},
		{"PATCH without a content type", "PATCH " + hook, `{"name":"x"}`, nil, 400, "the body has no Content-Type"},
		{"JSON as a form", "POST " + mocktest.WebhooksPath, `{"name":"x"}`, []string{"Content-Type: application/x-www-form-urlencoded"}, 400, "was sent as a form, as curl -d does"},
		{"JSON with a comma too many", "POST " + mocktest.WebhooksPath, "{\n  \"name\": \"x\",\n}", asJSON, 400, "the body is no JSON at line 3, column 1: invalid character '}'"},
		{"JSON that ends early", "POST " + mocktest.WebhooksPath, `{"name"`, asJSON, 400, "the body is no JSON at line 1, column 8: unexpected end"},
		{"JSON with single quotes", "POST " + mocktest.WebhooksPath, `{'name': 1}`, asJSON, 400, "at line 1, column 2: invalid character"},
		{"an API in the path", "GET /api" + mocktest.WebhooksPath, "", nil, 405, "leave out /api"},
		{"both in the path", "GET /api/v1" + mocktest.WebhooksPath, "", nil, 405, "leave out /api/v1"},
		{"a blank at the end", "GET " + mocktest.WebhooksPath + "%20", "", nil, 405, "ends with a blank"},
		{"two slashes", "GET /" + mocktest.WebhooksPath, "", nil, 405, "two slashes in a row"},
		{"singular names", "GET " + strings.TrimSuffix(mocktest.WebhooksPath, "s"), "", nil, 405, "the names in a path are plural"},
		{"health", "GET /health", "", nil, 405, "GET /__admin/health reports"},
		{"docs", "GET /docs", "", nil, 405, "GET / describes the API"},
		{"per_page", "GET " + mocktest.WebhooksPath + "?per_page=5", "", nil, 200, "the API ignores per_page: it has perPage"},
		{"limit", "GET /applications?limit=5", "", nil, 200, "the API ignores limit: it has perPage"},
		{"sort", "GET " + mocktest.WebhooksPath + "?sort=name", "", nil, 200, "the API ignores sort: it has sortField and sortDirection"},
		{"a filter without its field", "GET " + mocktest.WebhooksPath + "?filter=a*", "", nil, 200, "add filterField=name"},
		{"a field without its filter", "GET " + mocktest.WebhooksPath + "?filterField=name", "", nil, 200, "add filter=PATTERN"},
		{"both", "GET " + mocktest.WebhooksPath + "?filterField=name&filter=a*&perPage=5", "", nil, 200, ""},
		{"a token in another header", "GET " + mocktest.WebhooksPath, "", []string{"Authorization:", "X-Auth-Token: any"}, 403, "does not look into the header X-Auth-Token"},
		{"an upgrade to HTTP/2", "GET " + mocktest.WebhooksPath, "", []string{"Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"}, 200, "Upgrade: h2c is ignored"},
		{"a real token", "GET " + mocktest.WebhooksPath, "", []string{"Authorization: Bearer " + realToken}, 200, "the token looks like a real one of Losant"},
		{"any token", "GET " + mocktest.WebhooksPath, "", nil, 200, ""},
		{"three parts of anything", "GET " + mocktest.WebhooksPath, "", []string{"Authorization: Bearer eyJ.b.c"}, 200, ""},
	} {
		a := mocktest.Send(t, srv.URL, c.request, c.body, c.lines...)
		all := srv.Requests().All()
		got := all[len(all)-1]
		if a.Status != c.status || !strings.Contains(got.Hint, c.want) || c.want == "" && got.Hint != "" {
			t.Errorf("%s: %d, hint %q, want %d, %q", c.name, a.Status, got.Hint, c.status, c.want)
		}
		if strings.Contains(a.Body, "hint") || c.want != "" && strings.Contains(a.Body, c.want) {
			t.Errorf("%s: the answer has the hint: %s", c.name, a.Body)
		}
		if c.want != "" && !strings.Contains(log.String(), strings.ReplaceAll(c.want, `"`, `\"`)) {
			t.Errorf("%s: the log has no hint", c.name)
		}
	}
	if strings.Contains(log.String(), payload) {
		t.Error("the log has the token")
	}
	host := strings.TrimPrefix(srv.URL, "http://")
	mocktest.Exchange(t, host, "CONNECT api.losant.com:443 HTTP/1.1\r\nHost: api.losant.com:443\r\nConnection: close\r\n\r\n")
	if all := srv.Requests().All(); !strings.Contains(all[len(all)-1].Hint, "this is no proxy") {
		t.Errorf("CONNECT has the hint %q", all[len(all)-1].Hint)
	}
	mocktest.Send(t, strict.URL, "GET "+mocktest.WebhooksPath, "", "Authorization: Bearer webhook.get")
	if r, _ := strict.Requests().First(); !strings.Contains(r.Hint, "scopes are webhook.get: none grants webhooks.get") {
		t.Errorf("a token of another scope: %q", r.Hint)
	}
	if body := mocktest.Send(t, srv.URL, "GET /__admin/requests?summary=true", "").Body; !strings.Contains(body, `"hint": "`) {
		t.Errorf("%s", body)
	}
}
