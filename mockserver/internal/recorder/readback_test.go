package recorder_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// asRead are the differences between a request in memory and in a file.
var asRead = []cmp.Option{
	cmp.Comparer(bytes.Equal),
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().Type() != reflect.TypeFor[[]byte]() }, cmpopts.EquateEmpty()),
	cmpopts.IgnoreFields(journal.Request{}, "RemoteAddr", "Duration", "Timeline"), // the port, and parts of a microsecond
	cmpopts.IgnoreFields(contract.Violation{}, "Path"),                            // is for Go alone
}

// count returns how many requests match a pattern, as the admin API counts them.
func count(t *testing.T, srv *mockserver.TestServer, pattern string) int {
	t.Helper()
	a := mocktest.Send(t, srv.URL, "POST /__admin/requests/count", pattern, mocktest.SendsJSON)
	if a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return mocktest.Decode[struct{ Count int }](t, a).Count
}

// Neither a semicolon nor a stray percent sign makes a parameter vanish.
func TestQueriesAndFormsLoseNothing(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	const query = "a=1;b=2&c=100%&%zz=d"
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token?"+query, query, "Content-Type: application/x-www-form-urlencoded")
	want := map[string][]string{"a": {"1;b=2"}, "c": {"100%"}, "%zz": {"d"}}
	r := srv.Requests().Query("c", "100%").Once(t)
	if diff := cmp.Diff(want, map[string][]string(r.Query)); diff != "" {
		t.Error(diff)
	}
	payload := map[string]any{"a": "1;b=2", "c": "100%", "%zz": "d"}
	if diff := cmp.Diff(payload, r.Trigger.Payload.Data.Query); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(any(payload), r.Trigger.Payload.Data.Body); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{"queryParameters", "formParameters"} {
		if n := count(t, srv, `{"`+part+`":{"a":{"equalTo":"1;b=2"},"c":{"equalTo":"100%"},"%zz":{"equalTo":"d"}}}`); n != 1 {
			t.Errorf("%d have the %s", n, part)
		}
		if n := count(t, srv, `{"`+part+`":{"c":{"absent":true}}}`); n != 0 {
			t.Errorf("%d lack one of the %s", n, part)
		}
	}
	if har := export(t, srv, "har"); !strings.Contains(har, `"value": "1;b=2"`) {
		t.Error(har)
	}
}

// A cookie that net/http would drop is kept with all its values.
func TestCookiesLoseNothing(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET /applications", "", `Cookie: a=1; b=x\y; c d=ä; e="q"; a=2; f=1=2; ; g`)
	for name, value := range map[string]string{"a": "2", "b": `x\\y`, "c d": "ä", "e": "q", "f": "1=2", "g": ""} {
		if n := count(t, srv, `{"cookies":{"`+name+`":{"equalTo":"`+value+`"}}}`); n != 1 {
			t.Errorf("%d have the cookie %s", n, name)
		}
		if n := count(t, srv, `{"cookies":{"`+name+`":{"absent":true}}}`); n != 0 {
			t.Errorf("%d lack the cookie %s", n, name)
		}
	}
	if n := count(t, srv, `{"cookies":{"a":{"equalTo":"1"}}}`); n != 1 {
		t.Errorf("%d have the first value", n)
	}
	if har := export(t, srv, "har"); !strings.Contains(har, `"name": "c d"`) {
		t.Error(har)
	}
	listed := mocktest.Send(t, srv.URL, "GET /__admin/requests", "").Body
	if !strings.Contains(listed, `"c d": "ä"`) {
		t.Error(listed)
	}
}

// JSON that is nested as deeply as the API accepts can be listed, written and read
// back, and what is shown of it grows as it does.
func TestDeepBodiesAreReadBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	depths := []int{100, 1000, 1001, 9_995, 10_000}
	for _, depth := range depths {
		body := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		if a := mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", body, mocktest.SendsJSON); a.Status != 200 {
			t.Fatalf("%d: %d", depth, a.Status)
		}
	}
	for _, call := range []string{"GET /__admin/requests", "GET /__admin/triggers"} {
		if a := mocktest.Send(t, srv.URL, call, ""); a.Status != 200 || len(a.Body) > 1<<20 {
			t.Errorf("%s: %d, %d bytes", call, a.Status, len(a.Body))
		}
	}
	lines := readJournal(t, path)
	if len(lines) != len(depths) {
		t.Fatalf("%d lines", len(lines))
	}
	for i, r := range lines {
		_, isText := r.Trigger.Payload.Data.Body.(string)
		if len(r.Body) != 2*depths[i] || isText != (depths[i] > 1000) {
			t.Errorf("%d: %d bytes, as a text: %t", depths[i], len(r.Body), isText)
		}
	}
}

// What is shown of a body is not much more than what a server accepts, however well
// it was compressed.
func TestCompressedBodiesAreBounded(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, size := range []int{10 << 20, 1 << 20} {
		mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, gzipped(strings.Repeat("\x00", size)), mocktest.SendsJSON, "Content-Encoding: gzip")
	}
	a := mocktest.Send(t, srv.URL, "GET /__admin/requests", "")
	list := mocktest.Decode[struct{ Requests []journal.Request }](t, a).Requests
	if len(a.Body) > 2<<20 || len(list) != 2 || len(list[0].Body) != 1<<20 || list[0].BodyEncoded || !list[1].BodyEncoded {
		t.Errorf("%d requests in %d bytes", len(list), len(a.Body))
	}
}

