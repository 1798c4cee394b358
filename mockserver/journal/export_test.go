package journal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

func export(t *testing.T, format journal.Format, requests []mockserver.Request, showSecrets bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := journal.Export(&b, format, requests, showSecrets); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Secrets stand in every place that can hold one; no export may show them, and
// what is the same must look the same.
func TestExportsHaveNoSecrets(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	token, password, cookie := "canary/token+0123=", "canary password 4567", "canarycookie89"
	form := url.Values{"name": {"x"}, "basicAuthPassword": {password}}.Encode()
	for _, lines := range [][]string{
		{"GET " + mocktest.WebhooksPath, "", "Authorization: Bearer " + token, "X-Echo: " + token},
		{"GET " + mocktest.WebhooksPath + "?access_token=" + url.QueryEscape(token) + "&x=" + url.QueryEscape(token), "", "Cookie: id=" + cookie + "; other=" + cookie},
		{"GET " + mocktest.WebhooksPath + "?jwt=" + url.QueryEscape(token), "", "Cookie: short=x"},
		{"POST " + mocktest.WebhooksPath, `{"name":"` + token + `","basicAuthPassword" : "` + password + `","verificationCode":"canarycode1"}`, mocktest.SendsJSON},
		{"POST " + mocktest.WebhooksPath, form, "Content-Type: application/x-www-form-urlencoded"},
		{"POST /auth/user", `{"email":"dev@example.com","password":"correct horse battery"}`, mocktest.SendsJSON},
		{"POST /webhooks/" + "canarywebhooktoken/path", "x"},
		{"GET " + mocktest.WebhooksPath, "", "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+password))},
	} {
		mocktest.Send(t, srv.URL, lines[0], lines[1], lines[2:]...)
	}
	requests := srv.Requests().All()
	secrets := []string{token, password, cookie, "canarycode1", "correct horse battery", "canarywebhooktoken", base64.StdEncoding.EncodeToString([]byte("user:" + password))}
	for _, r := range requests { // tokens that the server made
		for _, part := range strings.Split(string(r.ResponseBody), `"token":"`)[1:] {
			made, _, _ := strings.Cut(part, `"`)
			secrets = append(secrets, made)
		}
	}
	if len(secrets) < 10 {
		t.Fatalf("only %d secrets", len(secrets))
	}
	for _, format := range journal.Formats() {
		hidden := export(t, format, requests, false)
		for _, secret := range secrets {
			for form, text := range map[string]string{
				"plain": secret, "in a URL": url.QueryEscape(secret), "as base64": base64.StdEncoding.EncodeToString([]byte(secret)),
				"as JSON": strings.Trim(mocktest.ToJSON(t, secret), `"`), "its half": secret[:max(8, len(secret)/2)],
			} {
				if strings.Contains(hidden, text) {
					t.Errorf("%s shows %q %s", format, secret, form)
				}
			}
		}
		if n := strings.Count(hidden, "Bearer TOKEN-"); format != "jsonl" && n == 0 {
			t.Errorf("%s has no placeholder", format)
		}
		shown := export(t, format, requests, true)
		if !strings.Contains(shown, token) {
			t.Errorf("%s hides secrets that are to be shown", format)
		}
	}
	if got := requests[0].Header.Get("Authorization"); got != "Bearer "+token {
		t.Errorf("the requests that are exported are changed: %s", got)
	}
	curl := strings.Split(export(t, "curl", requests, false), "\n")
	if !strings.Contains(curl[0], "Bearer TOKEN-1") || !strings.Contains(curl[0], "X-Echo: TOKEN-1") || !strings.Contains(curl[1], "access_token=TOKEN-1&x=TOKEN-1") {
		t.Errorf("the same secret looks different: %s", curl[:2])
	}
	if r := srv.Requests().All()[0]; r.Token != token || r.Header.Get("Authorization") != "Bearer "+token {
		t.Errorf("the journal itself is changed: %+v", r)
	}
}

// The secrets of the operations of a definition are hidden by their names, in requests
// and in responses.
func TestExportsHaveNoSecretsOfDefinitions(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	hidden := `{"items":[{"applicationKeyId":"1","key":"canary-key","secret":"canary-secret","deviceTags":[{"key":"room-tag"}]}],"config":[{"privateKey":"canary-private"}]}`
	srv.AddFault(scenarios.Fault{Name: "keys", Path: "**/keys", Effect: scenarios.Effect{Status: 200, Body: hidden, Headers: map[string]string{"Content-Type": "application/json"}}})
	mocktest.Send(t, srv.URL, "GET /applications/1/keys", "")
	for _, body := range []string{
		`{"deviceId":"1","key":"canary-sent","secret":"canary-sentsecret"}`, `{"newPassword":"canary-new","twoFactorAuthKey":"canary-two"}`,
		`{"azureConfig":{"accountKey":"canary-account"},"aws":{"SecretAccessKey":"canary-aws"},"twilio":{"apiKeySecret":"canary-twilio"}}`,
		`{"sslKey":"canary-ssl","apiKey":"canary-api","secretValue":"canary-value","accessToken":"canary-access","customerToken":"canary-customer","authKey":"canary-auth","encryptionKey":"canary-encryption"}`,
	} {
		mocktest.Send(t, srv.URL, "POST /auth/device", body, mocktest.SendsJSON)
	}
	for _, format := range journal.Formats() {
		got := export(t, format, srv.Requests().All(), false)
		if strings.Contains(got, "canary") || strings.Contains(got, base64.StdEncoding.EncodeToString([]byte("canary"))[:7]) {
			t.Errorf("%s shows %s", format, got)
		}
		if format == "har" && !strings.Contains(got, "room-tag") {
			t.Errorf("%s hides the key of a tag: %s", format, got)
		}
	}
}

// What is exported of a sandbox leads to the same sandbox.
func TestExportsLeadToTheSameSandbox(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	box := srv.Sandbox(t)
	path := strings.TrimPrefix(box.URL, srv.URL)
	mocktest.Send(t, srv.URL, "GET "+path+"/applications?x=1", "")
	requests := box.Requests().All()
	for _, format := range journal.Formats() {
		text := export(t, format, requests, true)
		if !strings.Contains(text, box.URL+"/applications?x=1") {
			t.Errorf("%s leads elsewhere:\n%s", format, text)
		}
	}
	read, err := journal.Read(strings.NewReader(export(t, journal.JSONL, requests, true)))
	if err != nil || len(read) != 1 || read[0].BasePath != path || read[0].Target != "/applications?x=1" {
		t.Errorf("%v, read as %+v", err, read)
	}
	if a := mocktest.Send(t, srv.URL, "GET "+path+"/__admin/requests/"+requests[0].ID+"/export?format=curl", ""); !strings.Contains(a.Body, box.URL) || !strings.HasPrefix(a.Body, "curl -i ") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// Exports show the names and the attributes of cookies, never their values: of
// those that a workflow's reply sets, and of those that a client sends.
func TestExportsHaveNoCookies(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	srv.AddWebhook(scenarios.Webhook{Name: "session", Token: "session", WaitForReply: true, Reply: &scenarios.Reply{
		Headers: map[string]string{"Set-Cookie": "id=canarysession; Path=/; HttpOnly; SameSite=Lax"},
	}})
	response := mocktest.Send(t, srv.URL, "POST /webhooks/session", "x")
	if got := response.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "id=canarysession;") {
		t.Fatalf("the reply sets the cookie %q", got)
	}
	mocktest.Send(t, srv.URL, "GET /applications", "", "Cookie: theme=dark")
	requests := srv.Requests().All()
	for _, format := range journal.Formats() {
		if hidden := export(t, format, requests, false); strings.Contains(hidden, "canarysession") || strings.Contains(hidden, "dark") {
			t.Errorf("%s shows a cookie:\n%s", format, hidden)
		}
	}
	har := export(t, "har", requests, false)
	for _, want := range []string{"id=COOKIE-1; Path=/; HttpOnly; SameSite=Lax", "theme=COOKIE-2"} {
		if !strings.Contains(har, want) {
			t.Errorf("the HAR lacks %q:\n%s", want, har)
		}
	}
}

func TestHAR(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?page=0&page=1", "", "Cookie: a=b")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, mocktest.SendsJSON)
	mocktest.Send(t, srv.URL, "PUT /binary", "\x00\xff")
	var har struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []struct {
				StartedDateTime string
				Time            *float64
				Request         struct {
					Method, URL, HTTPVersion      string
					Cookies, Headers, QueryString []struct{ Name, Value string }
					PostData                      *struct{ MimeType, Text, Comment string }
					HeadersSize, BodySize         *int
				}
				Response struct {
					Status                           int
					StatusText, HTTPVersion, Comment string
					RedirectURL                      *string
					Cookies, Headers                 []struct{ Name, Value string }
					Content                          struct {
						Size           int
						MimeType, Text string
					}
				}
				Cache   *struct{}
				Timings struct{ Send, Wait, Receive *float64 }
			}
		}
	}
	if err := json.Unmarshal([]byte(export(t, "har", srv.Requests().All(), false)), &har); err != nil {
		t.Fatal(err)
	}
	entries := har.Log.Entries
	if har.Log.Version != "1.2" || har.Log.Creator.Name != "losantmock" || len(entries) != 3 {
		t.Fatalf("%+v", har.Log)
	}
	for i, e := range entries { // what HAR 1.2 requires
		if e.Time == nil || e.Cache == nil || e.Timings.Send == nil || e.Timings.Wait == nil || e.Timings.Receive == nil || e.Response.RedirectURL == nil ||
			e.Request.HeadersSize == nil || e.Request.BodySize == nil || e.Request.Cookies == nil || e.Request.QueryString == nil || e.Response.Cookies == nil ||
			!strings.HasPrefix(e.Request.URL, "http://127.0.0.1:") || e.StartedDateTime == "" || e.Request.HTTPVersion != "HTTP/1.1" {
			t.Errorf("entry %d lacks something: %+v", i, e)
		}
	}
	if q := entries[0].Request; len(q.QueryString) != 2 || q.Cookies[0].Name != "a" || entries[0].Response.Status != 400 {
		t.Errorf("%+v", entries[0])
	}
	if e := entries[1]; e.Request.PostData.Text != `{"name":"x"}` || e.Response.StatusText != "Created" || e.Response.Content.MimeType != "application/json" || e.Response.Content.Size != len(e.Response.Content.Text) {
		t.Errorf("%+v", e)
	}
	if d := entries[2].Request.PostData; d.Text != "AP8=" || d.Comment != "base64" {
		t.Errorf("%+v", d)
	}
}

