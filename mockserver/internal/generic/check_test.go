package generic_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/tidwall/gjson"
)

// The API checks what a request sends, then the token, then the scope, and then whether
// the things of the path are there. A request that breaks all of it is refused for the
// first, and so on: operations of a definition and our own alike.
func TestTheOrderOfChecks(t *testing.T) {
	t.Parallel()
	c := openOffice(t)
	c.send("POST /__admin/clock", `{"now":"2020-06-13T04:00:00.000Z"}`, http.StatusOK)
	expired := c.send("POST /me/permits", `{"name":"Door","scope":["all.User"],"expirationDate":"2017-06-13T04:00:00.000Z"}`, http.StatusCreated).Get("token").String()
	narrow := c.srv.Token("lamp.get")
	in := "/applications/" + mocktest.MissingID
	for name, r := range map[string]struct{ request, body, message string }{
		"a whole number of our own":       {"GET " + in + "/webhooks?perPage=x", "", "perPage is the wrong type"},
		"a whole number of a list":        {"GET " + in + "/notes?limit=x", "", "limit is the wrong type"},
		"a number of a list":              {"GET " + in + "/notes?offset=-1", "", "offset is less than minimum"},
		"a number of a stream":            {"GET " + in + "/rooms/" + mocktest.MissingID + "/watch?keepAliveInterval=0", "", "keepAliveInterval is less than minimum"},
		"an operator of a query":          {"GET " + in + "/notes?query=" + url.QueryEscape(`{"a":{"$odd":1}}`), "", "query has $odd, which is not understood"},
		"a glob of our own":               {"GET " + in + "/webhooks?filterField=name&filter=" + strings.Repeat("*a", 1_000), "", "filter is too complex"},
		"a glob":                          {"GET " + in + "/devices?filter=" + strings.Repeat("*a", 1_000), "", "filter is too complex"},
		"a schema":                        {"POST " + in + "/rooms", `{"name":7}`, "space.name is the wrong type"},
		"a member of the server alone":    {"POST " + in + "/notes", `{"id":"68100000000000000000000a"}`, "note has additional properties"},
		"one of the second in a list":     {"POST " + in + "/notes", `[{"text":"b"},{"_type":"note"}]`, "note.1 has additional properties"},
		"one of a change":                 {"PATCH " + in + "/notes/" + mocktest.MissingID, `{"_type":"note"}`, "note has additional properties"},
		"a thing that stands there twice": {"POST " + in + "/devices", `{"name":"d","attributes":[{"name":"a","dataType":"number"},{"name":"a","dataType":"number"}]}`, "device.attributes must be unique"},
	} {
		send := func(request, body, token string) mocktest.Response {
			lines := []string{"Authorization: " + token}
			if token == "" {
				lines = []string{"Authorization:"}
			}
			if body != "" {
				lines = append(lines, mocktest.SendsJSON)
			}
			return mocktest.Send(t, c.srv.URL, request, body, lines...)
		}
		for _, token := range []string{"", "Bearer " + expired, "Bearer " + narrow, "Bearer any"} {
			if a := send(r.request, r.body, token); a.Status != http.StatusBadRequest || !strings.HasPrefix(gjson.Get(a.Body, "message").String(), r.message) {
				t.Errorf("%s, with %q: %d %s, want %s", name, token, a.Status, a.Body, r.message)
			}
		}
		sound, _, _ := strings.Cut(r.request, "?")
		body := r.body
		if body != "" {
			body = map[bool]string{true: `{"text":"a"}`, false: `{"name":"a"}`}[strings.Contains(sound, "/notes")]
		}
		for token, want := range map[string]int{"": http.StatusForbidden, "Bearer " + expired: http.StatusUnauthorized, "Bearer " + narrow: http.StatusForbidden, "Bearer any": http.StatusNotFound} {
			if a := send(sound, body, token); a.Status != want {
				t.Errorf("%s, without %s and with %q: %d %s, want %d", sound, name, token, a.Status, a.Body, want)
			}
		}
	}
}
