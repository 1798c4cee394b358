package admin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

type expectation struct {
	ID                                      int
	Source, Test, Verdict, Message, Pattern string
	Want                                    struct{ Exactly, AtLeast *int }
	Matched                                 int
	NearMisses                              []struct {
		Request     struct{ ID, Method, Target, Operation string }
		Differences []struct{ Field, Want, Got string }
	}
}

// UnmarshalJSON reads the pattern as a text.
func (e *expectation) UnmarshalJSON(text []byte) error {
	type plain expectation
	var read struct {
		*plain
		Pattern json.RawMessage
	}
	read.plain = (*plain)(e)
	err := json.Unmarshal(text, &read)
	e.Pattern = strings.Join(strings.Fields(string(read.Pattern)), "")
	return err
}

func expectations(t *testing.T, base string) []expectation {
	t.Helper()
	host, path := splitBase(base)
	return mocktest.Decode[struct{ Expectations []expectation }](t, mocktest.Send(t, host, "GET "+path+"/__admin/expectations", "")).Expectations
}

// A wait that is not met is kept, with what came nearest, and its response ends with a
// link to it.
func TestFailedWaitsAreKept(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	box := srv.Sandbox(t)
	for _, base := range []string{srv.URL, box.URL} {
		host, path := splitBase(base)
		call := func(request, body string) mocktest.Response {
			t.Helper()
			method, target, _ := strings.Cut(request, " ")
			return mocktest.Send(t, host, method+" "+path+target, body, mocktest.SendsJSON)
		}
		call("POST "+mocktest.WebhooksPath, `{"name":"Door"}`)
		wait := func(order string) (result struct{ Verdict, Message, Link string }) {
			return mocktest.Decode[struct{ Verdict, Message, Link string }](t, call("POST /__admin/requests/wait", order))
		}
		if met := wait(`{"request":{"method":"POST"}}`); met.Message+met.Link != "" || len(expectations(t, base)) != 0 {
			t.Errorf("one that is met: %+v", met)
		}
		for i, c := range []struct{ order, message, want string }{
			{`{"request":{"operation":"webhook.get"},"timeout":"0s"}`, "want at least 1 request(s) that match, got 0", `operation equal to "webhook.get" not "webhooks.post"`},
			{`{"request":{"method":"POST"},"exactly":0,"timeout":"0s"}`, "want 0 request(s) that match, got 1", ""},
		} {
			got := wait(c.order)
			link := fmt.Sprintf("%s/__admin/#/expectations/%d", base, i+1)
			if got.Verdict != "failed" || got.Message != c.message+"\n"+link || got.Link != link {
				t.Errorf("%s: %+v, want %s with %s", c.order, got, c.message, link)
			}
			kept := expectations(t, base)
			if len(kept) != i+1 {
				t.Fatalf("%d are kept", len(kept))
			}
			e := kept[0]
			var order struct{ Request json.RawMessage }
			_ = json.Unmarshal([]byte(c.order), &order) // it is ours
			if e.ID != i+1 || e.Source != "wait" || e.Verdict != "failed" || e.Message != c.message || e.Pattern != string(order.Request) {
				t.Errorf("%s: %+v", c.order, e)
			}
			near := ""
			for _, miss := range e.NearMisses {
				for _, d := range miss.Differences {
					near += d.Field + " " + d.Want + " not " + d.Got
				}
			}
			if near != c.want {
				t.Errorf("%s: near is %q, want %q", c.order, near, c.want)
			}
		}
		one := call("GET /__admin/expectations/1", "")
		if e := mocktest.Decode[expectation](t, one); e.ID != 1 || *e.Want.AtLeast != 1 || e.NearMisses[0].Request.Operation != "webhooks.post" {
			t.Errorf("%s", one.Body)
		}
		call("POST /__admin/reset", "")
		if gone := call("GET /__admin/expectations/1", ""); gone.Status != http.StatusNotFound || len(expectations(t, base)) != 0 {
			t.Errorf("after a reset: %d %s", gone.Status, gone.Body)
		}
		if next := wait(`{"request":{"method":"PUT"},"timeout":"0s"}`); !strings.HasSuffix(next.Link, "/3") {
			t.Errorf("an id is used again: %s", next.Link)
		}
	}
}