// Each exported command sends its request again.
func TestCurlCommandsWork(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("skipped: curl is missing")
	}
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath+"?x=it's&y=$HOME", `{"name":"it's a \"$HOME\" `+"`ls`"+`"}`, mocktest.SendsJSON, "X-Quote: it's")
	mocktest.Send(t, srv.URL, "GET /applications/../%2f//nope", "")
	mocktest.Send(t, srv.URL, "PUT /binary", "\x00\xff'\n")
	mocktest.Send(t, srv.URL, "PUT /compressed", gzipped(t, "text"), "Content-Encoding: gzip")
	first := srv.Requests().All()
	for _, line := range strings.Split(strings.TrimSpace(export(t, "curl", first, true)), "\n") {
		if out, err := exec.Command("sh", "-c", line+" -sS").CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", line, err, out)
		}
	}
	all := srv.Requests().Times(t, 8)
	for i, want := range first {
		got := all[4+i]
		if got.Method != want.Method || got.Target != want.Target || string(got.SentBody()) != string(want.SentBody()) || got.Status != want.Status || got.Header.Get("X-Quote") != want.Header.Get("X-Quote") {
			t.Errorf("sent again as %s %s %q", got.Method, got.Target, got.Body)
		}
	}
}

// A command does not send a part of a body.
func TestCurlCommandsSendWholeBodies(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithMaxBodySize(1000))
	large := strings.Repeat("a", 2000)
	for _, body := range []io.Reader{strings.NewReader(large), io.MultiReader(strings.NewReader(large))} { // the other is sent in chunks
		if response, err := http.Post(srv.URL+mocktest.WebhooksPath, "application/json", body); err == nil { // or the server closed before it had it all
			_ = response.Body.Close()
		}
	}
	for _, r := range srv.Requests().Times(t, 2) {
		if command, err := r.Command(); err == nil || err.Error() != "its body is incomplete" || !strings.Contains(r.Hint, "a body has at most 1000 bytes here") {
			t.Errorf("%d %q: %.100s, %v", r.Status, r.Hint, command, err)
		}
	}
}

