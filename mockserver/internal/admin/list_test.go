package admin_test

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// listed is a list of requests in their short form.
type listed struct {
	Requests    []row
	Meta        struct{ Total, Matched, Newest, Newer int }
	LastEventID string
}

type row struct {
	Sequence       uint64
	DurationMicros int64
}

func (l listed) sequences() string {
	var all []uint64
	for _, r := range l.Requests {
		all = append(all, r.Sequence)
	}
	return fmt.Sprint(all)
}

func gzipped(text string) string {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

func list(t *testing.T, srv *mockserver.TestServer, query string) listed {
	t.Helper()
	a := mocktest.Send(t, srv.URL, "GET /__admin/requests?summary=true&"+query, "")
	if a.Status != 200 {
		t.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	return mocktest.Decode[listed](t, a)
}

// A list is filtered, counted, sorted and cut by the server.
func TestListsAreMadeByTheServer(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	srv.AddFault(scenarios.Fault{Name: "Broken Door", Path: "/faulty", Effect: scenarios.Effect{Status: 503}})
	send := func(request, body string, lines ...string) {
		t.Helper()
		mocktest.Send(t, srv.URL, request, body, lines...)
	}
	send("GET "+mocktest.WebhooksPath+"?perPage=1", "")                                      // 1: 200
	send("POST "+mocktest.WebhooksPath, `{"name":"Straße 2e2 ÄÖ"}`, mocktest.SendsJSON)      // 2: 201
	send("POST "+mocktest.WebhooksPath, `{"nam":"x"}`, mocktest.SendsJSON)                   // 3: 400 with a violation
	send("GET /nowhere", "", "X-Trace: AbC-17")                                              // 4: 405
	send("GET /faulty", "")                                                                  // 5: 503
	send("GET "+mocktest.WebhooksPath+"/000000000000000000000000", "")                       // 6: 404
	send("POST /webhooks/the_webhook_token/north?who=Ann", "\x00\xff binary", "X-Trace: 18") // 7: 200
	for query, want := range map[string]string{
		"":                              "[7 6 5 4 3 2 1]",
		"status=404":                    "[6]",
		"status=4xx":                    "[6 4 3]",
		"status=4XX,503":                "[6 5 4 3]",
		"status=4xx,%205xx,201":         "[6 5 4 3 2]",
		"status=3xx":                    "[]",
		"errors=true":                   "[6 5 4 3]",
		"errors=false":                  "[7 6 5 4 3 2 1]",
		"errors=true&status=5xx":        "[5]",
		"errors=true&method=POST":       "[3]",
		"unmatched=true&errors=true":    "[5 4]",
		"q=PERPAGE":                     "[1]",
		"q=pErPaGe%3D1":                 "[1]",
		"q=webhooks.post":               "[3 2]",
		"q=stra%C3%9Fe":                 "[2]",
		"q=%C3%A4%C3%B6":                "[2]",
		"q=2E2":                         "[2]",
		"q=abc-17":                      "[4]",
		"q=x-trace:%20a":                "[4]",
		"q=X-Trace%3A1":                 "[7]",
		"q=host:%20127":                 "[7 6 5 4 3 2 1]",
		"q=webhook.name%20is":           "[3]",
		"q=broken%20door":               "[5]",
		"q=%00":                         "[7]",
		"q=content-type:%20application": "[7 6 5 4 3 2 1]",
		"q=was%20not%20found":           "[6]",
		"q=nothing%20of%20the%20sort":   "[]",
		"q=.*":                          "[]",
		"sort=status":                   "[5 4 6 3 2 7 1]",
		"sort=status&direction=asc":     "[1 7 2 3 6 4 5]",
		"direction=asc":                 "[1 2 3 4 5 6 7]",
		"sort=sequence":                 "[7 6 5 4 3 2 1]",
		"sort=time&direction=asc":       "[1 2 3 4 5 6 7]",
		"sort=method&direction=asc":     "[1 4 5 6 2 3 7]",
		"sort=target&direction=asc":     "[2 3 6 1 5 4 7]",
		"sort=operation&direction=asc&errors=false": "[4 5 7 6 1 2 3]",
		"limit=2":                             "[7 6]",
		"limit=2&offset=3":                    "[4 3]",
		"offset=6":                            "[1]",
		"offset=7":                            "[]",
		"offset=2000000000":                   "[]",
		"upTo=4":                              "[4 3 2 1]",
		"upTo=4&status=4xx&direction=asc":     "[3 4]",
		"upTo=0":                              "[]",
		"upTo=99":                             "[7 6 5 4 3 2 1]",
		"upTo=5&limit=1&offset=1&sort=status": "[4]",
	} {
		if got := list(t, srv, query).sequences(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	all := list(t, srv, "sort=duration&direction=asc")
	if !slices.IsSortedFunc(all.Requests, func(a, b row) int { return cmp.Compare(a.DurationMicros, b.DurationMicros) }) || len(all.Requests) != 7 {
		t.Errorf("by duration: %+v", all)
	}
	for query, want := range map[string]string{
		"":                        "{7 7 7 0}",
		"limit=1":                 "{7 7 7 0}",
		"status=4xx":              "{7 3 7 0}",
		"status=4xx&upTo=4":       "{7 2 7 1}",
		"errors=true&upTo=3":      "{7 1 7 3}",
		"q=webhooks.post&upTo=99": "{7 2 7 0}",
	} {
		if got := fmt.Sprint(list(t, srv, query).Meta); got != want {
			t.Errorf("%s: kept, matched, newest and newer are %s, want %s", query, got, want)
		}
	}
	export := mocktest.Send(t, srv.URL, "GET /__admin/requests/export?format=jsonl&errors=true&q=nowhere", "")
	if export.Status != 200 || strings.Count(export.Body, "\n") != 1 {
		t.Errorf("the export has %s", export.Body)
	}
}

// What a list can't understand is refused, with its place and what to write.
func TestListsRefuseWhatTheyDoNotUnderstand(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for _, c := range []struct {
		query  string
		status int
		want   string
	}{
		{"status=6xx", 400, `\"6xx\" is neither a status such as 404 nor a class such as 4xx`},
		{"status=4xx,", 400, `\"\" is neither a status`},
		{"status=-1", 400, `\"-1\" is neither a status`},
		{"status=4xx,999", 422, `want a status from 100 to 599, not \"999\"`},
		{"errors=1", 422, `\"1\" is neither true nor false`},
		{"sort=age", 422, `\"age\" is none of duration, method, operation, sequence, status, target, time`},
		{"direction=up", 422, `\"up\" is none of asc, desc`},
		{"upTo=x", 400, "x is not a whole number"},
		{"offset=-1", 400, "-1 is not a whole number"},
		{"q=", 422, "q is blank"},
		{"q=" + strings.Repeat("x", 1001), 400, "has 1001 bytes: 1000 are allowed"},
	} {
		a := mocktest.Send(t, srv.URL, "GET /__admin/requests?"+c.query, "")
		name, _, _ := strings.Cut(c.query, "=")
		if a.Status != c.status || !strings.Contains(a.Body, c.want) || !strings.Contains(a.Body, `"pointer": "`+name+`"`) {
			t.Errorf("%s: %d %s, want %d with %s", c.query, a.Status, a.Body, c.status, c.want)
		}
	}
}

// A text is found in a body that was sent compressed.
func TestTextsAreFoundInCompressedBodies(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, gzipped(`{"name":"Packed Door"}`), mocktest.SendsJSON, "Content-Encoding: gzip")
	if got := list(t, srv, "q="+url.QueryEscape(`:"packed`)).sequences(); got != "[1]" {
		t.Errorf("finds %s", got)
	}
}

// Rows stay where they are while requests arrive, and the requests that arrive are
// counted.
func TestRowsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	for n := range 5 {
		mocktest.Send(t, srv.URL, fmt.Sprintf("GET /before/%d", n), "")
	}
	first := list(t, srv, "limit=2")
	for n := range 3 {
		mocktest.Send(t, srv.URL, fmt.Sprintf("GET /later/%d", n), "")
	}
	query := fmt.Sprintf("limit=2&upTo=%d", first.Meta.Newest)
	if again := list(t, srv, query); again.sequences() != first.sequences() || again.Meta.Newer != 3 || again.Meta.Matched != 5 {
		t.Errorf("%+v, and before %+v", again, first)
	}
	if second := list(t, srv, query+"&offset=2"); second.sequences() != "[3 2]" {
		t.Errorf("the second page has %s", second.sequences())
	}
}

// triggerRows is a list of triggers in their short form.
type triggerRows struct {
	Triggers []struct {
		Sequence uint64
		Payload  any
		ReplyID  string
		Waiting  bool
	}
	Meta struct{ Total, Matched, Newest, Newer int }
}

func (l triggerRows) sequences() string {
	var all []uint64
	for _, t := range l.Triggers {
		all = append(all, t.Sequence)
	}
	return fmt.Sprint(all)
}

// Triggers are listed, counted and cut as requests are.
func TestTriggersAreListedAsRequestsAre(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	held := srv.AddWebhook(scenarios.Webhook{Name: "Held", WaitForReply: true})
	replies := make(chan int)
	call := func(body string) {
		a, err := http.Post(srv.URL+"/webhooks/"+held.Token, "application/json", strings.NewReader(body))
		if err != nil {
			replies <- 0
			return
		}
		a.Body.Close()
		replies <- a.StatusCode
	}
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token/first", `{"n":1}`, mocktest.SendsJSON) // 1
	go call(`{"n":2}`)
	srv.Triggers().Webhook("Held").Within(2*time.Minute).Times(t, 1) // 2
	go call(`{"n":3}`)
	srv.Triggers().Webhook("Held").Within(2*time.Minute).Times(t, 2)                                  // 3
	mocktest.Send(t, srv.URL, "POST /webhooks/the_webhook_token/last", `{"n":4}`, mocktest.SendsJSON) // 4
	list := func(query string) triggerRows {
		t.Helper()
		a := mocktest.Send(t, srv.URL, "GET /__admin/triggers?"+query, "")
		if a.Status != 200 || strings.Contains(query, "summary=true") && strings.Contains(a.Body, "payload") {
			t.Fatalf("%s: %d %s", query, a.Status, a.Body)
		}
		return mocktest.Decode[triggerRows](t, a)
	}
	requests := srv.Requests().All()
	for query, want := range map[string]string{
		"":                          "[4 3 2 1] {4 4 4 0}",
		"limit=2":                   "[4 3] {4 4 4 0}",
		"limit=2&offset=1":          "[3 2] {4 4 4 0}",
		"offset=9":                  "[] {4 4 4 0}",
		"upTo=2":                    "[2 1] {4 2 4 2}",
		"waiting=true":              "[3 2] {4 2 4 0}",
		"waiting=true&upTo=2":       "[2] {4 1 4 1}",
		"waiting=false":             "[4 3 2 1] {4 4 4 0}",
		"sequence=3":                "[3] {4 1 4 0}",
		"sequence=9":                "[] {4 0 4 0}",
		"sequence=0":                "[] {4 0 4 0}",
		"webhook=Held&limit=1":      "[3] {4 2 4 0}",
		"request=" + requests[1].ID: "[2] {4 1 4 0}",
		"request=" + strings.ToUpper(requests[3].ID):   "[4] {4 1 4 0}",
		"request=00000000-0000-0000-0000-000000000000": "[] {4 0 4 0}",
	} {
		for _, summary := range []string{"true", "false"} {
			got := list(strings.TrimPrefix(query+"&summary="+summary, "&"))
			if shown := got.sequences() + " " + fmt.Sprint(got.Meta); shown != want {
				t.Errorf("%s: %s, want %s", query, shown, want)
			}
		}
	}
	for query, want := range map[string]string{
		"request=x":  "x is not a valid UUID",
		"sequence=x": "x is not a whole number",
		"waiting=1":  `\"1\" is neither true nor false`,
		"upTo=-1":    "-1 is not a whole number",
		"summary=":   "summary is blank",
		"sort=time":  `no parameter \"sort\"`,
		"sequenc=1":  `did you mean`,
	} {
		if a := mocktest.Send(t, srv.URL, "GET /__admin/triggers?"+query, ""); a.Status < 400 || a.Status >= 500 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %s, want %s", query, a.Status, a.Body, want)
		}
	}
	waiting := list("summary=true&waiting=true").Triggers
	if len(waiting) != 2 {
		t.Fatalf("%+v wait", waiting)
	}
	for _, one := range waiting {
		mocktest.Send(t, srv.URL, "POST /__admin/replies/"+one.ReplyID, `{"status":202}`, mocktest.SendsJSON)
		if status := <-replies; status != 202 || !one.Waiting {
			t.Errorf("%+v got %d", one, status)
		}
	}
	if left := list("summary=true&waiting=true"); len(left.Triggers) != 0 {
		t.Errorf("after the replies wait %+v", left)
	}
}
