package api_test

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
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
	const nameless, odd, wrongType = "webhook.name is required", "webhook has additional properties", "webhook is the wrong type"
	var cases []mocktest.Case
	send := func(request, title, contentType, body string, status int, want string) {
		c := mocktest.Case{Name: strings.Fields(request)[0] + " " + title, Request: request, Body: body, Status: status, Want: want}
		if contentType != "" {
			c.Header = []string{"Content-Type: " + contentType}
		}
		if status == 400 && want != "" && want[0] != '{' {
			c.Want = mocktest.Validation(want)
		}
		cases = append(cases, c)
	}
	post := func(title, contentType, body string, status int, want string) {
		send("POST "+mocktest.WebhooksPath, title, contentType, body, status, want)
	}
	patch := func(title, contentType, body string, status int, want string) {
		send("PATCH "+mocktest.WebhookPath, title, contentType, body, status, want)
	}
	for _, contentType := range []string{
		"application/json", "APPLICATION/JSON", "application/json; charset=iso-8859-1", "application/json;x",
		"application/vnd.api+json", "application/foo+jsonx", "application/foo+json ;x", "Application/GEO+JSON",
	} {
		post("JSON as "+contentType, contentType, name, 201, "")
	}
	for _, contentType := range []string{
		"application/merge-patch+json", "application/json-patch+json", "application/vnd.a2+json", "application/a_b+json", "application/+json",
		"application/json ;charset=utf-8", "application/json,text/plain", "application/xml", "image/png",
	} {
		post("bytes as "+contentType, contentType, name, 400, nameless)
		patch("bytes as "+contentType, contentType, name, 400, odd)
		patch("no bytes as "+contentType, contentType, "", 200, "")
	}
	for _, contentType := range []string{"text/plain", "text/html; charset=utf-8", "text/json"} {
		post("a text as "+contentType, contentType, name, 400, wrongType)
	}
	for _, contentType := range []string{"text/csv", "text/tsv", "text/tab-separated-values"} {
		post("a table as "+contentType, contentType, "a,b\n1,2\n", 400, wrongType)
		post("a quote in the wrong place as "+contentType, contentType, name, 500, "")
	}
	const quotedByTabs, quotedByCommas = "a,x\t\"b\"\n", "a\tx,\"b\"\n"
	post("tabs separate cells", "text/tsv; charset=utf-8", quotedByTabs, 400, wrongType)
	post("commas do not", "text/tsv", quotedByCommas, 500, "")
	for _, contentType := range []string{"text/csv", "text/tab-separated-values"} {
		post("commas separate cells as "+contentType, contentType, quotedByCommas, 400, wrongType)
		post("tabs do not as "+contentType, contentType, quotedByTabs, 500, "")
	}
	for _, contentType := range []string{"", "application/octet-stream"} {
		post("nothing as "+contentType, contentType, name, 400, "webhook is required")
	}
	const file = "--b\r\nContent-Disposition: form-data; name=\"name\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n"
	field := strings.Replace(file, `; filename="f"`, "", 1)
	post("a form", "application/x-www-form-urlencoded; x", "name=x+y%21", 201, "")
	post("a form's fields are texts", "application/x-www-form-urlencoded", "name=x&responseCode=201", 400, "webhook.responseCode is the wrong type")
	post("a form's repeated field is a list", "application/x-www-form-urlencoded", "name=x&name=y", 400, "webhook.name is the wrong type")
	post("multipart", "multipart/form-data; boundary=b", field, 201, "")
	post("multipart with a file", "multipart/form-data; boundary=b", file, 400, nameless)
	post("multipart without a boundary", "multipart/form-data", field, 400, `{"code":"BadRequest","message":"bad content-type header, no multipart boundary"}`)
	post("multipart with a file without a name", "multipart/form-data; boundary=b", strings.Replace(file, `"f"`, `""`, 1), 400, nameless)
	post("multipart of another boundary", "multipart/form-data; boundary=c", field, 400, nameless)
	for _, contentType := range []string{"multipart/form-data; boundary=b", "multipart/form-data"} {
		post("nothing as "+contentType, contentType, "", 400, nameless)
		patch("nothing as "+contentType, contentType, "", 200, "")
	}

	const endOfJSON = `{"code":"InvalidContent","message":"Invalid JSON: Unexpected end of JSON input"}`
	for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded", "text/plain", "text/csv"} {
		post("an empty text as "+contentType, contentType, "", 400, wrongType)
	}
	post("empty JSON of another type", "application/foo+json", "", 400, endOfJSON)
	post("no bytes", "image/png", "", 400, nameless)
	for _, contentType := range []string{"application/json", "application/foo+json", "text/plain", "image/png", "multipart/form-data", "application/x-www-form-urlencoded"} {
		post("a length of 0 as "+contentType, contentType, "", 400, "webhook is required")
		cases[len(cases)-1].Header = append(cases[len(cases)-1].Header, "Content-Length: 0")
	}
	send("DELETE /applications/"+mocktest.ApplicationID+"/webhooks/"+mocktest.MissingID, "with a body", "application/json", "{}", 404, mocktest.NoWebhook)
	srv := mockserver.Start(t)
	t.Attr("B3", fmt.Sprintf("%d rules", len(cases)))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Run(t, srv)
		})
	}
}

