package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

// Whatever is large in a request counts for the journal.
func TestTheJournalCountsAllThatItKeeps(t *testing.T) {
	t.Parallel()
	const kib, limit = 1 << 10, 1 << 20
	long := strings.Repeat("x", 100*kib)
	for name, send := range map[string]func(*mockserver.Server){
		"host": func(s *mockserver.Server) {
			r := httptest.NewRequest("GET", "/applications", nil)
			r.Host = long
			s.ServeHTTP(httptest.NewRecorder(), r)
		},
		"method": func(s *mockserver.Server) { serveAs(s, long, "/applications", "any") },
		"path":   func(s *mockserver.Server) { serveAs(s, "GET", "/applications/"+long, "any") },
		"token":  func(s *mockserver.Server) { serveAs(s, "GET", "/applications", long) },
		"origin": func(s *mockserver.Server) {
			r := httptest.NewRequest("GET", "/applications", nil)
			r.Header.Set("Origin", long)
			s.ServeHTTP(httptest.NewRecorder(), r)
		},
	} {
		s, err := mockserver.New(mockserver.WithJournalLimits(1000, limit))
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			send(s)
		}
		if kept := s.Requests().Count(); kept > 10 || kept == 0 {
			t.Errorf("%s: %d requests of 100 KiB are kept in 1 MiB", name, kept)
		}
	}
}

// The body of a call is kept as it was sent, and its payload is made of it.
func TestACompressedCallIsKeptCompressed(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprintf(z, `{"a":"%s"}`, strings.Repeat("x", 200<<10))
	_ = z.Close()
	r := httptest.NewRequest("POST", "/webhooks/the_webhook_token", &packed)
	r.Header.Set("Content-Encoding", "gzip")
	r.Header.Set("Content-Type", "application/json")
	s.ServeHTTP(httptest.NewRecorder(), r)
	fired, _ := mockserver.Fired(s)
	if len(fired) != 1 || len(fired[0].Body) > 1<<10 {
		t.Fatalf("%d triggers are kept, or one with its inflated body", len(fired))
	}
	body, _ := fired[0].Payload().Data.Body.(map[string]any)
	if text, _ := body["a"].(string); len(text) != 200<<10 {
		t.Errorf("the payload has %d bytes", len(text))
	}
}

// All sandboxes share one budget: what is oldest in the largest is evicted, and
// the newest request of who sends stays.
func TestSandboxesShareOneBudget(t *testing.T) {
	t.Parallel()
	const budget = 8 << 20
	s, err := mockserver.New(mockserver.WithMemory(budget), mockserver.WithJournalLimits(1000, budget))
	if err != nil {
		t.Fatal(err)
	}
	target := "/applications?x=" + strings.Repeat("x", 100<<10)
	total := 0
	for i := range 100 {
		name := fmt.Sprint("box-", i)
		box, err := s.Sandbox(name)
		if err != nil {
			t.Fatal(err)
		}
		serveAs(s, "GET", "/__sandbox/"+name+target, "any")
		if box.Requests().Count() != 1 {
			t.Fatalf("sandbox %d has lost its newest request", i)
		}
	}
	for i := range 100 {
		box, _ := s.Sandbox(fmt.Sprint("box-", i))
		total += box.Requests().Count()
	}
	if total > 50 || total < 20 {
		t.Errorf("%d requests of 100 KiB are kept beside sandboxes in 8 MiB", total)
	}
	if held := mockserver.Held(s); held > budget {
		t.Errorf("%d bytes are held", held)
	}
	for i := range 100 {
		s.DropSandbox(fmt.Sprint("box-", i))
	}
	if held := mockserver.Held(s); held != 0 {
		t.Errorf("%d bytes are held once the sandboxes are dropped", held)
	}
}

// generating is a scenario with so many webhooks.
func generating(count int) *scenarios.Scenario {
	return &scenarios.Scenario{
		Applications: []scenarios.Application{{Name: "a", Generate: []scenarios.Generate{{Count: count, Webhook: scenarios.Webhook{Name: "w {{n}}"}}}}},
	}
}

