package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

func notAllowed(method string) string {
	return `{"type":"MethodNotAllowed","message":"` + method + ` is not allowed"}`
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	cases := []struct{ request, allow string }{
		{"PUT " + mocktest.WebhooksPath, "GET, OPTIONS, POST"},
		{"DELETE " + mocktest.WebhooksPath, "GET, OPTIONS, POST"},
		{"POST " + mocktest.WebhookPath, "DELETE, GET, OPTIONS, PATCH"},
		{"PUT /applications", "GET, OPTIONS, POST"},
		{"POST /applications/" + mocktest.ApplicationID, "DELETE, GET, OPTIONS, PATCH"},
		{"GET /auth/user", "OPTIONS, POST"},
		{"POST /", "GET, OPTIONS"},
		{"HEAD " + mocktest.WebhooksPath, "GET, OPTIONS, POST"},
		{"GET /nope", "OPTIONS"},
		{"DELETE /nope", "OPTIONS"},
		{"BREW /nope", "OPTIONS"},
		{"GET /Applications", "OPTIONS"},
		{"GET /applications/" + mocktest.ApplicationID + "/Webhooks", "OPTIONS"},
		{"GET " + mocktest.WebhookPath + "/more", "OPTIONS"},
		{"GET " + mocktest.WebhookPath + "//", "OPTIONS"},
		{"GET //applications", "OPTIONS"},
		{"GET /applications/./" + mocktest.ApplicationID, "OPTIONS"},
		{"GET /applications/x/../" + mocktest.ApplicationID, "OPTIONS"},
		{"GET /applications%2f" + mocktest.ApplicationID, "OPTIONS"},
		{"GET /applications/" + strings.Repeat("a", 101), "OPTIONS"},
		{"GET /applications/" + strings.Repeat("%61", 101), "OPTIONS"},
		{"GET /applications/" + strings.Repeat("%F0%9F%98%80", 51), "OPTIONS"},
	}
	t.Attr("B3", fmt.Sprintf("%d rules", len(cases)))
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			t.Parallel()
			a := mocktest.Send(t, srv.URL, c.request, "")
			method, _, _ := strings.Cut(c.request, " ")
			want := notAllowed(method)
			if method == "HEAD" {
				want = ""
			}
			if a.Status != 405 || a.Body != want || a.Header.Get("Allow") != c.allow {
				t.Errorf("%d, Allow: %s, %s\nwant 405, Allow: %s, %s", a.Status, a.Header.Get("Allow"), a.Body, c.allow, want)
			}
		})
	}
	t.Run("parameters of 100 characters still have a route", func(t *testing.T) {
		t.Parallel()
		for _, id := range []string{strings.Repeat("a", 100), strings.Repeat("%61", 100), strings.Repeat("%F0%9F%98%80", 50)} {
			mocktest.Case{Request: "GET /applications/" + id, Status: 400, Want: mocktest.Validation("applicationId pattern mismatch")}.Run(t, srv)
		}
	})
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	other := srv.AddApplication(scenarios.Application{Name: "Other"})
	cases := []mocktest.Case{
		{Request: "GET /applications/" + mocktest.MissingID + "/webhooks", Want: mocktest.NoApplication},
		{Request: "POST /applications/" + mocktest.MissingID + "/webhooks", Header: []string{mocktest.SendsJSON}, Body: `{"name":"x"}`, Want: mocktest.NoApplication},
		{Request: "GET /applications/" + mocktest.MissingID, Want: mocktest.NoApplication},
		{Request: "GET " + mocktest.WebhooksPath + "/" + mocktest.MissingID, Want: mocktest.NoWebhook},
		{Request: "PATCH " + mocktest.WebhooksPath + "/" + mocktest.MissingID, Header: []string{mocktest.SendsJSON}, Body: `{}`, Want: mocktest.NoWebhook},
		{Request: "DELETE " + mocktest.WebhooksPath + "/" + mocktest.MissingID, Want: mocktest.NoWebhook},
		{Request: "GET /applications/" + mocktest.MissingID + "/webhooks/" + mocktest.WebhookID, Want: mocktest.NoWebhook},
		{Request: "GET /applications/" + other.ID + "/webhooks/" + mocktest.WebhookID, Want: mocktest.NoWebhook},
		{Request: "PATCH /applications/" + other.ID + "/webhooks/" + mocktest.WebhookID, Header: []string{mocktest.SendsJSON}, Body: `{}`, Want: mocktest.NoWebhook},
		{Request: "DELETE /applications/" + other.ID + "/webhooks/" + mocktest.WebhookID, Want: mocktest.NoWebhook},
	}
	t.Attr("B3", fmt.Sprintf("%d rules", 2*len(cases)))
	for _, c := range cases {
		t.Run(c.Request, func(t *testing.T) {
			t.Parallel()
			c.Status = 404
			c.Run(t, srv)
			c.Status, c.Want, c.Header = 403, mocktest.Forbidden, append([]string{"Authorization:"}, c.Header...)
			c.Run(t, srv) // who asks is looked at first
		})
	}
}