func TestABodyWithoutAChunk(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	a := mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "POST "+mocktest.WebhooksPath+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"+
		mocktest.SendsJSON+"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
	if a.Status != 400 || a.Body != mocktest.Validation("webhook is the wrong type") {
		t.Errorf("%d %s", a.Status, a.Body)
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
		"\"\xe2\x82x\"":              "\"\ufffdx\"",
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

func digest(body string) string {
	sum := md5.Sum([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
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
	const notSupported = `{"code":"UnsupportedMediaType","message":"content encoding not supported"}`
	broken := func(words string) string { return `{"type":"Error","message":"` + words + `"}` }
	whole := zip(`{"name":"x"}`)
	for _, c := range []mocktest.Case{
		{Name: "gzip", Header: []string{"Content-Encoding: gzip"}, Body: whole, Status: 201},
		{Name: "a blank encoding", Header: []string{"Content-Encoding:"}, Body: `{"name":"x"}`, Status: 201},
		{Name: "GZIP", Header: []string{"Content-Encoding: GZIP"}, Body: whole, Status: 415, Want: notSupported},
		{Name: "identity", Header: []string{"Content-Encoding: identity"}, Body: `{"name":"x"}`, Status: 415, Want: notSupported},
		{Name: "brotli", Header: []string{"Content-Encoding: br"}, Body: `{}`, Status: 415, Want: notSupported},
		{Name: "another encoding of no bytes", Header: []string{"Content-Encoding: br", "Content-Length: 0"}, Status: 400, Want: needsABody},
		{Name: "no gzip", Header: []string{"Content-Encoding: gzip"}, Body: `{}`, Status: 500, Want: broken("incorrect header check")},
		{Name: "cut off gzip", Header: []string{"Content-Encoding: gzip"}, Body: whole[:20], Status: 500, Want: broken("unexpected end of file")},
		{Name: "gzip with another sum", Header: []string{"Content-Encoding: gzip"}, Body: whole[:len(whole)-8] + "12345678", Status: 500, Want: broken("incorrect data check")},
		{Name: "a gzip bomb", Header: []string{"Content-Encoding: gzip"}, Body: zip(strings.Repeat("a", 100_000)), Status: 413, Want: tooLarge},
		{Name: "a digest", Header: []string{"Content-MD5: " + digest(`{"name":"x"}`)}, Body: `{"name":"x"}`, Status: 201},
		{Name: "another digest", Header: []string{"Content-MD5: x"}, Body: `{}`, Status: 400, Want: `{"code":"BadDigest","message":"Content-MD5 'x' didn't match '` + digest(`{}`) + `'"}`},
		{Name: "one byte too many", Body: strings.Repeat(" ", 1001), Status: 413, Want: tooLarge},
		{Name: "as many as allowed", Body: `{"name":"x"` + strings.Repeat(" ", 988) + `}`, Status: 201},
	} {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Request, c.Header = "POST "+mocktest.WebhooksPath, append(c.Header, mocktest.SendsJSON)
			c.Run(t, srv)
		})
	}
	t.Run("an encoding of a body that is not read", func(t *testing.T) {
		t.Parallel()
		mocktest.Case{Request: "GET " + mocktest.WebhooksPath, Header: []string{"Content-Encoding: br", mocktest.SendsJSON}, Body: "{", Status: 200}.Run(t, srv)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{"Content-Encoding: br"}, Body: "{", Status: 400, Want: needsABody}.Run(t, srv)
	})
	t.Run("an encoding and a digest of a body that other parsers read", func(t *testing.T) {
		t.Parallel()
		const field = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--\r\n"
		ignored := []string{"Content-Encoding: br", "Content-MD5: x"}
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: append(ignored, "Content-Type: multipart/form-data; boundary=b"), Body: field, Status: 201}.Run(t, srv)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: append(ignored, "Content-Type: application/octet-stream"), Body: "x", Status: 400, Want: needsABody}.Run(t, srv)
	})
	t.Run("another encoding names the one that is known", func(t *testing.T) {
		t.Parallel()
		a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, "{}", "Content-Encoding: identity", mocktest.SendsJSON)
		if got := a.Header.Get("Accept-Encoding"); got != "gzip" || a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v", a.Header)
		}
	})
	t.Run("the default limit is 1 MiB", func(t *testing.T) {
		t.Parallel()
		srv := mockserver.Start(t)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: strings.Repeat(" ", 1<<20+1), Status: 413}.Run(t, srv)
		mocktest.Case{Request: "POST " + mocktest.WebhooksPath, Header: []string{mocktest.SendsJSON}, Body: strings.Repeat(" ", 1<<20), Status: 400}.Run(t, srv)
	})
}
