package world_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
	"pgregory.net/rapid"
)

func saved(t interface{ Fatal(...any) }, v *mockserver.World) string {
	text, err := v.Scenario().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// loadAgain serves what was saved.
func loadAgain(t interface{ Fatal(...any) }, text string) *mockserver.Server {
	s, err := scenarios.Parse("saved", []byte(text))
	if err != nil {
		t.Fatal(err, text)
	}
	again, err := mockserver.New(mockserver.WithWorld(s))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// Saving, loading and saving again changes nothing, for every scenario that
// comes with the package.
func TestSavingIsAFixedPoint(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for _, name := range scenarios.BuiltIns() {
		s, err := mockserver.New(mockserver.WithScenario(name))
		if err != nil {
			t.Fatal(err)
		}
		first := saved(t, s.World)
		if second := saved(t, loadAgain(t, first).World); second != first {
			t.Errorf("%s: %s", name, cmp.Diff(first, second))
		}
	}
}

// The same for worlds that are drawn, and that clients have changed.
func TestSavingAnyWorldIsAFixedPoint(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ09eE_xo :#-'\"\\\n\t{}[]&*!|>%@é😀\u2028null~true1.0")), 1, 20, -1)
	maybe := rapid.OneOf(rapid.Just(""), text)
	webhook := rapid.Custom(func(t *rapid.T) scenarios.Webhook {
		h := scenarios.Webhook{
			Name: text.Draw(t, "name"), Description: maybe.Draw(t, "description"), VerificationCode: maybe.Draw(t, "code"),
			BasicAuthUsername: maybe.Draw(t, "user"), BasicAuthPassword: maybe.Draw(t, "password"),
			ResponseCode:     rapid.SampledFrom([]int{0, 100, 200, 599}).Draw(t, "status"),
			VerificationType: rapid.SampledFrom([]string{"", "none", "alexa", "twilio"}).Draw(t, "type"),
			WaitForReply:     rapid.Bool().Draw(t, "waits"), IsWebsocket: rapid.Bool().Draw(t, "socket"),
			CastBuffersAs: rapid.SampledFrom([]string{"", "hex", "array"}).Draw(t, "cast"), AnnotateMultipart: rapid.Bool().Draw(t, "annotate"),
		}
		if rapid.Bool().Draw(t, "disabled") {
			h.Enabled = new(false)
		}
		if h.WaitForReply && rapid.Bool().Draw(t, "replies") {
			h.Reply = &scenarios.Reply{Status: 201, Body: "{{.data.path}}" + strings.ReplaceAll(maybe.Draw(t, "body"), "{{", ""), Delay: time.Duration(rapid.IntRange(0, 3).Draw(t, "delay")) * time.Millisecond}
		}
		if rapid.Bool().Draw(t, "dated") {
			h.CreationDate = time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "created")).UTC()
			h.LastUpdated = h.CreationDate.Add(time.Second)
		}
		return h
	})
	checks := size.Of(100, 500, 100_000)
	done := 0
	rapid.Check(t, func(t *rapid.T) {
		// rapid runs a hundred times: each run draws a batch of worlds.
		for range checks / 100 {
			world := &scenarios.Scenario{
				Name: maybe.Draw(t, "name"), IDs: scenarios.IDs{Seed: new(rapid.Uint64Range(0, 1<<50).Draw(t, "seed"))},
				Applications: []scenarios.Application{{Name: text.Draw(t, "application"), Webhooks: rapid.SliceOfN(webhook, 0, 3).Draw(t, "webhooks")}},
			}
			if rapid.Bool().Draw(t, "fixed") {
				world.Clock = scenarios.Clock{Mode: scenarios.ClockFixed, At: time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "now")).UTC()}
			}
			if rapid.Bool().Draw(t, "strict") {
				world.Auth = scenarios.Auth{Mode: scenarios.AuthStrict, Tokens: []scenarios.Token{{Token: text.Draw(t, "token"), Scopes: []string{"all.User"}}}}
			}
			if rapid.Bool().Draw(t, "faulty") {
				world.Faults = []scenarios.Fault{{Name: text.Draw(t, "fault"), Probability: 0.5, From: 2, Steps: []scenarios.Effect{{Status: 503, Body: maybe.Draw(t, "answer")}, {}}}}
			}
			s, err := mockserver.New(mockserver.WithWorld(world))
			if err != nil {
				t.Fatal(err)
			}
			token, err := s.Token()
			if err != nil {
				t.Fatal(err)
			}
			request := httptest.NewRequest(http.MethodPost, "/applications/"+s.Applications()[0].ID+"/webhooks?access_token="+token, strings.NewReader(`{"name":"created"}`))
			request.Header.Set("Content-Type", "application/json")
			s.ServeHTTP(httptest.NewRecorder(), request)
			first := saved(t, s.World)
			if second := saved(t, loadAgain(t, first).World); second != first {
				t.Fatal(cmp.Diff(first, second))
			}
			done++
		}
	})
	if done < checks {
		t.Errorf("only %d worlds", done)
	}
}

