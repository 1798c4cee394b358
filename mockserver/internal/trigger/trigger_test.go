package trigger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// triggerWorld serves one application with webhooks, each with its name as its
// token.
func triggerWorld(t testing.TB, settings scenarios.Triggers, webhooks ...scenarios.Webhook) *mockserver.TestServer {
	t.Helper()
	for i := range webhooks {
		webhooks[i].Token = webhooks[i].Name
	}
	return mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		IDs:          scenarios.IDs{Seed: new(uint64(1))},
		Triggers:     settings,
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "My Application", Webhooks: webhooks}},
	}))
}

const done = `{"success":true}`

// Each row of the documentation, over a socket.
func TestCallsOfWebhooks(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{MaxBody: 1000},
		scenarios.Webhook{ID: mocktest.WebhookID, Name: "default"},
		scenarios.Webhook{Name: "teapot", ResponseCode: 418},
		scenarios.Webhook{Name: "disabled", Enabled: new(false), ResponseCode: 500, WaitForReply: true},
		scenarios.Webhook{Name: "twilio", VerificationType: "twilio", ResponseCode: 201},
		scenarios.Webhook{Name: "facebook", VerificationType: "facebook", VerificationCode: "the code"},
		scenarios.Webhook{Name: "fitbit", VerificationType: "fitbit", VerificationCode: "the code", ResponseCode: 418},
		scenarios.Webhook{Name: "alexa", VerificationType: "alexa"},
		scenarios.Webhook{Name: "user", BasicAuthUsername: "me"},
		scenarios.Webhook{Name: "password", BasicAuthPassword: "secret"},
		scenarios.Webhook{Name: "both", BasicAuthUsername: "me", BasicAuthPassword: "secret"},
		scenarios.Webhook{Name: "an_odd-$token"},
		scenarios.Webhook{Name: "socket", IsWebsocket: true},
		scenarios.Webhook{Name: "disabled socket", IsWebsocket: true, Enabled: new(false)},
	)
	const xml = `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`
	alexa := []string{"Signature: x", "SignatureCertChainUrl: https://x", "Timestamp: 2016-06-13T03:57:30Z"}
	for _, c := range []struct {
		request string
		body    string
		lines   []string
		status  int
		want    string
		fires   bool
	}{
		{"GET /webhooks/default", "", nil, 200, done, true},
		{"POST /webhooks/default/any/further%20path?x=1", "{}", nil, 200, done, true},
		{"PROPFIND /webhooks/default/", "", nil, 200, done, true},
		{"OPTIONS /webhooks/default", "", nil, 200, done, true},
		{"DELETE /webhooks/default", "", nil, 200, done, true},
		{"GET /webhooks/teapot", "", nil, 418, done, true},
		{"GET /webhooks/an_odd-$token", "", nil, 200, done, true},
		{"GET /webhooks/an%5fodd-%24token", "", nil, 200, done, true},
		{"GET /webhooks/nobodys", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/" + mocktest.WebhookID, "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/default%2fx", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks/..%2f__admin%2frequests", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"POST /webhooks/default", strings.Repeat("x", 1000), nil, 200, done, true},
		{"POST /webhooks/default", strings.Repeat("x", 1001), nil, 413, mocktest.Problem("The body is too large"), false},
		{"POST /webhooks/default", "x", []string{"Content-Encoding: br"}, 415, mocktest.Problem("The body can't be read"), false},
		{"POST /webhooks/disabled", "", nil, 200, done, false},
		{"GET /webhooks/twilio", "", nil, 201, xml, true},
		{"GET /webhooks/facebook?hub.mode=subscribe&hub.verify_token=the+code&hub.challenge=%3Cb%3E1158201444", "", nil, 200, "<b>1158201444", false},
		{"GET /webhooks/facebook?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", "", nil, 403, mocktest.Problem("The verification code is wrong"), false},
		{"GET /webhooks/facebook?hub.mode=subscribe", "", nil, 403, mocktest.Problem("The verification code is wrong"), false},
		{"POST /webhooks/facebook", "{}", nil, 200, done, true},
		{"GET /webhooks/facebook", "", nil, 200, done, true},
		{"GET /webhooks/fitbit?verify=the+code", "", nil, 204, "", false},
		{"GET /webhooks/fitbit?verify=wrong", "", nil, 404, mocktest.Problem("The verification code is wrong"), false},
		{"GET /webhooks/fitbit?verify=", "", nil, 404, mocktest.Problem("The verification code is wrong"), false},
		{"POST /webhooks/fitbit", "[]", nil, 204, "", true},
		{"POST /webhooks/alexa", "{}", alexa, 200, done, true},
		{"POST /webhooks/alexa", "{}", alexa[1:], 400, mocktest.Problem("The header Signature is missing"), false},
		{"POST /webhooks/alexa", "{}", alexa[:2], 400, mocktest.Problem("The header Timestamp is missing"), false},
		{"POST /webhooks/alexa", "{}", []string{alexa[0], alexa[2]}, 400, mocktest.Problem("The header SignatureCertChainUrl is missing"), false},
		{"POST /webhooks/alexa", "{}", []string{alexa[0], alexa[1], "Timestamp: 2016-06-13T03:57:29Z"}, 400, mocktest.Problem("The header Timestamp is too old"), false},
		{"POST /webhooks/alexa", "{}", []string{alexa[0], alexa[1], "Timestamp: now"}, 400, mocktest.Problem("The header Timestamp is no date such as 2016-06-13T04:00:00Z"), false},
		{"GET /webhooks/user", "", nil, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/user", "", []string{"Authorization: Basic bWU6"}, 200, done, true},                                      // me:
		{"GET /webhooks/user", "", []string{"Authorization: Basic bWU6c2VjcmV0"}, 401, mocktest.Problem("Unauthorized"), false}, // me:secret
		{"GET /webhooks/password", "", []string{"Authorization: Basic OnNlY3JldA=="}, 200, done, true},                          // :secret
		{"GET /webhooks/password", "", []string{"Authorization: Basic bWU6c2VjcmV0"}, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/both", "", []string{"Authorization: Basic bWU6c2VjcmV0"}, 200, done, true},
		{"GET /webhooks/both", "", []string{"Authorization: Bearer bWU6c2VjcmV0"}, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/both", "", []string{"Authorization: Basic ???"}, 401, mocktest.Problem("Unauthorized"), false},
		{"GET /webhooks/socket", "", nil, 426, mocktest.Problem("This webhook is a WebSocket"), false},
		{"GET /webhooks/disabled%20socket", "", nil, 404, mocktest.Problem("Webhook not found"), false},
		{"GET /webhooks", "", nil, 405, `{"type":"MethodNotAllowed","message":"GET is not allowed"}`, false},
		{"GET /webhooks%2fdefault", "", nil, 405, `{"type":"MethodNotAllowed","message":"GET is not allowed"}`, false},
	} {
		before := srv.Triggers().Count()
		lines := c.lines
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Authorization:") }) {
			lines = append(slices.Clip(lines), "Authorization:")
		}
		a := mocktest.Send(t, srv.URL, c.request, c.body, lines...)
		if a.Status != c.status || a.Body != c.want {
			t.Errorf("%s %v: %d %s, want %d %s", c.request, c.lines, a.Status, a.Body, c.status, c.want)
		}
		if fired := srv.Triggers().Count() > before; fired != c.fires {
			t.Errorf("%s %v: fires: %t, want %t", c.request, c.lines, fired, c.fires)
		}
		if c.status != 405 {
			guarded(t, c.request, a)
		}
	}
	for _, r := range srv.Requests().All() {
		if r.Operation != "trigger" && r.Status != 405 {
			t.Errorf("recorded as %s: %s", r.Operation, r.Target)
		}
	}
	t.Attr("S6", "every documented kind of call")
	srv.Requests().Operation("trigger").Webhook(mocktest.WebhookID).Status(418).Never(t)
	if got := srv.Requests().Operation("trigger").Application(mocktest.ApplicationID).Webhook(mocktest.WebhookID).Count(); got != 6 {
		t.Errorf("%d requests are about the webhook", got)
	}
}

// guarded holds an answer to the fields that keep it from running in a
// browser.
func guarded(t testing.TB, what string, a mocktest.Response) {
	t.Helper()
	kind := a.Header.Get("Content-Type")
	if a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") ||
		a.Header.Get("X-Xss-Protection") == "" || strings.Contains(kind, "html") || a.Body != "" && kind == "" {
		t.Errorf("%s: %v", what, a.Header)
	}
}

// Every responseCode that can be stored has an answer that can be sent.
func TestEveryResponseCode(t *testing.T) {
	t.Parallel()
	var webhooks []scenarios.Webhook
	for code := 100; code <= 599; code++ {
		webhooks = append(webhooks, scenarios.Webhook{Name: strconv.Itoa(code), ResponseCode: code})
	}
	srv := triggerWorld(t, scenarios.Triggers{}, webhooks...)
	for code := 100; code <= 599; code++ {
		response, err := http.Get(srv.URL + "/webhooks/" + strconv.Itoa(code))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		want, text := code, done
		switch {
		case code < 200:
			want = 200
		case code == 204, code == 205, code == 304:
			text = ""
		}
		if err != nil || response.StatusCode != want || string(body) != text {
			t.Errorf("%d: %d %q %v", code, response.StatusCode, body, err)
		}
	}
	t.Attr("B4", "500 of 500 values answered")
	if n := srv.Triggers().Count(); n != 500 {
		t.Errorf("%d of 500 fired", n)
	}
}

// What the workflow receives, as the documentation has it.
func TestThePayload(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{ID: mocktest.WebhookID, Name: "default"})
	mocktest.Send(t, srv.URL, "PUT /webhooks/default/door/7?floor=2&tag=a&tag=b&list[]=x", `{"event":"opened","n":1.5}`,
		"Content-Type: application/json", "X-Custom: one", "X-Custom: two", "Cookie: session=secret", "Authorization:")
	host := strings.TrimPrefix(srv.URL, "http://")
	want := `{"time":"2016-06-13T04:00:00.000Z","data":{"body":{"event":"opened","n":1.5},` +
		`"headers":{"connection":"close","content-length":"26","content-type":"application/json","host":"` + host + `","x-custom":"one, two"},` +
		`"method":"put","path":"/door/7","query":{"floor":"2","list":["x"],"tag":["a","b"]}},` +
		`"relayId":"000000000000000000000000","relayType":"public","triggerId":"` + mocktest.WebhookID + `","triggerType":"webhook",` +
		`"applicationId":"` + mocktest.ApplicationID + `","applicationName":"My Application","flowId":"000000000000000000000000","flowName":"losantmock","globals":{}}`
	trigger := srv.Triggers().Webhook("default").Once(t)
	got, err := json.Marshal(trigger.Payload)
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, cmp.Diff(want, string(got)))
	}
	// The journal's entry has it too, over HTTP as well as in Go.
	r := srv.Requests().Operation("trigger").Once(t)
	if r.Trigger == nil || r.ID != trigger.RequestID || r.Trigger.Payload.Data.Path != "/door/7" {
		t.Errorf("%+v", r.Trigger)
	}
	var list struct {
		Triggers []struct{ Payload json.RawMessage }
		Meta     struct{ Total int }
	}
	for query, n := range map[string]int{"": 1, "?webhook=default": 1, "?webhook=" + mocktest.WebhookID: 1, "?application=" + mocktest.ApplicationID: 1, "?webhook=x": 0, "?application=x": 0, "?limit=0": 0} {
		a := mocktest.Send(t, srv.URL, "GET /__admin/triggers"+query, "", "Authorization:")
		if err := json.Unmarshal([]byte(a.Body), &list); err != nil || len(list.Triggers) != n {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
		if n > 0 {
			var compact bytes.Buffer
			if err := json.Compact(&compact, list.Triggers[0].Payload); err != nil || compact.String() != want {
				t.Errorf("%v\n%s", err, cmp.Diff(want, compact.String()))
			}
		}
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/triggers?limit=x", "", "Authorization:"); a.Status != 400 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// form makes a multipart body of fields and files.
func form(t testing.TB, fields [][2]string, files map[string][]byte) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"; filename="a.bin"`}, "Content-Type": {"image/png"}}
		part, err := w.CreatePart(h)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// Bodies are parsed by their content type, and binary ones cast.
func TestBodiesOfCalls(t *testing.T) {
	t.Parallel()
	var webhooks []scenarios.Webhook
	for _, as := range []string{"array", "binary", "utf8", "base64", "hex"} {
		webhooks = append(webhooks,
			scenarios.Webhook{Name: as, CastBuffersAs: as},
			scenarios.Webhook{Name: as + " annotated", CastBuffersAs: as, AnnotateMultipart: true})
	}
	srv := triggerWorld(t, scenarios.Triggers{}, webhooks...)
	binary := "\x00A\xff"
	cast := map[string]any{"array": []any{0.0, 65.0, 255.0}, "binary": "\x00A\u00ff", "utf8": "\x00A\ufffd", "base64": "AEH/", "hex": "0041ff"}
	call := func(token, contentType, body string) any {
		t.Helper()
		lines := []string{"Authorization:"}
		if contentType != "" {
			lines = append(lines, "Content-Type: "+contentType)
		}
		if a := mocktest.Send(t, srv.URL, "POST /webhooks/"+url.PathEscape(token), body, lines...); a.Status != 200 {
			t.Fatalf("%s: %d %s", token, a.Status, a.Body)
		}
		fired := srv.Triggers().Webhook(token).All()
		text, err := json.Marshal(fired[len(fired)-1].Payload.Data.Body)
		if err != nil {
			t.Fatal(err)
		}
		var decoded any
		_ = json.Unmarshal(text, &decoded)
		return decoded
	}
	for as, want := range cast {
		if got := call(as, "application/octet-stream", binary); !cmp.Equal(got, want) {
			t.Errorf("%s: %v, want %v", as, got, want)
		}
		body, contentType := form(t, [][2]string{{"name", "x"}, {"tag", "a"}, {"tag", "b"}}, map[string][]byte{"file": []byte(binary)})
		if got, want := call(as, contentType, body), any(map[string]any{"name": "x", "tag": []any{"a", "b"}, "file": want}); !cmp.Equal(got, want) {
			t.Errorf("%s: %s", as, cmp.Diff(want, got))
		}
		annotated := map[string]any{"filename": "a.bin", "contentType": "image/png", "data": want}
		if got, want := call(as+" annotated", contentType, body), any(map[string]any{"name": "x", "tag": []any{"a", "b"}, "file": annotated}); !cmp.Equal(got, want) {
			t.Errorf("%s annotated: %s", as, cmp.Diff(want, got))
		}
	}
	for _, c := range []struct {
		contentType, body string
		want              any
	}{
		{"application/json", `{"a":[1,null]}`, map[string]any{"a": []any{1.0, nil}}},
		{"application/json; charset=utf-8", `"text"`, "text"},
		{"application/vnd.api+json", `[1]`, []any{1.0}},
		{"application/json", `{"a":`, `{"a":`},
		{"application/x-www-form-urlencoded", "a=1&b=x+y&c[]=1&a=2", map[string]any{"a": []any{"1", "2"}, "b": "x y", "c": []any{"1"}}},
		{"multipart/form-data", "no boundary", "no boundary"},
		{"multipart/form-data; boundary=x", "no part", map[string]any{}},
		{"text/plain", "\xfftext", "\ufffdtext"},
		{"application/xml", "<a/>", "<a/>"},
		{"", "text", "text"},
		{"application/json", "", nil},
	} {
		if got := call("array", c.contentType, c.body); !cmp.Equal(got, c.want) {
			t.Errorf("%s %q: %v, want %v", c.contentType, c.body, got, c.want)
		}
	}
}

// The window of the rate limit slides: it is never more than so many calls in
// any stretch of time. Each webhook has its own.
func TestCallsAreThrottled(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		// A call each second.
		Clock:    scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		Triggers: scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 3, Per: 10 * time.Second}},
		Applications: []scenarios.Application{{Name: "a", Webhooks: []scenarios.Webhook{
			{Name: "one", Token: "one"}, {Name: "two", Token: "two"},
		}}},
	}))
	var got []int
	for range 15 {
		got = append(got, mocktest.Send(t, srv.URL, "GET /webhooks/one", "").Status)
	}
	// Calls at 0, 1, 2 pass, and so do those at 10, 11, 12.
	want := []int{200, 200, 200, 429, 429, 429, 429, 429, 429, 429, 200, 200, 200, 429, 429}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	a := mocktest.Send(t, srv.URL, "GET /webhooks/one", "")
	if a.Body != mocktest.Problem("Over rate limit, request throttled") {
		t.Errorf("%s", a.Body)
	}
	guarded(t, "throttled", a)
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/two", ""); a.Status != 200 {
		t.Errorf("another webhook: %d", a.Status)
	}
	// 100 in 10 seconds is what the real service lets through.
	srv = triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{Name: "default"})
	for i := range 101 {
		if status := mocktest.Send(t, srv.URL, "GET /webhooks/default", "").Status; status != map[bool]int{true: 200, false: 429}[i < 100] {
			t.Errorf("call %d: %d", i+1, status)
		}
	}
}

