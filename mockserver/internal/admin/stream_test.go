package admin_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

func TestWaitingEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	type answer struct {
		Met        bool
		Count      int
		Requests   []struct{ URL string }
		NearMisses []any
	}
	waiting := make(chan answer)
	go func() {
		waiting <- mocktest.Decode[answer](t, mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", `{"request":{"operation":"webhooks.post"},"count":2,"timeout":"2m"}`, mocktest.SendsJSON))
	}()
	mocktest.Create(t, srv, `{"name":"one"}`)
	srv.Reset() // which forgets the first
	mocktest.Create(t, srv, `{"name":"two"}`)
	select {
	case got := <-waiting:
		t.Fatalf("ends with %+v", got)
	default:
	}
	mocktest.Create(t, srv, `{"name":"three"}`)
	if got := <-waiting; !got.Met || got.Count != 2 || len(got.Requests) != 2 || len(got.NearMisses) != 0 {
		t.Errorf("ends with %+v", got)
	}
	late := mocktest.Decode[answer](t, mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", `{"request":{"operation":"webhook.delete"},"timeout":"10ms"}`, mocktest.SendsJSON))
	if late.Met || late.Count != 0 || len(late.NearMisses) != 2 {
		t.Errorf("ends with %+v", late)
	}
	if a := mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", `{"request":{},"count":0}`, mocktest.SendsJSON); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, body := range []string{`{"timeout":"soon"}`, `{"timeout":"-1s"}`, `{"timeout":"11m"}`, `{"request":{"urll":"x"}}`, `{"reqest":{}}`, `{"request":null}`, `{"timeout":"0s"}`, `{`, ``} {
		if a := mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", body, mocktest.SendsJSON); a.Status != 422 {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
}

// events reads server-sent events.
type events struct {
	t      *testing.T
	reader *bufio.Reader
	close  func() error
}

type event struct {
	expectation expectation
	id, name    string
	data        struct {
		ID      string
		Pending bool
		Request struct{ URL string }
		Evicted int
		Oldest  uint64
		IDs     []string

		Target                string // of a request in its short form
		Path                  string // of a trigger in its short form
		Payload               any    // of a trigger
		RejectedBeforeHandler int
	}
}

func stream(t *testing.T, srv *mockserver.TestServer, lastEventID string) *events {
	t.Helper()
	return streamOf(t, srv.URL+"/__admin/requests/stream", lastEventID)
}

func streamOf(t *testing.T, url, lastEventID string) *events {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("Content-Type %s", kind)
	}
	return &events{t, bufio.NewReader(response.Body), response.Body.Close}
}

// next returns the next event that is about a complete request.
func (s *events) next() event {
	s.t.Helper()
	for {
		if e := s.any(); !e.data.Pending {
			return e
		}
	}
}

func (s *events) any() event {
	s.t.Helper()
	var e event
	for {
		line, err := s.reader.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the stream ends: %v", err)
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "id: "):
			e.id = line[4:]
		case strings.HasPrefix(line, "event: "):
			e.name = line[7:]
		case strings.HasPrefix(line, "data: "):
			into := any(&e.data)
			if e.name == "expectation" {
				into = &e.expectation
			}
			if err := json.Unmarshal([]byte(line[6:]), into); err != nil {
				s.t.Fatalf("%s: %v", line, err)
			}
		case line == "" && e.name != "":
			return e
		}
	}
}

func TestTheStreamBringsEveryRequestOnce(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for n := range 3 {
		mocktest.Send(t, srv.URL, fmt.Sprintf("GET /before/%d", n), "")
	}
	s := stream(t, srv, "")
	var last string
	for n := range 3 {
		e := s.next()
		if e.name != "request" || e.data.Request.URL != fmt.Sprintf("/before/%d", n) {
			t.Errorf("event %d is %+v", n, e)
		}
		last = e.id
	}
	mocktest.Send(t, srv.URL, "GET /live", "")
	if e := s.next(); e.data.Request.URL != "/live" {
		t.Errorf("live comes %+v", e)
	}
	_ = s.close()
	mocktest.Send(t, srv.URL, "GET /missed", "")
	s = stream(t, srv, last)
	for _, want := range []string{"/live", "/missed"} {
		if e := s.next(); e.data.Request.URL != want {
			t.Errorf("after the last event comes %+v, want %s", e, want)
		}
	}
	srv.Reset()
	mocktest.Send(t, srv.URL, "GET /afterwards", "")
	if e := s.next(); e.name != "reset" {
		t.Errorf("after a reset comes %+v", e)
	}
	if e := s.next(); e.data.Request.URL != "/afterwards" {
		t.Errorf("then comes %+v", e)
	}
	again := stream(t, srv, last)
	if e := again.next(); e.name != "reset" {
		t.Errorf("an event of another journal is gone on behind with %+v", e)
	}
	if e := again.next(); e.data.Request.URL != "/afterwards" {
		t.Errorf("then comes %+v", e)
	}
}