func TestCORSAndContentType(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, c := range []struct {
		request, origin, allowed string
	}{
		{"GET " + mocktest.WebhooksPath, "", "*"},
		{"GET " + mocktest.WebhooksPath, "https://example.com", "https://example.com"},
		{"GET " + mocktest.WebhooksPath + "?page=x", "https://example.com", "https://example.com"},
		{"GET /applications/" + mocktest.MissingID, "null", "null"},
		{"GET /", "", "*"},
		{"GET /nope", "https://example.com", ""}, // not routed
		{"PUT " + mocktest.WebhooksPath, "https://example.com", ""},
	} {
		a := mocktest.Send(t, srv.URL, c.request, "", "Origin: "+c.origin)
		vary := "origin"
		if c.allowed == "" {
			vary = ""
		}
		if a.Header.Get("Access-Control-Allow-Origin") != c.allowed || a.Header.Get("Vary") != vary {
			t.Errorf("%s from %q: %v", c.request, c.origin, a.Header)
		}
		if a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: Content-Type %q", c.request, a.Header.Get("Content-Type"))
		}
		if a.Header.Get("Content-Length") != fmt.Sprint(len(a.Body)) {
			t.Errorf("%s: Content-Length %q of %d", c.request, a.Header.Get("Content-Length"), len(a.Body))
		}
	}
	for _, path := range []string{mocktest.WebhooksPath, "/", "/nope", "/auth/user"} {
		a := mocktest.Send(t, srv.URL, "OPTIONS "+path, "", "Authorization:", "Origin: https://example.com")
		want := http.Header{
			"Access-Control-Allow-Headers": {"Accept,Content-Type,X-Amz-Date,Authorization,Accept-Version,losantdomain"},
			"Access-Control-Allow-Methods": {"DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"},
			"Access-Control-Allow-Origin":  {"https://example.com"},
			"Access-Control-Max-Age":       {"86400"},
			"Vary":                         {"origin"},
		}
		a.Header.Del("Date")
		if a.Status != 204 || a.Body != "" || fmt.Sprint(a.Header) != fmt.Sprint(want) {
			t.Errorf("OPTIONS %s: %d %v", path, a.Status, a.Header)
		}
	}
}

func TestTheBodyOfAPreflightIsRead(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, path := range []string{mocktest.WebhooksPath, "/nope"} {
		for _, c := range []mocktest.Case{
			{Name: "JSON", Body: "{}", Status: 204},
			{Name: "broken JSON", Body: "{", Status: 400, Want: `{"code":"InvalidContent","message":"Invalid JSON: Unexpected end of JSON input"}`},
			{Name: "another encoding", Header: []string{"Content-Encoding: br"}, Body: "{}", Status: 415, Want: `{"code":"UnsupportedMediaType","message":"content encoding not supported"}`},
		} {
			c.Request, c.Header = "OPTIONS "+path, append(c.Header, mocktest.SendsJSON)
			c.Run(t, srv)
		}
		if a := mocktest.Send(t, srv.URL, "OPTIONS "+path, "{", mocktest.SendsJSON); a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("a body that is refused has CORS headers: %v", a.Header)
		}
	}
}

func TestPathsThatAreNotUTF8(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, method := range []string{"GET", "POST", "OPTIONS", "BREW"} {
		for _, path := range []string{"/%ff", "/applications/%e2%82", "/applications/%c3%28/webhooks", "/%ED%A0%80", "/__sandbox/a/applications/%FF"} {
			a := mocktest.Send(t, srv.URL, method+" "+path+"?x=%ff", "{", mocktest.SendsJSON, "Accept-Encoding: gzip")
			want := `{"type":"NotFound","message":"` + strings.TrimPrefix(path, "/__sandbox/a") + ` does not exist"}`
			if a.Status != 404 || a.Body != want || a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: %d %s %v", method, path, a.Status, a.Body, a.Header)
			}
		}
	}
	mocktest.Case{Request: "GET /applications/%c3%a9", Status: 400, Want: mocktest.Validation("applicationId pattern mismatch")}.Run(t, srv)
}

func TestCompressedResponses(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	plain := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "").Body
	for accept, zipped := range map[string]bool{
		"gzip": true, "gzip, deflate": true, "br, GZIP;q=0.5": true, "gzip;q=0": false, "gzip;q=0.0": false, "deflate": false, "": false,
		"*": true, "*;q=0": false, "identity;q=1, gzip;q=0.1": true, "*, gzip;q=0": false, "gzip;q=0, *;q=1": false, "gzip, *;q=0": true,
		"deflate\r\nAccept-Encoding: gzip": true,

		// Odd qualities, as negotiator reads them.
		"gzip;q=x": false, "gzip;q=": false, "gzip;q": false, "gzip;q=-1": false, "gzip;q=.5x": true, "gzip;q=2": true, "gzip;Q=0": true,
		"gzip;q =0": true, "gzip;q= 0": false, "gzip ; x=1; q=0;q=1": false, "gzip;q=0, gzip": true, "gzip;q=1e-9": true, "gzip;q=0e9": false,
		"*;q=0, gzip;q=x": false, "*;q=x": false, "identity;q=0": false, "identity;q=0, *;q=0.1": true, "gzi p": false, "gzip x": false, "gzip;q=0,*": false,
	} {
		a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "", "Accept-Encoding: "+accept)
		if (a.Header.Get("Content-Encoding") == "gzip") != zipped {
			t.Errorf("Accept-Encoding: %s gets %v", accept, a.Header)
		}
		if (a.Header.Get("Content-Length") == "") != zipped {
			t.Errorf("Accept-Encoding: %s: Content-Length %q", accept, a.Header.Get("Content-Length"))
		}
		if !zipped {
			continue
		}
		z, err := gzip.NewReader(strings.NewReader(a.Body))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(z); err != nil || b.String() != plain {
			t.Errorf("Accept-Encoding: %s: %v, %s", accept, err, b.String())
		}
	}
}