// held starts a call of the webhook "waits" that is held open, and gives its
// replyId.
func held(t testing.TB, srv *mockserver.TestServer) (replyID string, answers chan mocktest.Response) {
	t.Helper()
	answers = make(chan mocktest.Response, 1)
	before := srv.Triggers().Webhook("waits").Count()
	go func() { answers <- mocktest.Send(t, srv.URL, "POST /webhooks/waits/held", "") }()
	fired := srv.Triggers().Webhook("waits").Within(2*time.Minute).Times(t, before+1)
	return fired[before].Payload.Data.ReplyID, answers
}

// A held call is in the journal at once; the first reply answers it.
func TestAHeldCallIsAnswered(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{}, scenarios.Webhook{ID: mocktest.WebhookID, Name: "waits", WaitForReply: true, ResponseCode: 500})
	id, answers := held(t, srv)
	if r, ok := srv.Requests().Operation("trigger").First(); !ok || !r.Pending || r.Trigger == nil || !strings.HasPrefix(id, mocktest.WebhookID+".") {
		t.Errorf("%+v %s", r, id)
	}
	reply := `{"status":202,"headers":{"X-Mine":"yes","Content-Type":"text/csv","Content-Security-Policy":"none","Connection":"close"},"body":"a,b"}`
	if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, reply, "Content-Type: application/json"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	a := <-answers
	if a.Status != 202 || a.Body != "a,b" || a.Header.Get("X-Mine") != "yes" || a.Header.Get("Content-Type") != "text/csv" {
		t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
	}
	guarded(t, "a reply", a)
	if r := srv.Requests().Operation("trigger").Status(202).Within(2 * time.Minute).Once(t); r.Pending {
		t.Errorf("%+v", r)
	}
	for _, nobodys := range []string{id, "x.y"} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+nobodys, reply, "Content-Type: application/json"); a.Status != 404 || !strings.Contains(a.Body, "nobody waits") {
			t.Errorf("%s: %d %s", nobodys, a.Status, a.Body)
		}
	}
	// Of many replies at once one wins.
	id, answers = held(t, srv)
	var wg sync.WaitGroup
	won := make(chan int, 20)
	for i := range 20 {
		wg.Go(func() {
			if srv.World().Reply(id, mockserver.Reply{Body: strconv.Itoa(i)}) == nil {
				won <- i
			}
		})
	}
	wg.Wait()
	if len(won) != 1 || (<-answers).Body != strconv.Itoa(<-won) {
		t.Error("more than one reply won, or another was sent")
	}
	// What can't be sent is refused, and the call goes on waiting.
	id, answers = held(t, srv)
	for _, bad := range []string{
		`{"status":99}`, `{"status":600}`, `{"headers":{"a b":"x"}}`, `{"headers":{"A":"x\r\nB: y"}}`, `{"body":"` + strings.Repeat("x", 256<<10+1) + `"}`, `{"bogus":1}`, `[]`, ``,
	} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, bad, "Content-Type: application/json"); a.Status != 422 {
			t.Errorf("%.50s: %d %s", bad, a.Status, a.Body)
		}
	}
	for _, good := range []struct{ order, kind, body string }{
		{`{"body":{"a":1}}`, "application/json", `{"a":1}`},
		{`{"headers":{"content-type":"text/html"},"body":"<b>"}`, "application/json", "<b>"},
		{`{"headers":{"content-type":"text/plain; charset=utf-8"},"body":"x"}`, "text/plain; charset=utf-8", "x"},
		{`{}`, "application/json", ""},
		{`{"status":150,"body":"x"}`, "application/json", "x"},
	} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/replies/"+id, good.order, "Content-Type: application/json"); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		a := <-answers
		if a.Status != 200 || a.Header.Get("Content-Type") != good.kind || a.Body != good.body {
			t.Errorf("%s: %d %v %s", good.order, a.Status, a.Header, a.Body)
		}
		guarded(t, good.order, a)
		id, answers = held(t, srv)
	}
	// A reset lets go of what is held.
	srv.Reset()
	if a := <-answers; a.Status != 503 || a.Body != mocktest.Problem("The server was reset") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestAHeldCallTimesOut(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{ReplyTimeout: 50 * time.Millisecond}, scenarios.Webhook{Name: "waits", WaitForReply: true})
	a := mocktest.Send(t, srv.URL, "POST /webhooks/waits", "")
	if a.Status != 504 || a.Body != mocktest.Problem("Time out waiting for workflow reply") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	id := srv.Triggers().Once(t).Payload.Data.ReplyID
	if err := srv.World().Reply(id, mockserver.Reply{}); err == nil {
		t.Error("a late reply was taken")
	}
}