// Over TLS curl would try HTTP/2 by itself.
func TestCurlCommandsKeepTheProtocol(t *testing.T) {
	t.Parallel()
	for proto, want := range map[string]string{"HTTP/1.0": "curl --http1.0 ", "HTTP/1.1": "curl --http1.1 ", "HTTP/2.0": "curl -H "} {
		r := journal.Request{Method: "GET", Scheme: "https", Host: "h", Target: "/a", Proto: proto}
		if got, err := r.Command(); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, %v", proto, got, err)
		}
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A secret is replaced everywhere from eight bytes on, the longer one first
// where one is a part of another, and lengths follow.
func TestTheEdgesOfRedaction(t *testing.T) {
	t.Parallel()
	export := func(r mockserver.Request) mockserver.Request {
		t.Helper()
		var text bytes.Buffer
		if err := journal.Export(&text, "jsonl", []mockserver.Request{r}, false); err != nil {
			t.Fatal(err)
		}
		read, err := journal.Read(&text)
		if err != nil || len(read) != 1 {
			t.Fatal(read, err)
		}
		return read[0]
	}
	for secret, want := range map[string]string{"1234567": "say 1234567", "12345678": "say TOKEN-1", "123456789": "say TOKEN-1"} {
		got := export(mockserver.Request{ID: "1", Method: "POST", Target: "/", Token: secret, Body: []byte("say " + secret), Header: http.Header{"Content-Length": {"99"}}})
		if string(got.Body) != want || got.Header.Get("Content-Length") != strconv.Itoa(len(want)) {
			t.Errorf("%s: %s, %s", secret, got.Body, got.Header)
		}
	}
	got := export(mockserver.Request{
		ID: "1", Method: "POST", Target: "/", Header: http.Header{"Authorization": {"Bearer short-secret"}}, Token: "short-secret",
		Body: []byte(`{"token":"short-secret-and-more"} short-secret-and-more short-secret`),
	})
	if string(got.Body) != `{"token":"TOKEN-2"} TOKEN-2 TOKEN-1` {
		t.Errorf("%s", got.Body)
	}
	if _, there := got.Header["Content-Length"]; there {
		t.Errorf("a length came to be: %s", got.Header)
	}
}
