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

const needsABody = `{"type":"Validation","message":"webhook is required"}`

func notAllowed(method string) string {
	return `{"type":"MethodNotAllowed","message":"` + method + ` is not allowed"}`
}

// invalid, with JSON sent by default, is the most common shape of a case.
func invalid(name, request, body, message string) mocktest.Case {
	return mocktest.Case{Name: name, Request: request, Header: []string{mocktest.SendsJSON}, Body: body, Status: 400, Want: mocktest.Validation(message)}
}

func TestParametersAreCheckedInTheAPIsOrder(t *testing.T) {
	t.Parallel()
	post, patch := "POST "+mocktest.WebhooksPath, "PATCH "+mocktest.WebhookPath
	list := "GET " + mocktest.WebhooksPath
	cases := []mocktest.Case{
		invalid("a missing field comes before additional ones", post, `{"bogus":1,"responseCode":1}`, "webhook.name is required"),
		invalid("additional fields come before wrong ones", post, `{"name":5,"bogus":2}`, "webhook has additional properties"),
		invalid("wrong fields are told in the order of the schema", post, `{"responseCode":1000,"name":""}`, "webhook.name has less length than allowed"),
		invalid("the type comes before the enum", post, `{"name":"x","verificationType":null}`, "webhook.verificationType is the wrong type"),
		invalid("the application's id comes before the webhook's", "GET /applications/x/webhooks/y", "", "applicationId pattern mismatch"),
		invalid("the webhook's id is looked at next", "GET /applications/"+mocktest.ApplicationID+"/webhooks/y", "", "webhookId pattern mismatch"),
		invalid("the path comes before the body's fields", "POST /applications/x/webhooks", `{}`, "applicationId pattern mismatch"),
		invalid("a missing body comes before the path", "POST /applications/x/webhooks", "", "webhook is required"),
		invalid("a wrong token parameter comes before the path", "GET /applications/x/webhooks?access_token[]=x", "", "accessToken is the wrong type"),
		invalid("an empty name", post, `{"name":""}`, "webhook.name has less length than allowed"),
		invalid("a name of 256 characters", post, `{"name":"`+strings.Repeat("n", 256)+`"}`, "webhook.name has longer length than allowed"),
		invalid("128 emoji are 256 code units", post, `{"name":"`+strings.Repeat("😀", 128)+`"}`, "webhook.name has longer length than allowed"),
		invalid("a response code below 100", post, `{"name":"x","responseCode":99}`, "webhook.responseCode is less than minimum"),
		invalid("a response code above 599", post, `{"name":"x","responseCode":600}`, "webhook.responseCode is more than maximum"),
		invalid("a response code beyond every float", post, `{"name":"x","responseCode":1e400}`, "webhook.responseCode is more than maximum"),
		invalid("a response code that is not whole", post, `{"name":"x","responseCode":200.5}`, "webhook.responseCode is the wrong type"),
		invalid("a response code as text", post, `{"name":"x","responseCode":"200"}`, "webhook.responseCode is the wrong type"),
		invalid("an unknown verification type", post, `{"name":"x","verificationType":"github"}`, "webhook.verificationType must be an enum value"),
		invalid("a verification code that is too long", post, `{"name":"x","verificationCode":"`+strings.Repeat("c", 32768)+`"}`, "webhook.verificationCode has longer length than allowed"),
		invalid("a switch that is no boolean", post, `{"name":"x","waitForReply":1}`, "webhook.waitForReply is the wrong type"),
		invalid("a user name of 256 characters", post, `{"name":"x","basicAuthUsername":"`+strings.Repeat("u", 256)+`"}`, "webhook.basicAuthUsername has longer length than allowed"),
		invalid("a password of 256 characters", post, `{"name":"x","basicAuthPassword":"`+strings.Repeat("p", 256)+`"}`, "webhook.basicAuthPassword has longer length than allowed"),
		invalid("a description that is too long", post, `{"name":"x","description":"`+strings.Repeat("d", 32768)+`"}`, "webhook.description has longer length than allowed"),
		invalid("an unknown cast", post, `{"name":"x","castBuffersAs":"octal"}`, "webhook.castBuffersAs must be an enum value"),
		invalid("isWebsocket as text", post, `{"name":"x","isWebsocket":"true"}`, "webhook.isWebsocket is the wrong type"),
		invalid("annotateMultipart as null", post, `{"name":"x","annotateMultipart":null}`, "webhook.annotateMultipart is the wrong type"),
		invalid("enabled as a list", post, `{"name":"x","enabled":[true]}`, "webhook.enabled is the wrong type"),
		invalid("a field that the API sets itself", post, `{"name":"x","token":"mine"}`, "webhook has additional properties"),
		invalid("a body that is a list", post, `[]`, "webhook is the wrong type"),
		invalid("a body that is text", post, `"name"`, "webhook is the wrong type"),
		invalid("a body that is a number", post, `5`, "webhook is the wrong type"),
		invalid("a body that is a boolean", post, `true`, "webhook is the wrong type"),
		invalid("a body that is null", post, `null`, "webhook is the wrong type"),
		invalid("a patch with an additional field", patch, `{"id":"`+mocktest.WebhookID+`"}`, "webhook has additional properties"),
		invalid("a patch with an empty name", patch, `{"name":""}`, "webhook.name has less length than allowed"),
		invalid("a patch of isWebsocket", patch, `{"isWebsocket":true}`, "webhook.isWebsocket can not be changed"),
		invalid("a patch without a body", patch, "", "webhook is required"),
		invalid("an application without a name", "POST /applications", `{}`, "application.name is required"),
		invalid("an application whose description is too long", "POST /applications", `{"name":"x","description":"`+strings.Repeat("d", 1025)+`"}`, "application.description has longer length than allowed"),
		invalid("an application with an additional field", "POST /applications", `{"name":"x","colour":"red"}`, "application has additional properties"),
		invalid("an application without a body", "POST /applications", "", "application is required"),
		invalid("credentials without an email", "POST /auth/user", `{"password":"x"}`, "credentials.email is required"),
		invalid("credentials without a password", "POST /auth/user", `{"email":"x"}`, "credentials.password is required"),
		invalid("an email that is none", "POST /auth/user", `{"email":"x","password":"long enough"}`, "credentials.email must be email format"),
		invalid("an unknown sort field", list+"?sortField=token", "", "sortField must be an enum value"),
		invalid("a blank sort field", list+"?sortField=", "", "sortField must be an enum value"),
		invalid("a sort direction in capitals", list+"?sortDirection=ASC", "", "sortDirection must be an enum value"),
		invalid("a filter field that can't be filtered by", list+"?filterField=id", "", "filterField must be an enum value"),
		invalid("the first of several wrong parameters", list+"?perPage=0&sortField=x", "", "sortField must be an enum value"),
		invalid("a page that is no number", list+"?page=x", "", "page is the wrong type"),
		invalid("a blank page", list+"?page=", "", "page is the wrong type"),
		invalid("a page that is not whole", list+"?page=1.5", "", "page is the wrong type"),
		invalid("a page with a sign", list+"?page=%2B1", "", "page is the wrong type"),
		invalid("a page below 0", list+"?page=-1", "", "page is less than minimum"),
		invalid("a page far below 0", list+"?page=-99999999999999999999", "", "page is less than minimum"),
		invalid("a page beyond every int", list+"?page=99999999999999999999", "", "page is more than maximum"),
		invalid("a perPage of 0", list+"?perPage=0", "", "perPage is less than minimum"),
		invalid("a perPage above 1000", list+"?perPage=1001", "", "perPage is more than maximum"),
		invalid("a parameter given twice", list+"?page=1&page=2", "", "page is the wrong type"),
		invalid("a parameter given as a list", list+"?filter[]=x", "", "filter is the wrong type"),
		invalid("a parameter given with an index", list+"?filter[0]=x", "", "filter is the wrong type"),
		invalid("a parameter given with a key", list+"?filter[a]=x", "", "filter is the wrong type"),
		invalid("brackets may be escaped", list+"?filter%5B%5D=x", "", "filter is the wrong type"),
		invalid("a token given twice", list+"?access_token=a&access_token=b", "", "accessToken is the wrong type"),
		invalid("a glob of several groups", list+"?filterField=name&filter={a,b}{c,d}", "", "filter is too complex"),
		invalid("a glob of 256 characters", list+"?filterField=name&filter="+strings.Repeat("*", 256), "", "filter is too complex"),
		invalid("a glob that does not close", list+"?filterField=name&filter=[a", "", "filter is not a valid glob"),
		invalid("an empty id", "GET /applications//webhooks", "", "applicationId pattern mismatch"),
		invalid("an empty id at the end", "GET "+mocktest.WebhooksPath+"//", "", "webhookId pattern mismatch"),
		invalid("an id of 23 digits", "GET /applications/"+mocktest.ApplicationID[1:], "", "applicationId pattern mismatch"),
		invalid("an id of 25 digits", "GET /applications/"+mocktest.ApplicationID+"0", "", "applicationId pattern mismatch"),
		invalid("an id with a letter beyond f", "GET /applications/"+mocktest.ApplicationID[1:]+"g", "", "applicationId pattern mismatch"),
		invalid("an encoded slash is no separator", "GET /applications/a%2Fwebhooks", "", "applicationId pattern mismatch"),
		invalid("an id of 100 characters", "GET /applications/"+strings.Repeat("a", 100), "", "applicationId pattern mismatch"),
		invalid("an id with a NUL", "GET /applications/%00", "", "applicationId pattern mismatch"),
	}
	srv := mockserver.Start(t)
	t.Attr("B3", fmt.Sprintf("%d rules", 2*len(cases)))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Run(t, srv)
			// What is wrong with a request is told before who asks.
			anonymous := c
			anonymous.Header = append([]string{"Authorization:"}, c.Header...)
			if c.Name != "a patch of isWebsocket" { // which the resource itself refuses
				anonymous.Run(t, srv)
			}
		})
	}
}

