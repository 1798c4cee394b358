package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

const inHome = "/applications/575ec8687ae143cd83dc4a97/webhooks"

// limited returns a server, and a function that sends it a request and returns the
// body of the response, which is to have a status.
func limited(t *testing.T, options ...mockserver.Option) (*mockserver.Server, func(method, path, body string, status int) string) {
	t.Helper()
	s, err := mockserver.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	return s, func(method, path, body string, status int) string {
		t.Helper()
		w := sent(s, method, path, body)
		if w.Code != status {
			t.Errorf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, status)
		}
		return w.Body.String()
	}
}

func sent(s *mockserver.Server, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "localhost"
	r.Header.Set("Authorization", "Bearer any")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// idIn returns the id of what a response describes.
func idIn(t *testing.T, body string) string {
	t.Helper()
	var described struct{ ID string }
	if err := json.Unmarshal([]byte(body), &described); err != nil || described.ID == "" {
		t.Fatalf("%v: %s", err, body)
	}
	return described.ID
}

// fill creates things until there is no room, and returns their ids.
func fill(t *testing.T, s *mockserver.Server, path, body string) (ids []string) {
	t.Helper()
	for range 1000 {
		w := sent(s, "POST", path, body)
		if w.Code != http.StatusCreated {
			if w.Code != http.StatusTooManyRequests || !strings.HasPrefix(w.Body.String(), `{"type":"LimitReached","message":"`) {
				t.Errorf("POST %s: %d %s", path, w.Code, w.Body)
			}
			return ids
		}
		ids = append(ids, idIn(t, w.Body.String()))
	}
	t.Fatalf("%d things of %d bytes are created", len(ids), len(body))
	return nil
}

// What clients create counts in the budget, until it is deleted or the world is
// reset.
func TestWhatIsCreatedCountsInTheBudget(t *testing.T) {
	t.Parallel()
	const budget = 1 << 20
	s, send := limited(t, mockserver.WithMemory(budget))
	long := strings.Repeat("x", 10_000)
	hook := `{"name":"a","description":"` + long + `"}`
	ids := fill(t, s, inHome, hook)
	if held := mockserver.Held(s); held > budget || len(ids) < 20 || len(ids) > 60 {
		t.Errorf("%d webhooks of 10 KB are created in half of 1 MiB, %d bytes are held", len(ids), held)
	}
	send("PATCH", inHome+"/"+ids[0], `{"description":"`+long+long+`"}`, 429)
	if body := send("GET", inHome+"/"+ids[0], "", 200); !strings.Contains(body, `"`+long+`"`) {
		t.Error("a change that was refused has changed the webhook")
	}
	send("PATCH", inHome+"/"+ids[0], `{"description":"short"}`, 200)
	send("POST", inHome, hook, 201)
	send("POST", inHome, hook, 429)
	send("DELETE", inHome+"/"+ids[1], "", 200)
	send("POST", inHome, hook, 201)
	send("POST", inHome, hook, 429)
	send("POST", "/__admin/reset", "", 200)
	mocktest.Until(t, "the reset has given all back", func() bool { return mockserver.Held(s) == 0 })
	again := fill(t, s, inHome, hook)
	if len(again) != len(ids) {
		t.Errorf("%d webhooks are created, and %d after a reset", len(ids), len(again))
	}
}

// Applications count as webhooks do.
func TestCreatedApplicationsCountInTheBudget(t *testing.T) {
	t.Parallel()
	s, send := limited(t, mockserver.WithMemory(1<<20))
	ids := fill(t, s, "/applications", `{"name":"a"}`)
	longer := `{"description":"` + strings.Repeat("x", 1000) + `"}`
	for i := 0; sent(s, "PATCH", "/applications/"+ids[i], longer).Code == http.StatusOK; i++ {
		if i > 5 {
			t.Fatalf("%d applications have grown without room", i)
		}
	}
	send("PATCH", "/applications/"+ids[0], `{"name":"b"}`, 200)
}

// The limits of what a scenario generates hold for every way by which one comes.
func TestGenerateLimitsHoldOnEveryWay(t *testing.T) {
	t.Parallel()
	_, send := limited(t, mockserver.WithScenario("empty"), mockserver.WithGenerateLimits(10, 1<<20))
	generating := func(count int) string {
		return fmt.Sprintf(`{"applications": [{"name": "a", "webhooks": [{"generate": {"count": %d, "name": "w {{n}}"}}]}]}`, count)
	}
	sandbox := func(member, value string) string { return fmt.Sprintf(`{"name": "a", %q: %q}`, member, value) }
	send("POST", "/__admin/sandboxes", `{"name": "b"}`, 200)
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/__admin/sandboxes", sandbox("scenario", "paging")},
		{"POST", "/__admin/sandboxes", sandbox("yaml", generating(11))},
		{"PUT", "/__sandbox/b/__admin/scenario", generating(11)},
		{"PUT", "/__admin/scenario", generating(11)},
	} {
		if body := send(c.method, c.path, c.body, 422); !strings.Contains(body, "at most 10 are made") {
			t.Errorf("%s %s %s: %s", c.method, c.path, c.body, body)
		}
	}
	send("PUT", "/__sandbox/b/__admin/scenario", generating(10), 200)
}