// A caller that leaves is recorded as such, and lets go of its place.
func TestACallerThatLeaves(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{MaxHeld: 1}, scenarios.Webhook{Name: "waits", WaitForReply: true})
	ctx, cancel := context.WithCancel(t.Context())
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL+"/webhooks/waits", nil)
	left := make(chan bool)
	go func() {
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
		close(left)
	}()
	srv.Triggers().Within(2 * time.Minute).Once(t)
	if a := mocktest.Send(t, srv.URL, "POST /webhooks/waits", ""); a.Status != 429 || a.Body != mocktest.Problem("Too many connections are held open") {
		t.Errorf("a second call: %d %s", a.Status, a.Body)
	}
	cancel()
	<-left
	r := srv.Requests().Operation("trigger").Status(504).Within(2 * time.Minute).Once(t)
	if !r.Aborted {
		t.Errorf("%+v", r)
	}
	id, answers := held(t, srv)
	if err := srv.World().Reply(id, mockserver.Reply{Status: 299}); err != nil || (<-answers).Status != 299 {
		t.Errorf("%v", err)
	}
}

// Each of many callers gets its own reply, from whoever plays the workflow.
func TestManyCallersGetTheirOwnReplies(t *testing.T) {
	t.Parallel()
	const callers = 500
	free := scenarios.Triggers{MaxHeld: callers, RateLimit: scenarios.RateLimit{Calls: 3 * callers, Per: time.Second}}
	srv := triggerWorld(t, free, scenarios.Webhook{Name: "waits", WaitForReply: true},
		scenarios.Webhook{Name: "template", WaitForReply: true, Reply: &scenarios.Reply{Body: "reply to {{.data.path}}", Delay: time.Millisecond}})
	all := func(token string) {
		t.Helper()
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				a := mocktest.Send(t, srv.URL, fmt.Sprintf("POST /webhooks/%s/%d", token, i), "")
				if a.Status != 200 || a.Body != fmt.Sprintf("reply to /%d", i) {
					t.Errorf("%s %d: %d %s", token, i, a.Status, a.Body)
				}
			})
		}
		wg.Wait()
	}
	all("template")
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		return &mockserver.Reply{Body: "reply to " + trigger.Payload.Data.Path}
	})
	all("waits")
	srv.OnTrigger(nil)
	go func() {
		answered := map[string]bool{}
		for t.Context().Err() == nil && len(answered) < callers {
			for _, trigger := range srv.Triggers().Webhook("waits").All()[callers:] {
				data := trigger.Payload.Data
				if !answered[data.ReplyID] && srv.World().Reply(data.ReplyID, mockserver.Reply{Body: "reply to " + data.Path}) == nil {
					answered[data.ReplyID] = true
				}
			}
		}
	}()
	all("waits")
}