func TestWhatTheAPITakes(t *testing.T) {
	t.Parallel()
	post, list := "POST "+mocktest.WebhooksPath, "GET "+mocktest.WebhooksPath
	ok := func(name, request, body string) mocktest.Case {
		status := http.StatusOK
		if strings.HasPrefix(request, "POST "+mocktest.WebhooksPath) {
			status = http.StatusCreated
		}
		return mocktest.Case{Name: name, Request: request, Header: []string{mocktest.SendsJSON}, Body: body, Status: status}
	}
	cases := []mocktest.Case{
		ok("a name of one character", post, `{"name":"x"}`),
		ok("a name of 255 characters", post, `{"name":"`+strings.Repeat("n", 255)+`"}`),
		ok("127 emoji are 254 code units", post, `{"name":"`+strings.Repeat("😀", 127)+`"}`),
		ok("the least response code", post, `{"name":"x","responseCode":100}`),
		ok("the largest response code", post, `{"name":"x","responseCode":599}`),
		ok("a whole number with a point", post, `{"name":"x","responseCode":200.0}`),
		ok("a whole number with an exponent", post, `{"name":"x","responseCode":2e2}`),
		ok("the longest verification code", post, `{"name":"x","verificationCode":"`+strings.Repeat("c", 32767)+`"}`),
		ok("blank texts", post, `{"name":"x","description":"","basicAuthUsername":"","basicAuthPassword":"","verificationCode":""}`),
		ok("duplicate keys, the last one counts", post, `{"name":5,"name":"x"}`),
		ok("an empty patch", "PATCH "+mocktest.WebhookPath, `{}`),
		ok("a patch that repeats isWebsocket", "PATCH "+mocktest.WebhookPath, `{"isWebsocket":false}`),
		ok("unknown parameters are ignored", list+"?colour=red&sort=up", ""),
		ok("a blank filterField", list+"?filterField=", ""),
		ok("a blank filter", list+"?filterField=name&filter=", ""),
		ok("an escape that does not decode", list+"?filterField=name&filter=%zz", ""),
		ok("a filter without a field", list+"?filter=x*", ""),
		ok("HAL switches are never refused", list+"?_actions=maybe&_links[]=x&_embedded=1&_links=2", ""),
		ok("every sort field", list+"?sortField=lastUpdated&sortDirection=desc&page=0&perPage=1", ""),
		ok("the largest page", list+"?page=2147483647&perPage=1000", ""),
		ok("leading zeros", list+"?page=00&perPage=010", ""),
		ok("one trailing slash", list+"/", ""),
		ok("a trailing slash on the root", "GET /", ""),
		ok("escaped letters of an id", "GET /applications/%35"+mocktest.ApplicationID[1:]+"/webhooks", ""),
		ok("escaped letters of the fixed part", "GET /%61pplications/"+mocktest.ApplicationID+"/%77ebhooks", ""),
		ok("an id in the other case", "GET /applications/"+strings.ToUpper(mocktest.ApplicationID)+"/webhooks/"+strings.ToUpper(mocktest.WebhookID), ""),
		ok("Accept-Version never fails", list, ""),
		ok("a body on GET is never looked at", list, "{nope"),
	}
	srv := mockserver.Start(t)
	t.Attr("B3", fmt.Sprintf("%d rules", len(cases)))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Header = append(c.Header, "Accept-Version: ^99.0.0", "Accept: text/html", "losantdomain: example.com")
			c.Run(t, srv)
		})
	}
	t.Run("names up to the largest glob", func(t *testing.T) {
		t.Parallel()
		mocktest.Case{Request: list + "?filterField=name&filter=" + strings.Repeat("*", 255), Status: 200}.Run(t, srv)
		mocktest.Case{Request: list + `?filterField=name&filter={a,b}\{\{`, Status: 200}.Run(t, srv)
	})
}

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

func TestRoutes(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	cases := []struct{ request, allow string }{
		{"PUT " + mocktest.WebhooksPath, "GET, OPTIONS, POST"},
		{"DELETE " + mocktest.WebhooksPath, "GET, OPTIONS, POST"},
		{"POST " + mocktest.WebhookPath, "DELETE, GET, OPTIONS, PATCH"},
		{"PUT /applications", "GET, OPTIONS, POST"},
		{"POST /applications/" + mocktest.ApplicationID, "GET, OPTIONS, PATCH"},
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

func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	plain := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "").Body
	for accept, zipped := range map[string]bool{
		"gzip": true, "gzip, deflate": true, "br, GZIP;q=0.5": true, "gzip;q=0": false, "gzip;q=0.0": false, "deflate": false, "": false,
	} {
		a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, "", "Accept-Encoding: "+accept)
		if (a.Header.Get("Content-Encoding") == "gzip") != zipped {
			t.Errorf("Accept-Encoding: %s gets %v", accept, a.Header)
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
