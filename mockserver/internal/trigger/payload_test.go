package trigger_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

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
	for query, n := range map[string]int{"": 1, "?webhook=default": 1, "?webhook=" + mocktest.WebhookID: 1, "?application=" + mocktest.ApplicationID: 1, "?limit=0": 0} {
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
		{"multipart/form-data; boundary=x", "no part", "no part"},
		{"multipart/form-data; boundary=x", "--x--", map[string]any{}},
		{"application/merge-patch+json ; x", "{}", map[string]any{}},
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

func TestMain(m *testing.M) { mocktest.Main(m) }