func TestTheStreamReportsWhatWasEvicted(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithJournalLimits(2, 1<<20))
	for range 5 {
		mocktest.Send(t, srv.URL, "GET /x", "")
	}
	s := stream(t, srv, "")
	if e := s.next(); e.name != "incomplete" || e.data.Evicted != 3 {
		t.Errorf("it begins with %+v", e)
	}
}

// A request whose body is still on its way is in the journal, as far as it is
// known.
func TestRequestsAppearAtReceipt(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	s := stream(t, srv, "")
	body, done := mocktest.SlowBody(t, srv.URL, "POST "+mocktest.WebhooksPath, 12)
	if e := s.await("request"); !e.data.Pending || e.data.Request.URL != mocktest.WebhooksPath {
		t.Errorf("the stream brings %+v", e)
	}
	pending := srv.Requests().Method("POST").Within(2 * time.Minute).Once(t)
	if !pending.Pending || pending.Status != 0 || pending.Operation != "webhooks.post" || pending.Token != "any" || pending.Path != mocktest.WebhooksPath {
		t.Errorf("at receipt %+v", pending)
	}
	body(`{"name":"x"}`)
	if status := done(); status != http.StatusCreated {
		t.Errorf("answered with %d", status)
	}
	if e := s.await("request"); e.data.Pending || e.data.ID != pending.ID {
		t.Errorf("then the stream brings %+v", e)
	}
	complete := srv.Requests().Operation("webhooks.post").Status(201).Once(t)
	if complete.Pending || complete.ID != pending.ID || string(complete.Body) != `{"name":"x"}` {
		t.Errorf("complete %+v", complete)
	}
}

// await returns the next event of a name.
func (s *events) await(name string) event {
	s.t.Helper()
	for {
		if e := s.any(); e.name == name {
			return e
		}
	}
}

// Who has the requests of a stream learns which of them are gone, and how.
func TestTheStreamReportsWhatIsGone(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithJournalLimits(4, 1<<20))
	for n := range 3 {
		mocktest.Send(t, srv.URL, fmt.Sprintf("GET /%d", n), "")
	}
	all := srv.Requests().All()
	s := stream(t, srv, "")
	var last string
	for range all {
		last = s.next().id
	}
	mocktest.Send(t, srv.URL, "DELETE /__admin/requests/"+all[1].ID, "")
	if e := s.any(); e.name != "removed" || fmt.Sprint(e.data.IDs) != fmt.Sprint([]string{all[1].ID}) {
		t.Errorf("one is removed: %+v", e)
	}
	mocktest.Send(t, srv.URL, "POST /__admin/requests/remove", `{"url":"/2"}`, mocktest.SendsJSON)
	if e := s.any(); e.name != "removed" || fmt.Sprint(e.data.IDs) != fmt.Sprint([]string{all[2].ID}) {
		t.Errorf("by a pattern: %+v", e)
	}
	behind := stream(t, srv, last)
	if e := behind.any(); e.name != "removed" || fmt.Sprint(e.data.IDs) != fmt.Sprint([]string{all[1].ID, all[2].ID}) {
		t.Errorf("behind the last event: %+v", e)
	}
	for n := range 4 { // of which the last evicts the first request
		mocktest.Send(t, srv.URL, fmt.Sprintf("GET /later/%d", n), "")
	}
	if e := s.await("incomplete"); e.data.Evicted != 1 || e.data.Oldest != 4 {
		t.Errorf("when one is evicted: %+v", e)
	}
	if e := s.await("removed"); e.data.IDs[0] != all[0].ID {
		t.Errorf("and then: %+v", e)
	}
	mocktest.Send(t, srv.URL, "DELETE /__admin/requests", "")
	s.await("reset")
	mocktest.Send(t, srv.URL, "GET /after", "")
	if e := s.next(); e.data.Request.URL != "/after" {
		t.Errorf("then comes %+v", e)
	}
}