// A scenario's replies come in turn; a template sees the payload; a workflow in
// Go is asked before them.
func TestPlayingTheWorkflow(t *testing.T) {
	t.Parallel()
	srv := triggerWorld(t, scenarios.Triggers{},
		scenarios.Webhook{Name: "turns", WaitForReply: true, Replies: []scenarios.Reply{{Body: "one"}, {Status: 503, Body: "two"}}},
		scenarios.Webhook{Name: "template", WaitForReply: true, Reply: &scenarios.Reply{
			Status: 201, Headers: map[string]string{"Content-Type": "text/plain"},
			Body: `{{upper .data.body.name}} {{.data.method}} {{json .data.query}} {{default "nobody" .data.body.who}} {{lower .applicationName}}`,
		}},
		scenarios.Webhook{Name: "broken", WaitForReply: true, Reply: &scenarios.Reply{Body: `{{index .data.query "x" 5}}`}},
		scenarios.Webhook{Name: "endless", WaitForReply: true, Reply: &scenarios.Reply{Body: `{{range 100000000}}xxxxxxxxxx{{end}}`}},
		scenarios.Webhook{Name: "silent"},
	)
	for i, want := range []string{"200 one", "503 two", "200 one"} {
		if a := mocktest.Send(t, srv.URL, "GET /webhooks/turns", ""); fmt.Sprint(a.Status, " ", a.Body) != want {
			t.Errorf("call %d: %d %s, want %s", i+1, a.Status, a.Body, want)
		}
	}
	a := mocktest.Send(t, srv.URL, "POST /webhooks/template?a=1", `{"name":"Door"}`, "Content-Type: application/json")
	if want := `DOOR post {"a":"1"} nobody my application`; a.Status != 201 || a.Body != want || a.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("%d %s %v, want %s", a.Status, a.Body, a.Header, want)
	}
	for _, token := range []string{"broken", "endless"} {
		if a := mocktest.Send(t, srv.URL, "GET /webhooks/"+token, ""); a.Status != 400 || !strings.Contains(a.Body, "reply can't be sent") {
			t.Errorf("%s: %d %s", token, a.Status, a.Body)
		}
	}
	seen := make(chan mockserver.Trigger, 1)
	srv.OnTrigger(func(trigger mockserver.Trigger) *mockserver.Reply {
		seen <- trigger
		return &mockserver.Reply{Status: 207}
	})
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/turns", ""); a.Status != 207 || (<-seen).WebhookName != "turns" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/silent", ""); a.Status != 200 || (<-seen).Payload.Data.ReplyID != "" {
		t.Errorf("nobody waits: %d %s", a.Status, a.Body)
	}
	srv.OnTrigger(func(mockserver.Trigger) *mockserver.Reply { return &mockserver.Reply{Status: 1000} })
	if a := mocktest.Send(t, srv.URL, "GET /webhooks/turns", ""); a.Status != 400 {
		t.Errorf("a reply that can't be sent: %d %s", a.Status, a.Body)
	}
}

