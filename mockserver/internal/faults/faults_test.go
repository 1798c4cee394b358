package faults_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// faulty serves the scenario of the documentation with faults.
func faulty(t testing.TB, faults ...scenarios.Fault) *mockserver.TestServer {
	t.Helper()
	return mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Clock:  scenarios.Clock{Mode: scenarios.ClockTicking, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		IDs:    scenarios.IDs{Seed: new(uint64(1))},
		Faults: faults,
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "My Application", Webhooks: []scenarios.Webhook{
			{ID: mocktest.WebhookID, Name: "My Webhook", Token: "the_webhook_token"},
		}}},
	}))
}

// statuses requests a list n times and returns the statuses.
func statuses(t testing.TB, url string, n int, lines ...string) []int {
	t.Helper()
	var got []int
	for range n {
		got = append(got, mocktest.Send(t, url, "GET "+mocktest.WebhooksPath, "", lines...).Status)
	}
	return got
}

// Which requests a fault is about.
func TestWhichRequestsAFaultMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault scenarios.Fault
		meets []string
	}{
		{"all", scenarios.Fault{}, []string{"list", "get", "post", "other", "trigger", "nowhere"}},
		{"an operation", scenarios.Fault{Operation: "webhooks.get"}, []string{"list"}},
		{"triggers", scenarios.Fault{Operation: "trigger"}, []string{"trigger"}},
		{"a method", scenarios.Fault{Method: "post"}, []string{"post", "trigger"}},
		{"a path", scenarios.Fault{Path: "/applications/*/webhooks"}, []string{"list", "post"}},
		{"a deep path", scenarios.Fault{Path: "/applications/**"}, []string{"list", "get", "post", "other"}},
		{"an application", scenarios.Fault{Application: strings.ToUpper(mocktest.ApplicationID)}, []string{"list", "get", "post", "trigger"}},
		{"a token", scenarios.Fault{Token: "special"}, []string{"get"}},
		{"a body", scenarios.Fault{Matching: `$[?@.name == "x"]`}, nil},
		{"a field of the body", scenarios.Fault{Matching: `$.name`}, []string{"post", "trigger"}},
		{"all of it", scenarios.Fault{Operation: "webhooks.post", Method: "POST", Matching: "$.name", Application: mocktest.ApplicationID}, []string{"post"}},
	} {
		c.fault.Name, c.fault.Effect = "the fault", scenarios.Effect{Status: 599}
		srv := faulty(t, c.fault)
		var met []string
		for _, r := range []struct{ name, request, body, line string }{
			{"list", "GET " + mocktest.WebhooksPath, "", ""},
			{"get", "GET " + mocktest.WebhookPath, "", "Authorization: Bearer special"},
			{"post", "POST " + mocktest.WebhooksPath, `{"name":"x"}`, "Content-Type: application/json"},
			{"other", "GET /applications/" + mocktest.MissingID, "", ""},
			{"trigger", "POST /webhooks/the_webhook_token", `{"name":"y"}`, ""},
			{"nowhere", "GET /nowhere", "", ""},
		} {
			a := mocktest.Send(t, srv.URL, r.request, r.body, append([]string{"X-Test: x"}, nonEmpty(r.line)...)...)
			if a.Status == 599 {
				met = append(met, r.name)
			}
		}
		if !slices.Equal(met, c.meets) {
			t.Errorf("%s: met by %v, want %v", c.name, met, c.meets)
		}
		srv.Requests().Fault("the fault").Times(t, len(c.meets))
		if f := srv.Faults()[0]; f.Applied != len(c.meets) || f.Matched != len(c.meets) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

func nonEmpty(line string) []string {
	if line == "" {
		return nil
	}
	return []string{line}
}

// When a fault applies to the requests that it is about. The clock ticks a
// second at each.
func TestWhenAFaultApplies(t *testing.T) {
	t.Parallel()
	begin := time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
	bad, worse := scenarios.Effect{Status: 500}, scenarios.Effect{Status: 503}
	for _, c := range []struct {
		name  string
		fault scenarios.Fault
		want  []int
	}{
		{"always", scenarios.Fault{Effect: bad}, []int{500, 500, 500}},
		{"from the 2nd", scenarios.Fault{From: 2, Effect: bad}, []int{200, 500, 500}},
		{"to the 2nd", scenarios.Fault{To: 2, Effect: bad}, []int{500, 500, 200}},
		{"the 2nd", scenarios.Fault{From: 2, To: 2, Effect: bad}, []int{200, 500, 200}},
		{"every 2nd", scenarios.Fault{Every: 2, Effect: bad}, []int{200, 500, 200, 500}},
		{"every 2nd from the 2nd", scenarios.Fault{From: 2, Every: 2, Effect: bad}, []int{200, 200, 500, 200, 500}},
		{"after a time", scenarios.Fault{After: begin.Add(2 * time.Second), Effect: bad}, []int{200, 200, 500, 500}},
		{"until a time", scenarios.Fault{Until: begin.Add(2 * time.Second), Effect: bad}, []int{500, 500, 200, 200}},
		{"disabled", scenarios.Fault{Disabled: true, Effect: bad}, []int{200}},
		{"steps", scenarios.Fault{Steps: []scenarios.Effect{worse, worse}}, []int{503, 503, 200, 200}},
		{"steps with a gap", scenarios.Fault{Steps: []scenarios.Effect{worse, {}, bad}}, []int{503, 200, 500, 200}},
		{"steps over again", scenarios.Fault{Steps: []scenarios.Effect{worse, {}}, Repeat: true}, []int{503, 200, 503, 200}},
		{"steps from the 2nd", scenarios.Fault{From: 2, Steps: []scenarios.Effect{worse}}, []int{200, 503, 200}},
	} {
		c.fault.Name = "f"
		if got := statuses(t, faulty(t, c.fault).URL, len(c.want)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	// Of several faults the first counts that applies.
	srv := faulty(t, scenarios.Fault{Name: "a", To: 1, Effect: bad}, scenarios.Fault{Name: "b", Effect: worse})
	if got := statuses(t, srv.URL, 2); !slices.Equal(got, []int{500, 503}) {
		t.Errorf("%v", got)
	}
	// Each token goes through the steps by itself.
	srv = faulty(t, scenarios.Fault{Name: "f", PerToken: true, Steps: []scenarios.Effect{worse}})
	for _, token := range []string{"one", "two"} {
		if got := statuses(t, srv.URL, 2, "Authorization: Bearer "+token); !slices.Equal(got, []int{503, 200}) {
			t.Errorf("%s: %v", token, got)
		}
	}
	// What is drawn comes from the seed: near the probability, and the same
	// again.
	fault := scenarios.Fault{Name: "f", Probability: 0.3, Effect: bad}
	first := statuses(t, faulty(t, fault).URL, 200)
	n := 0
	for _, status := range first {
		if status == 500 {
			n++
		}
	}
	if again := statuses(t, faulty(t, fault).URL, 200); !slices.Equal(first, again) || n < 40 || n > 80 {
		t.Errorf("%d of 200, and the same again: %t", n, slices.Equal(first, again))
	}
}

// Faults over HTTP and in Go.
func TestFaultsAtRunTime(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	admin := func(request, body string) mocktest.Response {
		t.Helper()
		return mocktest.Send(t, srv.URL, request, body, "Content-Type: application/json", "Authorization:")
	}
	if a := admin("POST /__admin/faults", `{"name":"flaky","operation":"webhooks.get","steps":[{"status":503,"latency":{"fixed":"1ms"}},{}]}`); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got := statuses(t, srv.URL, 3); !slices.Equal(got, []int{503, 200, 200}) {
		t.Errorf("%v", got)
	}
	list := mocktest.Decode[struct {
		Faults []struct {
			Fault            map[string]any
			Matched, Applied int
		}
	}](t, admin("GET /__admin/faults", ""))
	if len(list.Faults) != 1 || list.Faults[0].Matched != 3 || list.Faults[0].Applied != 1 || list.Faults[0].Fault["operation"] != "webhooks.get" {
		t.Errorf("%+v", list)
	}
	for _, c := range []struct {
		request, body string
		status        int
		want          string
	}{
		{"POST /__admin/faults", `{"name":"flaky","status":500}`, 409, "there is a fault of this name"},
		{"POST /__admin/faults", `{"name":"x"}`, 422, "does nothing"},
		{"POST /__admin/faults", `{"status":500}`, 422, "faults[0].name: is required"},
		{"POST /__admin/faults", `{"name":"x","status":500,"operation":"webhooks.put"}`, 422, "is not an operation of the API"},
		{"POST /__admin/faults", `{"name":"x","status":500,"answer":"forbidden"}`, 422, "can't be used with answer"},
		{"POST /__admin/faults", `{"name":"x","status":500,"matching":"name"}`, 422, "is not a JSONPath"},
		{"POST /__admin/faults", `{"name":"x","status":500,"steps":[{}]}`, 422, "can't be used with status"},
		{"POST /__admin/faults", `{"name":"x","status":500,"limitData":1}`, 422, "needs transport: limit_data"},
		{"POST /__admin/faults", `{"name":"x","status":500,"path":"{a,b}{c,d}"}`, 422, "too complex"},
		{"POST /__admin/faults", `{"name":"x","latency":{"fixed":"0s"}}`, 422, "is not a duration above 0"},
		{"POST /__admin/faults", `{"name":"x","status":500,"from":5,"to":3}`, 422, "3 is less than from (5)"},
		{"POST /__admin/faults", `{"name":"x","status":500,"application":"` + mocktest.MissingID + `"}`, 422, "is the id of no application"},
		{"PUT /__admin/faults", `{"faults":[{"name":"x","status":500,"application":"My Application"}]}`, 422, "pattern mismatch"},
		{"PUT /__admin/faults", `{}`, 422, "DELETE removes all"},
		{"POST /__admin/faults", `{`, 422, "unexpected end of JSON"},
		{"PATCH /__admin/faults/flaky", `{"disabled":true}`, 200, ""},
		{"PATCH /__admin/faults/flaky", `{}`, 422, "want"},
		{"PATCH /__admin/faults/nope", `{"disabled":true}`, 404, "there is no fault"},
		{"PUT /__admin/faults", `{"faults":[{"name":"a","status":500},{"name":"b","status":501}]}`, 200, `"name": "b"`},
		{"PUT /__admin/faults", `{"faults":[{"name":"a"}]}`, 422, "does nothing"},
		{"DELETE /__admin/faults/a", "", 200, ""},
		{"DELETE /__admin/faults/a", "", 404, "there is no fault"},
	} {
		if a := admin(c.request, c.body); a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s %s: %d %s", c.request, c.body, a.Status, a.Body)
		}
	}
	if got := statuses(t, srv.URL, 1); !slices.Equal(got, []int{501}) {
		t.Errorf("%v", got)
	}
	admin("DELETE /__admin/faults", "")
	if got := statuses(t, srv.URL, 1); !slices.Equal(got, []int{200}) {
		t.Errorf("%v", got)
	}
	if err := srv.World().AddFault(scenarios.Fault{Name: "go", Effect: scenarios.Effect{Status: 500}}); err != nil {
		t.Fatal(err)
	}
	if err := srv.World().AddFault(scenarios.Fault{Name: "nothing"}); err == nil {
		t.Error("a fault that does nothing was taken")
	}
	if got := statuses(t, srv.URL, 1); !slices.Equal(got, []int{500}) {
		t.Errorf("%v", got)
	}
	if !srv.World().RemoveFault("go") || srv.World().RemoveFault("go") || srv.World().RemoveFault("") {
		t.Error("a fault is not gone, or was there twice")
	}
	if got := statuses(t, srv.URL, 1); !slices.Equal(got, []int{200}) {
		t.Errorf("%v", got)
	}
}

// A token is held to the rate limit of the world, and told how long to wait.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		API:          scenarios.API{RateLimit: scenarios.RateLimit{Calls: 2, Per: 10 * time.Second}},
		Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	if got := statuses(t, srv.URL, 3); !slices.Equal(got, []int{200, 200, 429}) {
		t.Errorf("%v", got)
	}
	srv.AdvanceClock(4 * time.Second)
	if a := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath, ""); a.Status != 429 || a.Header.Get("Retry-After") != "6" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if got := statuses(t, srv.URL, 1, "Authorization: Bearer other"); !slices.Equal(got, []int{200}) {
		t.Errorf("another token: %v", got)
	}
	srv.AdvanceClock(6 * time.Second)
	if got := statuses(t, srv.URL, 3); !slices.Equal(got, []int{200, 200, 429}) {
		t.Errorf("%v", got)
	}
}

