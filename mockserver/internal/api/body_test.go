package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

const needsABody = `{"type":"Validation","message":"webhook is required"}`

func TestBodiesByContentType(t *testing.T) {
	t.Parallel()
	const name = `{"name":"x"}`
	post := func(title, contentType, body string, status int, want string) mocktest.Case {
		c := mocktest.Case{Name: title, Request: "POST " + mocktest.WebhooksPath, Body: body, Status: status, Want: want}
		if contentType != "" {
			c.Header = []string{"Content-Type: " + contentType}
		}
		return c
	}
	multipart := "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--\r\n"
	cases := []mocktest.Case{
		post("no content type", "", name, 400, needsABody),
		post("octets", "application/octet-stream", name, 400, needsABody),
		post("text", "text/plain", name, 400, mocktest.Validation("webhook is the wrong type")),
		post("HTML", "text/html; charset=utf-8", name, 400, mocktest.Validation("webhook is the wrong type")),
		post("a form", "application/x-www-form-urlencoded", "name=x+y%21", 201, ""),
		post("a form's fields are texts", "application/x-www-form-urlencoded", "name=x&responseCode=201", 400, mocktest.Validation("webhook.responseCode is the wrong type")),
		post("a form's repeated field is a list", "application/x-www-form-urlencoded", "name=x&name=y", 400, mocktest.Validation("webhook.name is the wrong type")),
		post("JSON in capitals", "APPLICATION/JSON", name, 201, ""),
		post("JSON with a charset", "application/json; charset=iso-8859-1", name, 201, ""),
		post("JSON by suffix", "application/vnd.api+json", name, 201, ""),
		post("another type is read as an empty object", "application/xml", name, 400, mocktest.Validation("webhook.name is required")),
		post("a picture too", "image/png", name, 400, mocktest.Validation("webhook.name is required")),
		post("multipart", "multipart/form-data; boundary=b", multipart, 201, ""),
		post("multipart without a boundary", "multipart/form-data", multipart, 400, `{"code":"BadRequest","message":"bad content-type header, no multipart boundary"}`),
		post("multipart of another boundary", "multipart/form-data; boundary=c", multipart, 400, ""),
		post("an empty body", "application/json", "", 400, needsABody),
		{Name: "any other type on PATCH changes nothing", Request: "PATCH " + mocktest.WebhookPath, Header: []string{"Content-Type: application/xml"}, Body: "<x/>", Status: 200},
		{Name: "DELETE with a body", Request: "DELETE /applications/" + mocktest.ApplicationID + "/webhooks/" + mocktest.MissingID, Header: []string{mocktest.SendsJSON}, Body: "{}", Status: 404, Want: mocktest.NoWebhook},
	}
	srv := mockserver.Start(t)
	t.Attr("B3", fmt.Sprintf("%d rules", len(cases)))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Run(t, srv)
		})
	}
}

func TestBodiesThatDoNotParse(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for name, body := range map[string]string{
		"blanks": "  \n", "cut off": `{"name":"x`, "something behind it": `{"name":"x"} {}`, "garbage behind it": `{"name":"x"}x`,
		"a byte-order mark": "\ufeff{}", "NaN": "NaN", "single quotes": "{'a':1}", "a trailing comma": `{"a":1,}`,
		"depth beyond measure": strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, request := range []string{"POST " + mocktest.WebhooksPath, "POST /applications/x/webhooks", "DELETE " + mocktest.WebhookPath} {
				a := mocktest.Send(t, srv.URL, request, body, mocktest.SendsJSON, "Authorization:")
				if a.Status != 400 || !strings.HasPrefix(a.Body, `{"code":"InvalidContent","message":"Invalid JSON: `) {
					t.Errorf("%s: %d %s", request, a.Status, a.Body)
				}
				if cors := a.Header.Get("Access-Control-Allow-Origin"); cors != "" {
					t.Errorf("%s: a body that does not parse is answered before CORS, not with %q", request, cors)
				}
			}
		})
	}
}

func TestCharactersOfANameSurvive(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for sent, want := range map[string]string{
		`"caf\u00e9 <&> \" \\ \/"`:   `"café <&> \" \\ /"`,
		`"\u0000\u001f\b\f\n\r\t"`:   `"\u0000\u001f\b\f\n\r\t"`,
		"\"\xff\xfe\"":               "\"\ufffd\ufffd\"",
		"\"\u2028\u2029\u007f😀\"":    "\"\u2028\u2029\u007f😀\"",
		`"\ud83d\ude00"`:             `"😀"`,
		`"{{.}}<script>alert(1)<"`:   `"{{.}}<script>alert(1)<"`,
		`"` + "\u00e9\u0301" + ` e"`: `"` + "\u00e9\u0301" + ` e"`,
	} {
		a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":`+sent+`}`, mocktest.SendsJSON)
		if !strings.Contains(a.Body, `"name":`+want+`,`) {
			t.Errorf("name %s: %d %s\nwant it as %s", sent, a.Status, a.Body, want)
		}
	}
}

func TestEncodedBodies(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithMaxBodySize(1000))
	zip := func(text string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(text))
		_ = z.Close()
		return b.String()
	}
	const tooLarge = `{"code":"PayloadTooLarge","message":"The body has more bytes than allowed: 1000"}`
	for _, c := range []mocktest.Case{
		{Name: "gzip", Header: []string{"Content-Encoding: gzip"}, Body: zip(`{"name":"x"}`), Status: 201},
		{Name: "GZIP", Header: []string{"Content-Encoding: GZIP"}, Body: zip(`{"name":"x"}`), Status: 201},
		{Name: "identity", Header: []string{"Content-Encoding: identity"}, Body: `{"name":"x"}`, Status: 201},
		{Name: "brotli", Header: []string{"Content-Encoding: br"}, Body: `{}`, Status: 415, Want: `{"code":"UnsupportedMediaType","message":"content encoding not supported"}`},
		{Name: "no gzip", Header: []string{"Content-Encoding: gzip"}, Body: `{}`, Status: 400},
		{Name: "cut off gzip", Header: []string{"Content-Encoding: gzip"}, Body: zip(`{"name":"x"}`)[:20], Status: 400},
		{Name: "a gzip bomb", Header: []string{"Content-Encoding: gzip"}, Body: zip(strings.Repeat("a", 100_000)), Status: 413, Want: tooLarge},
		{Name: "one byte too many", Body: strings.Repeat(" ", 1001), Status: 413, Want: tooLarge},
		{Name: "as many as allowed", Body: `{"name":"x"` + strings.Repeat(" ", 988) + `}`, Status: 201},
	} {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Request, c.Header = "POST "+mocktest.WebhooksPath, append(c.Header, mocktest.SendsJSON)
			c.Run(t, srv)
		})
	}
	t.Run("the default limit is 1 MiB", func(t *testing.T) {
		t.Parallel()
		srv := mockserver.Start(t)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: strings.Repeat(" ", 1<<20+1), Status: 413}.Run(t, srv)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: strings.Repeat(" ", 1<<20), Status: 400}.Run(t, srv)
	})
}