// A payload is forwarded to the developer's own code, which answers at once or
// later.
func TestForwarding(t *testing.T) {
	t.Parallel()
	var srv *mockserver.TestServer
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var payload mockserver.Payload
		if err := json.NewDecoder(r.Body).Decode(&payload); err != nil {
			t.Error(err)
		}
		switch payload.Data.Path {
		case "/later":
			w.WriteHeader(http.StatusAccepted)
			if err := srv.World().Reply(payload.Data.ReplyID, mockserver.Reply{Body: "later"}); err != nil {
				t.Error(err)
			}
		case "/redirect":
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "text/csv")
			w.WriteHeader(http.StatusCreated)
			fmt.Fprintf(w, "%s of %s at %s", payload.Data.Method, payload.ApplicationName, payload.Time.Format(time.RFC3339))
		}
	}))
	defer own.Close()
	srv = triggerWorld(t, scenarios.Triggers{},
		scenarios.Webhook{Name: "waits", WaitForReply: true, Forward: own.URL},
		scenarios.Webhook{Name: "nobody", WaitForReply: true, Forward: "http://127.0.0.1:1/"},
		scenarios.Webhook{Name: "asks", Forward: own.URL})
	a := mocktest.Send(t, srv.URL, "PUT /webhooks/waits", "")
	if a.Status != 201 || a.Body != "put of My Application at 2016-06-13T04:00:00Z" || a.Header.Get("Content-Type") != "text/csv" {
		t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
	}
	guarded(t, "a forwarded reply", a)
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/waits/later", ""); a.Status != 200 || a.Body != "later" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/waits/redirect", ""); a.Status != 302 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/nobody", ""); a.Status != 400 || !strings.Contains(a.Body, "refused") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "PUT /webhooks/asks", ""); a.Status != 200 || a.Body != done {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// Whoever has the answer to a DELETE, or to a PATCH that disables, finds that
// nothing fires afterwards.
func TestADeletedWebhookFiresNothing(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Triggers:     scenarios.Triggers{RateLimit: scenarios.RateLimit{Calls: 1_000_000, Per: time.Second}},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	for round := range 20 {
		token := "token-" + strconv.Itoa(round)
		h := srv.AddWebhook(scenarios.Webhook{Name: "w", Token: token})
		stop := make(chan bool)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						response, err := http.Post(srv.URL+"/webhooks/"+token, "", nil)
						if err == nil {
							_, _ = io.Copy(io.Discard, response.Body)
							_ = response.Body.Close()
						}
					}
				}
			})
		}
		for srv.Triggers().Webhook(token).Count() == 0 {
			runtime.Gosched()
		}
		request, body := "DELETE "+mocktest.WebhooksPath+"/"+h.ID, ""
		if round%2 == 1 {
			request, body = "PATCH "+mocktest.WebhooksPath+"/"+h.ID, `{"enabled":false}`
		}
		if a := mocktest.Send(t, srv.URL, request, body, "Content-Type: application/json"); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		fired := srv.Triggers().Webhook(token).Count()
		for range 20 {
			mocktest.Send(t, srv.URL, "POST /webhooks/"+token, "")
		}
		if after := srv.Triggers().Webhook(token).Count(); after != fired || fired == 0 {
			t.Errorf("%s: %d fired before the answer, %d in all", request, fired, after)
		}
		close(stop)
		wg.Wait()
	}
	t.Attr("C3", "20 webhooks deleted or disabled beside four callers: nothing fires afterwards")
}