// What was evicted before the journal was emptied can't matter, and triggers of
// evicted requests are removed too.
func TestAnEmptiedJournalIsComplete(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"DELETE /__admin/requests", "POST /__admin/requests/reset", "POST /__admin/mappings/reset", "POST /__admin/requests/remove"} {
		srv := mockserver.Start(t, mockserver.WithJournalLimits(2, 1<<20))
		mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", "x")
		for range 3 {
			mocktest.Send(t, srv.URL, "GET /applications", "")
		}
		if srv.Requests().Evicted() == 0 {
			t.Fatal("nothing is evicted")
		}
		if a := mocktest.Send(t, srv.URL, call, "{}", mocktest.SendsJSON); a.Status != 200 {
			t.Fatalf("%s: %d %s", call, a.Status, a.Body)
		}
		srv.Requests().Never(t)
		srv.Triggers().Never(t)
		mocktest.Send(t, srv.URL, "GET /applications", "")
		srv.Requests().Once(t)
	}
	srv := mockserver.Start(t, mockserver.WithJournalLimits(2, 1<<20))
	for _, path := range []string{"/a", "/b", "/b"} {
		mocktest.Send(t, srv.URL, "GET "+path, "")
	}
	mocktest.Send(t, srv.URL, "POST /__admin/requests/remove", `{"urlPath":"/b"}`, mocktest.SendsJSON)
	if srv.Requests().Evicted() != 1 {
		t.Error("what other criteria may match is forgotten")
	}
}

// A compressed body is shown and matched decoded, and kept as sent. A secret in it
// is replaced in both.
func TestCompressedBodiesAreReadPlain(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	const plain = `{"name":"packed","basicAuthPassword":"canary-123"}`
	sent := gzipped(plain)
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, sent, mocktest.SendsJSON, "Content-Encoding: gzip")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, "no gzip", mocktest.SendsJSON, "Content-Encoding: gzip")
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, gzipped(strings.Repeat("a", 1<<20+1)), mocktest.SendsJSON, "Content-Encoding: gzip")

	known := srv.Requests().Body("name", "packed")
	if known.Undecided() != 1 {
		t.Errorf("%d bodies are undecided", known.Undecided())
	}
	r := known.Status(http.StatusCreated).Once(t)
	if string(r.Body) != plain || string(r.RawBody) != sent {
		t.Errorf("%q, sent as %q", r.Body, r.RawBody)
	}
	if n := count(t, srv, `{"bodyPatterns":[{"equalToJson":`+plain+`}]}`); n != 1 {
		t.Errorf("%d match the decoded body", n)
	}
	for i, r := range srv.Requests().All()[1:] {
		if r.RawBody != nil || !r.BodyEncoded || i == 0 && string(r.Body) != "no gzip" {
			t.Errorf("what can't be inflated: %.20q, %d bytes raw", r.Body, len(r.RawBody))
		}
	}
	if diff := cmp.Diff(srv.Requests().All(), readJournal(t, path), asRead...); diff != "" {
		t.Error(diff)
	}

	if har := export(t, srv, "har"); !strings.Contains(har, `{\"name\":\"packed\",\"basicAuthPassword\":\"PASSWORD-1\"}`) {
		t.Errorf("%.1000s", har)
	}
	clean, err := journal.Read(strings.NewReader(export(t, srv, "jsonl")))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(clean[0].RawBody))
	if err != nil {
		t.Fatal(err)
	}
	inside, err := io.ReadAll(z)
	if err != nil || string(inside) != string(clean[0].Body) || !strings.Contains(string(inside), "PASSWORD-1") {
		t.Errorf("%q, sent as %q, %v", clean[0].Body, inside, err)
	}
}

// A number that no float64 holds is null in a payload, as Node writes it, and
// stands in the body as it was sent.
func TestNumbersThatNoFloatHolds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	srv := mockserver.Start(t, mockserver.WithJournalFile(path))
	const body = `{"w":1e400,"list":[-1e999,9007199254740993],"zero":-0}`
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token", body, mocktest.SendsJSON)
	list := mocktest.Decode[struct{ Requests []journal.Request }](t, mocktest.Send(t, srv.URL, "GET /__admin/requests", "")).Requests
	if len(list) != 1 || string(list[0].Body) != body {
		t.Fatalf("listed as %+v", list)
	}
	if got := mocktest.ToJSON(t, list[0].Trigger.Payload.Data.Body); got != `{"list":[null,9007199254740992],"w":null,"zero":0}` {
		t.Errorf("the payload is %s", got)
	}
	srv.Triggers().Payload("data.body.w", nil).Once(t)
	if lines := readJournal(t, path); len(lines) != 1 || string(lines[0].Body) != body {
		t.Errorf("in the file %+v", lines)
	}
}

func export(t *testing.T, srv *mockserver.TestServer, format journal.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := journal.Export(&b, format, srv.Requests().All(), false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}