// The state goes out and in over HTTP: clients find the same again.
func TestTheStateOverHTTP(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"created","description":"a: b # c"}`, "Content-Type: application/json")
	before := mocktest.Send(t, srv.URL, "GET "+mocktest.WebhooksPath+"?perPage=1000", "")
	out := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "")
	// Not under the name of the program's settings.
	if out.Status != 200 || out.Header.Get("Content-Type") != "application/yaml" || out.Header.Get("Content-Disposition") != `attachment; filename="scenario.yaml"` || !strings.Contains(out.Body, "name: created") {
		t.Fatalf("%d %v", out.Status, out.Header)
	}
	other := mockserver.Start(t, mockserver.WithScenario("empty"))
	mocktest.Send(t, other.URL, "GET /applications", "")
	if a := mocktest.Send(t, other.URL, "PUT /__admin/scenario", out.Body, "Content-Type: application/yaml"); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if after := mocktest.Send(t, other.URL, "GET "+mocktest.WebhooksPath+"?perPage=1000", ""); after.Body != before.Body {
		t.Error(cmp.Diff(before.Body, after.Body))
	}
	other.Requests().Operation("applications.get").Once(t) // the journal goes on
	for _, c := range []struct{ body, kind, want string }{
		{"bogus: 1", "application/yaml", "scenario:1:1: bogus: is not a known key"},
		{"", "application/yaml", "the file is empty"},
		{out.Body[:len(out.Body)/2] + "{", "application/yaml", "scenario:"},
	} {
		if a := mocktest.Send(t, other.URL, "PUT /__admin/scenario", c.body, "Content-Type: "+c.kind); a.Status != 422 || !strings.Contains(a.Body, c.want) {
			t.Errorf("%.20q: %d %s", c.body, a.Status, a.Body)
		}
	}
	if a := mocktest.Send(t, other.URL, "PUT /__admin/scenario", "{}", "Content-Type: text/plain"); a.Status != 415 {
		t.Errorf("%d", a.Status)
	}
	if after := mocktest.Send(t, other.URL, "GET "+mocktest.WebhooksPath+"?perPage=1000", ""); after.Body != before.Body {
		t.Error("a scenario that was refused changed the world")
	}
}

// Whatever the API takes can be saved and loaded: clients find the same again.
func TestWhatTheAPITakesIsSaved(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	var wide strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&wide, `"key%d":%d,`, i, i)
	}
	repo := func(members string) string {
		return `{"name":"a","archiveConfig":{"applicationExportOptions":{"credentialName":"c","repo":{` + members + `}}}}`
	}
	for name, body := range map[string]string{
		"control characters":          repo(`"branch":"a\u007fb\u0080c\u0085d\ufffee\uffff\u0001\u2028","\u0080":"\u0000"`),
		"texts that look like others": repo(`"branch":"2016-06-13","a":"no","b":"1e3","c":"~","d":"<<","e":"${HOME}","${HOME}":"$${HOME}","f":" ","g":"*x","h":"a: b # c"`),
		"numbers":                     repo(`"a":1e21,"b":1e-7,"c":-0.5,"d":123456789012345680000,"e":1e400,"f":-1e400,"g":0`),
		"a date with a blank":         `{"name":"a","expUserTokenCutoff":"2016-06-13 04:00:00Z"}`,
		"a date that is none":         `{"name":"a","expUserTokenCutoff":"2016-00-99T99:99:99z"}`,
		"a deep value":                repo(`"deep":` + strings.Repeat(`{"a":[`, 4_990) + strings.Repeat(`]}`, 4_990)),
		"a wide value":                repo(wide.String() + `"last":null`),
		"a name with a reference":     `{"name":"${HOME} $${HOME} $ {","description":"\u0085\u007f"}`,
	} {
		srv, other := mockserver.Start(t, mockserver.WithScenario("empty")), mockserver.Start(t, mockserver.WithScenario("empty"))
		created := mocktest.Send(t, srv.URL, "POST /applications", body, mocktest.SendsJSON)
		if created.Status != http.StatusCreated {
			t.Errorf("%s: %d %s", name, created.Status, created.Body)
			continue
		}
		saved := mocktest.Send(t, srv.URL, "GET /__admin/scenario", "")
		if loaded := mocktest.Send(t, other.URL, "PUT /__admin/scenario", saved.Body, "Content-Type: application/yaml"); loaded.Status != http.StatusOK {
			t.Errorf("%s: %d %.300s %.300s", name, loaded.Status, loaded.Body, saved.Body)
			continue
		}
		list := "GET /applications"
		if before, after := mocktest.Send(t, srv.URL, list, ""), mocktest.Send(t, other.URL, list, ""); before.Body != after.Body {
			t.Errorf("%s: %s", name, cmp.Diff(before.Body, after.Body))
		}
		srv.Reset() // the journals hold the bodies
	}
	// The API's notion of an email is loose.
	if s, err := scenarios.Parse("f", []byte(`auth: {users: [{email: "a@b@c", password: correct horse}, {email: "@", password: correct horse}]}`)); err != nil || len(s.Auth.Users) != 2 {
		t.Error(err)
	}
}

// The clock is put to an instant and on, over HTTP, in every mode.
func TestTheClockIsPutOn(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"real", "fixed", "ticking"} {
		clock := scenarios.Clock{Mode: mode}
		if mode != "real" {
			clock.At = time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
		}
		srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Clock: clock, Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}}}))
		put := func(body string, status int) {
			t.Helper()
			if a := mocktest.Send(t, srv.URL, "POST /__admin/clock", body, "Content-Type: application/json"); a.Status != status {
				t.Errorf("%s: %s: %d %s", mode, body, a.Status, a.Body)
			}
		}
		created := func() string {
			t.Helper()
			a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, "Content-Type: application/json")
			return mocktest.Decode[mocktest.ListItem](t, a).CreationDate[:19]
		}
		put(`{"now":"2030-01-01T00:00:00Z"}`, 200)
		if got := created(); got != "2030-01-01T00:00:00" {
			t.Errorf("%s: %s", mode, got)
		}
		put(`{"advance":"48h"}`, 200)
		if got := created(); got[:18] != "2030-01-03T00:00:0" {
			t.Errorf("%s: %s", mode, got)
		}
		put(`{"advance":"-8784h"}`, 200)
		if got := created(); got[:11] != "2029-01-02T" {
			t.Errorf("%s: %s", mode, got)
		}
		for _, bad := range []string{`{}`, `{"advance":"soon"}`, `{"now":"soon"}`, `{"now":"2030-01-01T00:00:00Z","advance":"1s"}`, `{"bogus":1}`, `x`} {
			put(bad, 422)
		}
		if a := mocktest.Send(t, srv.URL, "GET /__admin/clock", ""); !strings.Contains(a.Body, `"mode": "`+mode+`"`) || !strings.Contains(a.Body, "2029-01-02T") {
			t.Errorf("%s", a.Body)
		}
	}
}

// With a clock that is not real and a seed, the same traffic gives the same
// bytes, in responses and in the journal.
func TestTwoRunsAreTheSame(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for _, mode := range []string{scenarios.ClockFixed, scenarios.ClockTicking} {
		world := &scenarios.Scenario{
			Clock:    scenarios.Clock{Mode: mode, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)},
			IDs:      scenarios.IDs{Seed: new(uint64(42))},
			Pedantic: &scenarios.Pedantic{Seed: new(uint64(7))},
			Auth:     scenarios.Auth{Users: []scenarios.User{{Email: "dev@example.com", Password: "correct horse"}}},
			Triggers: scenarios.Triggers{ReplyTimeout: time.Millisecond},
			Faults: []scenarios.Fault{
				{Name: "sometimes", Probability: 0.2, Effect: scenarios.Effect{Status: 503}},
				{Name: "slow", Every: 7, Effect: scenarios.Effect{Latency: &scenarios.Latency{Median: time.Millisecond, Sigma: 1}}},
			},
			Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Webhooks: []scenarios.Webhook{
				{ID: mocktest.WebhookID, Name: "same", Token: "t"}, {Name: "same"}, {Name: "same", WaitForReply: true, Token: "waits"},
			}}},
		}
		run := func() string {
			s, err := mockserver.New(mockserver.WithWorld(world))
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for i := range 200 {
				method, target, body := "GET", mocktest.WebhooksPath+"?sortField=name", ""
				switch i % 10 {
				case 0:
					method, target, body = "POST", mocktest.WebhooksPath, `{"name":"same"}`
				case 1:
					target = mocktest.WebhookPath
				case 2:
					method, target, body = "POST", "/auth/user", `{"email":"dev@example.com","password":"correct horse"}`
				case 3:
					method, target, body = "POST", mocktest.WebhooksPath, `{"name":1}`
				case 4:
					method, target = "PUT", "/webhooks/t"
				case 5:
					method, target = "PUT", "/webhooks/waits"
				case 6:
					method, target, body = "PATCH", mocktest.WebhookPath, fmt.Sprintf(`{"description":"%d"}`, i)
				}
				request := httptest.NewRequest(method, target, strings.NewReader(body))
				request.Header.Set("Authorization", "Bearer any")
				request.Header.Set("Content-Type", "application/json")
				recorded := httptest.NewRecorder()
				s.ServeHTTP(recorded, request)
				var headers bytes.Buffer
				_ = recorded.Header().Write(&headers)
				fmt.Fprintf(&all, "%d\n%s%s\n", recorded.Code, headers.String(), recorded.Body)
			}
			if err := journal.Export(&all, "jsonl", s.Requests().All(), true); err != nil {
				t.Fatal(err)
			}
			return all.String()
		}
		if first, second := run(), run(); first != second || len(first) < 10_000 {
			t.Errorf("%s: %s", mode, cmp.Diff(first, second))
		}
	}
}

// A seeded world that is loaded again begins its sequence of ids anew: those
// that are taken are passed over.
func TestASeededWorldGoesOnAfterLoading(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{
		Clock: scenarios.Clock{Mode: scenarios.ClockFixed, At: time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)}, IDs: scenarios.IDs{Seed: new(uint64(1))},
		Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for _, target := range []string{mocktest.WebhooksPath, "/applications"} {
			if w := mocktest.Serve(s, "POST", target, `{"name":"x"}`); w.Code != 201 {
				t.Fatalf("%s: %d %s", target, w.Code, w.Body)
			}
		}
		s = loadAgain(t, saved(t, s.World))
	}
	if w := mocktest.Serve(s, "GET", mocktest.WebhooksPath, ""); !strings.Contains(w.Body.String(), `"totalCount":3`) {
		t.Errorf("%s", w.Body)
	}
}