// A client of WireMock asks for near misses when its verification has failed; the page
// does while somebody edits a pattern.
func TestFailedCountsAreKept(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET /a", "")
	near := func(pattern string, lines ...string) string {
		return mocktest.Send(t, srv.URL, "POST /__admin/near-misses/request-pattern", pattern, append(lines, mocktest.SendsJSON)...).Body
	}
	near(`{"url":"/a"}`)
	near(`{"url":"/b"}`, "Sec-Fetch-Site: same-origin")
	if kept := expectations(t, srv.URL); len(kept) != 0 {
		t.Errorf("%+v", kept)
	}
	if body := near(`{"url":"/b"}`); !strings.Contains(body, `"field": "url"`) || !strings.Contains(body, `"got": "\"/a\""`) {
		t.Errorf("%s", body)
	}
	if kept := expectations(t, srv.URL); len(kept) != 1 || kept[0].Source != "count" || kept[0].Pattern != `{"url":"/b"}` || *kept[0].Want.AtLeast != 1 {
		t.Errorf("%+v", kept)
	}
}

// Failed assertions in Go are kept with a pattern that says the same, and the stream
// reports them.
func TestFailedAssertionsAreKept(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Create(t, srv, `{"name":"Door","responseCode":201}`)
	s := stream(t, srv, "")
	s.next()
	q := srv.Requests()
	for _, c := range []struct {
		q       mockserver.Requests
		pattern string
	}{
		{q.Operation("webhooks.post").Status(400).Violation("webhook.name is required"), `{"operation":"webhooks.post","status":400,"violation":"webhook.name is required"}`},
		{q.Method("PUT").Path("/a").Query("b", "1").Query("c", "2").Header("X", "3"), `{"headers":{"X":{"equalTo":"3"}},"method":"PUT","queryParameters":{"b":{"equalTo":"1"},"c":{"equalTo":"2"}},"urlPath":"/a"}`},
		{q.Body("name", "Gate").Body("$.responseCode", 201), `{"bodyPatterns":[{"matchesJsonPath":{"equalTo":"Gate","expression":"$.name"}},{"matchesJsonPath":{"equalToJson":"201","expression":"$.responseCode"}}]}`},
		{q.BodyJSON(map[string]int{"a": 1}).Matching(`{"bodyPatterns":[{"contains":"x"}],"method":"POST"}`), `{"bodyPatterns":[{"equalToJson":{"a":1}},{"contains":"x"}],"method":"POST"}`},
		{q.Body("name", "Door").Body("responseCode", 202), `{"bodyPatterns":[{"matchesJsonPath":{"equalTo":"Door","expression":"$.name"}},{"matchesJsonPath":{"equalToJson":"202","expression":"$.responseCode"}}]}`},
		{q.Status(400).Status(401), ``},
	} {
		f := &failing{TB: t}
		f.run(func() { c.q.Once(f) })
		kept := expectations(t, srv.URL)[0]
		link := fmt.Sprintf("%s/__admin/#/expectations/%d", srv.URL, kept.ID)
		if kept.Source != "go" || kept.Test != t.Name() || kept.Verdict != "failed" || *kept.Want.Exactly != 1 || !strings.HasSuffix(f.message, "\nwhile the server runs: "+link) {
			t.Errorf("%+v with the message %s", kept, f.message)
		}
		if want := strings.ReplaceAll(c.pattern, " ", ""); kept.Pattern != want {
			t.Errorf("the pattern is %s, want %s", kept.Pattern, want)
		}
		if kept.Pattern != "" { // counts what the question finds
			a := mocktest.Send(t, srv.URL, "POST /__admin/requests/count", kept.Pattern, mocktest.SendsJSON)
			if got := mocktest.Decode[struct{ Count int }](t, a).Count; got != c.q.Count() {
				t.Errorf("%s counts %d, want %d", kept.Pattern, got, c.q.Count())
			}
		}
		if e := s.await("expectation"); e.expectation.ID != kept.ID {
			t.Errorf("the stream brings %+v", e)
		}
	}
	f := &failing{TB: t}
	f.run(func() { srv.Triggers().Webhook("My Webhook").Once(f) })
	f.run(func() { mockserver.InOrder(f, q.Operation("webhooks.post"), q.Operation("webhooks.post")) })
	if kept := expectations(t, srv.URL); len(kept) != 8 || !strings.Contains(kept[0].Message, "question 2 of 2") || kept[1].Pattern != "" {
		t.Errorf("%+v", kept)
	}
}

// failing is a test whose failure ends nothing.
type failing struct {
	testing.TB
	message string
}

func (f *failing) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	panic(f)
}

func (f *failing) run(test func()) {
	defer func() {
		if problem := recover(); problem != nil && problem != f {
			panic(problem)
		}
	}()
	test()
}