// The applications of a fault are those that the world has now. A world is a
// scenario also after one of them was deleted.
func TestFaultsOfApplicationsThatComeAndGo(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	made := srv.AddApplication(scenarios.Application{Name: "new"})
	srv.AddFault(scenarios.Fault{Name: "in Go", Application: made.ID, Effect: scenarios.Effect{Status: 500}})
	if a := mocktest.Send(t, srv.URL, "POST /__admin/faults", `{"name":"over HTTP","status":500,"application":"`+made.ID+`"}`, mocktest.SendsJSON); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if err := srv.World().AddFault(scenarios.Fault{Name: "x", Application: mocktest.MissingID, Effect: scenarios.Effect{Status: 500}}); err == nil || !strings.Contains(err.Error(), "is the id of no application") {
		t.Errorf("%v", err)
	}
	if n := len(srv.Scenario().Faults); n != 2 {
		t.Errorf("the scenario has %d faults", n)
	}
	mocktest.Send(t, srv.URL, "DELETE /__admin/faults/in%20Go", "")
	if a := mocktest.Send(t, srv.URL, "DELETE /applications/"+made.ID, ""); a.Status != 500 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	mocktest.Send(t, srv.URL, "PATCH /__admin/faults/over%20HTTP", `{"disabled":true}`, mocktest.SendsJSON)
	if a := mocktest.Send(t, srv.URL, "DELETE /applications/"+made.ID, ""); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := mocktest.Send(t, srv.URL, "GET /__admin/scenario", ""); a.Status != 200 || strings.Contains(a.Body, "over HTTP") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