// Sandboxes whose worlds do not fit into the budget are refused, with the reason.
func TestSandboxesOfLargeWorldsAreRefused(t *testing.T) {
	t.Parallel()
	s, send := limited(t, mockserver.WithMemory(4<<20), mockserver.WithWorld(generating(1500)))
	made := 0
	for i := range 10 {
		if _, err := s.Sandbox(fmt.Sprint("box-", i)); err == nil {
			made++
		}
	}
	if made != 2 {
		t.Errorf("%d sandboxes of 900 KB are made within 2 MiB", made)
	}
	refusal := send("GET", "/__sandbox/more/applications", "", 429)
	for _, want := range []string{"needs about 0.9 MiB", "0.2 MiB are left", "--memory, which is 4.0 MiB"} {
		if !strings.Contains(refusal, want) {
			t.Errorf("%q is missing: %s", want, refusal)
		}
	}
	send("PUT", "/__sandbox/box-0/__admin/scenario", `{"applications": [{"name": "a", "webhooks": [{"generate": {"count": 3000, "name": "w"}}]}]}`, 429)
	send("PUT", "/__sandbox/box-0/__admin/scenario", `{"applications": []}`, 200)
	send("GET", "/__sandbox/more/applications", "", 200)
}

// The default of the budget has room for three sandboxes of 200,000 webhooks.
func TestTheDefaultBudgetHasRoomForLargeSandboxes(t *testing.T) {
	t.Parallel()
	const part = 100
	s, err := mockserver.New(mockserver.WithWorld(generating(200_000 / part)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sandbox("one"); err != nil {
		t.Fatal(err)
	}
	if held := mockserver.Held(s); 3*part*held > s.Memory()/2 {
		t.Errorf("a sandbox of 200,000 webhooks takes %d bytes, and three have %d", part*held, s.Memory()/2)
	}
}

// Whatever is many in a sandbox's scenario counts in the budget.
func TestSandboxesCountTheirWholeScenario(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for name, part := range map[string]struct{ begin, each, end string }{
		"tokens":  {`auth: {tokens: [`, `{token: "token-%d", scopes: [all.User, webhooks.get]},`, `]}`},
		"users":   {`auth: {users: [`, `{email: "user-%d@example.com", password: long-secret},`, `]}`},
		"faults":  {`faults: [`, `{name: "fault-%d", path: /a, steps: [{status: 500}, {status: 501, headers: {x: z}}]},`, `]`},
		"replies": {`applications: [{name: a, webhooks: [{name: w, waitForReply: true, replies: [`, `{body: "reply-%d"},`, `]}]}]`},
	} {
		var yaml strings.Builder
		yaml.WriteString(part.begin)
		for i := range 1000 {
			fmt.Fprintf(&yaml, part.each, i)
		}
		yaml.WriteString(part.end)
		s, send := limited(t)
		text, _ := json.Marshal(map[string]string{"name": "a", "yaml": yaml.String()})
		send("POST", "/__admin/sandboxes", string(text), 200)
		if held := mockserver.Held(s); held < 2*int64(yaml.Len())+(32<<10) {
			t.Errorf("%s: %d bytes are held for a scenario of %d", name, held, yaml.Len())
		}
	}
}

// Journals evict before the tables of tokens, which clients rely on, and health
// reports both.
func TestJournalsEvictBeforeTokens(t *testing.T) {
	t.Parallel()
	s, send := limited(t, mockserver.WithMemory(1<<20), mockserver.WithScenario("strict-auth"))
	first, err := s.Token("all.User")
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 { // which take more than half of the budget
		if _, err := s.Token("all.User"); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		serveAs(s, "GET", "/applications?x="+strings.Repeat("x", 50<<10), "unknown")
	}
	if got := serveAs(s, "GET", "/applications", first).Code; got != 200 {
		t.Errorf("the first token gets %d", got)
	}
	var health struct {
		Memory struct{ Limit, Held, Evicted, TablesEvicted int64 }
	}
	if err := json.Unmarshal([]byte(send("GET", "/__admin/health", "", 200)), &health); err != nil {
		t.Fatal(err)
	}
	if m := health.Memory; m.Limit != 1<<20 || m.Held > m.Limit || m.Held == 0 || m.Evicted == 0 || m.TablesEvicted != 0 {
		t.Errorf("health reports %+v", m)
	}
}