func TestTheStreamIsShortened(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "GET /short", "")
	if e := streamOf(t, srv.URL+"/__admin/requests/stream?summary=true", "").next(); e.data.Target != "/short" || e.data.Request.URL != "" {
		t.Errorf("%+v", e)
	}
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token/short", "a long body")
	for _, c := range []struct{ query, path string }{{"?summary=true", "/short"}, {"", ""}} {
		if e := streamOf(t, srv.URL+"/__admin/requests/stream"+c.query, "").await("trigger"); e.data.Path != c.path || (e.data.Payload == nil) != (c.path != "") {
			t.Errorf("%q: %+v", c.query, e)
		}
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/requests/stream?summary=1", ""); a.Status != 422 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// New trouble is an event of its own.
func TestTheStreamReportsTrouble(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	s := stream(t, srv, "")
	mocktest.Send(t, srv.URL, "GET /first", "")
	s.next()
	mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "no HTTP\r\n\r\n")
	if e := s.await("health"); e.data.RejectedBeforeHandler != 1 {
		t.Errorf("%+v", e)
	}
}

// What is not in the journal is read again by those who have it on their screen.
func TestTheStreamReportsWhatChangesBesideTheJournal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, request, body string }{
		{"a fault is added", "POST /__admin/faults", `{"name":"a","status":500}`},
		{"a fault is switched off", "PATCH /__admin/faults/there", `{"disabled":true}`},
		{"a fault is removed", "DELETE /__admin/faults/there", ""},
		{"the clock is set", "POST /__admin/clock", `{"now":"2016-06-13T04:00:00Z"}`},
		{"the clock is advanced", "POST /__admin/clock", `{"advance":"1h"}`},
		{"a sandbox is created", "POST /__admin/sandboxes", `{"name":"b"}`},
		{"a sandbox is created by its first use", "GET /__sandbox/c/applications", ""},
		{"a sandbox is deleted", "DELETE /__admin/sandboxes/there", ""},
		{"a webhook is created", "POST " + mocktest.WebhooksPath, `{"name":"Door"}`},
		{"a webhook is changed", "PATCH " + mocktest.WebhookPath, `{"name":"Door"}`},
		{"a webhook is deleted", "DELETE " + mocktest.WebhookPath, ""},
		{"an application is changed", "PATCH /applications/" + mocktest.ApplicationID, `{"name":"House"}`},
		{"an application is deleted", "DELETE /applications/" + mocktest.ApplicationID, ""},
		{"a scenario is loaded", "PUT /__admin/scenario", `{"scenario":"paging"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t)
			srv.AddFault(scenarios.Fault{Name: "there", Path: "/nowhere", Effect: scenarios.Effect{Status: 500}})
			mocktest.Send(t, srv.URL, "POST /__admin/sandboxes", `{"name":"there"}`, mocktest.SendsJSON)
			s := stream(t, srv, "")
			if a := mocktest.Send(t, srv.URL, c.request, c.body, mocktest.SendsJSON); a.Status >= 400 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			s.await("changed")
		})
	}
	t.Run("a test adds a webhook", func(t *testing.T) {
		t.Parallel()
		srv := mockserver.Start(t)
		s := stream(t, srv, "")
		srv.AddWebhook(scenarios.Webhook{Name: "Door"})
		s.await("changed")
	})
	t.Run("requests alone, which faults count and a clock ticks for, are no change", func(t *testing.T) {
		t.Parallel()
		srv := mockserver.Start(t)
		ticking := `{"clock":{"mode":"ticking","at":"2016-06-13T04:00:00Z"},"faults":[{"name":"there","path":"/nowhere","status":500}]}`
		if a := mocktest.Send(t, srv.URL, "PUT /__admin/scenario", ticking, mocktest.SendsJSON); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		s := stream(t, srv, "")
		for range 2 { // the first look may be before the request
			mocktest.Send(t, srv.URL, "GET /nowhere", "")
			mocktest.Exchange(t, strings.TrimPrefix(srv.URL, "http://"), "no HTTP\r\n\r\n")
			for e := s.any(); e.name != "health"; e = s.any() {
				if e.name == "changed" {
					t.Error("it is reported as a change")
				}
			}
		}
	})
}
