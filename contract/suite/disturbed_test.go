package suite_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/suite"
)

// breaks returns the findings of a report that break the contract.
func breaks(r *report.Report) []report.CountedFinding {
	return slices.DeleteFunc(r.Findings(), func(f report.CountedFinding) bool { return f.Verdict != contract.Breaks })
}

// do sends a request to a handler as somebody else than the suite.
func do(h http.Handler, method, target, body string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+allUser)
	r.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(httptest.NewRecorder(), r)
}

// Others create and change webhooks while the suite runs, all the time or once.
func TestOthersBreakNoContract(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for _, write := range []bool{false, true} {
		for _, once := range []bool{false, true} {
			stub := standIn(t, "paging")
			var requests, armed atomic.Int32
			server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n := requests.Add(1)
				if once && armed.Load() > 0 && armed.Add(1) == 3 || !once && n%2 == 0 {
					do(stub, "POST", hooks, fmt.Sprintf(`{"name":"of somebody else %d"}`, n))
					do(stub, "PATCH", hooks+"/"+aHook, fmt.Sprintf(`{"name":"changed %d"}`, n))
				}
				stub.ServeHTTP(w, r)
			}))
			s := newSuite(t, server.URL)
			s.Write, s.AnyToken = write, true
			s.Progress = func(_, _ int, title string) {
				if title == "pages of a list" {
					armed.Store(1)
				}
			}
			result := s.Run(t.Context())
			if found := breaks(result); len(found) > 0 {
				t.Errorf("once %t, write %t: %+v", once, write, found)
			}
			if !write && !strings.Contains(text(result), "changed by others") {
				t.Errorf("once %t: no case was disturbed:\n%s", once, text(result))
			}
		}
	}
}

// Runs side by side on one application know their own webhooks only: here the second
// run begins and ends while the first one reads pages.
func TestRunsSideBySide(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	server := serve(t, standIn(t, "strict-auth"))
	first, second := newSuite(t, server.URL), newSuite(t, server.URL)
	first.Write, second.Write = true, true
	conforms := func(result *report.Report) {
		if result.Verdict != contract.Conforms || len(result.LeftBehind) > 0 {
			t.Errorf("%s", text(result))
		}
	}
	var once sync.Once
	first.Observe = func(title string, _ *contract.Exchange) {
		if title == "pages of a list" {
			once.Do(func() { conforms(second.Run(t.Context())) })
		}
	}
	conforms(first.Run(t.Context()))
	once.Do(func() { t.Error("the second run did not begin") })
}

// A call without a response loses its own step: the others of its case are tried.
func TestALostStepLosesNoCase(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"503":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
		"HTML of a proxy": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(500)
		},
	} {
		stub := standIn(t, "strict-auth")
		posts := 0
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if creates(r) {
				if posts++; posts%7 == 3 {
					stub.ServeHTTP(httptest.NewRecorder(), r) // its response is lost
					fault(w, r)
					return
				}
			}
			stub.ServeHTTP(w, r)
		}))
		before := fetch(t, server.URL+hooks+"?access_token="+allUser)
		s := newSuite(t, server.URL)
		s.Write = true
		result := s.Run(t.Context())
		if result.Verdict != contract.CouldNotCheck || result.Requests < 500 || len(result.LeftBehind) > 0 {
			t.Errorf("%s: %s", name, text(result))
		}
		if after := fetch(t, server.URL+hooks+"?access_token="+allUser); after != before {
			t.Errorf("%s: the run left\n%s", name, after)
		}
	}
}

// A wrong refusal is one finding, and what follows from it stands beneath.
func TestAWrongRefusalIsOneFinding(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	refused := func(when func(*http.Request) bool) http.Handler {
		return changed(when, func(_ *http.Request, a *altered) {
			if a.status < 300 {
				a.status, a.fields = 403, object{"type": "Forbidden", "message": "Access is forbidden"}
			}
		})(standIn(t, "strict-auth"))
	}
	for name, test := range map[string]struct {
		when         func(*http.Request) bool
		consequences bool
	}{
		"creating": {creates, true}, "reading": {readsOne, true}, "changing": {method("PATCH"), true}, "deleting": {method("DELETE"), true},
		"one order": {func(r *http.Request) bool { return r.URL.Query().Get("sortField") == "lastUpdated" }, false},
	} {
		s := newSuite(t, serve(t, refused(test.when)).URL)
		s.Write = true
		result := s.Run(t.Context())
		causes := 0
		for _, check := range result.Checks {
			causes += len(check.Findings)
		}
		if causes != 1 || len(result.Findings()) > 1 != test.consequences || result.Verdict != contract.Breaks {
			t.Errorf("%s: %d findings:\n%s", name, causes, text(result))
		}
	}
}

// A run ends when its time is over, and when the server is gone.
func TestARunHasAnEnd(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	requests := 0
	gone := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests > 100 {
			panic(http.ErrAbortHandler)
		}
		stub.ServeHTTP(w, r)
	}))
	s := newSuite(t, gone.URL)
	s.Write = true
	result := s.Run(t.Context())
	if out := text(result); !strings.Contains(out, "gave up") || !strings.Contains(out, "left behind: ") || requests > 200 || result.Verdict != contract.CouldNotCheck {
		t.Errorf("%d requests: %s", requests, out)
	}
	s = newSuite(t, serve(t, standIn(t, "strict-auth")).URL)
	s.MaxTime = time.Nanosecond
	if out := text(s.Run(t.Context())); !strings.Contains(out, "the run took longer than 1ns") {
		t.Error(out)
	}
}

// What could not be deleted is in every format, and so is what may be there.
func TestWhatIsLeftBehind(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for name, c := range map[string]struct {
		fails func(*http.Request) bool
		want  string
	}{
		"deleting":             {method("DELETE"), "left behind: " + hooks + "/"},
		"listing and creating": {func(r *http.Request) bool { return creates(r) || listing(r) }, "may have left behind: " + suite.NamePrefix + "one-*"},
	} {
		stub := standIn(t, "strict-auth")
		server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !c.fails(r) {
				stub.ServeHTTP(w, r)
				return
			}
			if creates(r) {
				stub.ServeHTTP(httptest.NewRecorder(), r)
			}
			w.WriteHeader(500)
		}))
		s := newSuite(t, server.URL)
		s.Write, s.RunID = true, "one"
		result := s.Run(t.Context())
		for _, format := range report.Formats() {
			var b bytes.Buffer
			if err := result.Write(&b, format); err != nil {
				t.Fatal(err)
			}
			out := strings.ReplaceAll(b.String(), `\`, "")
			if !strings.Contains(out, c.want) {
				t.Errorf("%s, %s: want %s in\n%s", name, format, c.want, out)
			}
		}
	}
}

// What earlier runs left is found by its name, on all pages, and by its age.
func TestCleanUp(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	server := serve(t, before(listing, func(r *http.Request) { // which ignores the filter and the size of a page
		rewriteQuery(r, func(q url.Values) { q.Del("filter"); q.Set("perPage", "2") })
	})(stub))
	was := fetch(t, server.URL+hooks+"?access_token="+allUser)
	for i := range 5 {
		do(stub, "POST", hooks, fmt.Sprintf(`{"name":"%sold-%d"}`, suite.NamePrefix, i))
	}
	client := newSuite(t, server.URL).Client
	for _, c := range []struct {
		olderThan time.Duration
		want      int
	}{{time.Hour, 0}, {0, 5}, {0, 0}} {
		deleted, err := suite.CleanUp(t.Context(), client, app, c.olderThan)
		if err != nil || len(deleted) != c.want {
			t.Errorf("%v: %v, %v", c, deleted, err)
		}
	}
	if is := fetch(t, server.URL+hooks+"?access_token="+allUser); is != was {
		t.Errorf("was %s, is %s", was, is)
	}
}

// A server that refuses a DELETE without a body gets one.
func TestCleanUpSendsABody(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	for _, status := range []int{400, 411, 415} {
		server := serve(t, fails(both(deletes, has("Content-Type", "")), status)(stub))
		do(stub, "POST", hooks, fmt.Sprintf(`{"name":"%sold"}`, suite.NamePrefix))
		if deleted, err := suite.CleanUp(t.Context(), newSuite(t, server.URL).Client, app, 0); err != nil || len(deleted) != 1 {
			t.Errorf("%d: %v, %v", status, deleted, err)
		}
	}
}

// A webhook that can't be deleted keeps no other from being deleted.
func TestCleanUpTriesAll(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	refused := false
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete && !refused {
			refused = true
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		stub.ServeHTTP(w, r)
	}))
	for i := range 3 {
		do(stub, "POST", hooks, fmt.Sprintf(`{"name":"%sold-%d"}`, suite.NamePrefix, i))
	}
	deleted, err := suite.CleanUp(t.Context(), newSuite(t, server.URL).Client, app, 0)
	if stays := fmt.Sprint(err); len(deleted) != 2 || strings.Count(stays, " stays: the response to DELETE is 500") != 1 {
		t.Errorf("%v, %s", deleted, stays)
	}
}

// A server that deletes nothing, though it says so, is asked a few times.
func TestCleaningUpEnds(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	stub := standIn(t, "strict-auth")
	deletes := 0
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			deletes++
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"success":true}`))
			return
		}
		stub.ServeHTTP(w, r)
	}))
	s := newSuite(t, server.URL)
	s.Write = true
	last := ""
	s.Progress = func(_, _ int, title string) { last = title }
	result := s.Run(t.Context())
	if deletes > 2_000 || len(result.LeftBehind) == 0 || last != "cleaning up" {
		t.Errorf("%d requests to delete, the last case %q: %s", deletes, last, text(result))
	}
}

// An id that is none leads to another path, which is neither changed nor deleted.
func TestPathsOfIDsThatAreNone(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	var upwards atomic.Int32
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if (r.Method == http.MethodDelete || r.Method == http.MethodPatch) && strings.Contains(r.URL.Path, "/webhooks/..") {
			upwards.Add(1)
		}
		changed(all, func(_ *http.Request, a *altered) {
			if a.status == http.StatusCreated {
				a.fields["id"] = ".."
			}
			for _, item := range a.items() {
				item.(object)["id"] = ".."
			}
		})(stub).ServeHTTP(w, r)
	}))
	s := newSuite(t, server.URL)
	s.Write = true
	if result := s.Run(t.Context()); upwards.Load() > 0 || !strings.Contains(text(result), "may have left behind: "+suite.NamePrefix) {
		t.Errorf("%d requests to another path: %s", upwards.Load(), text(result))
	}
}

// At most two log-in attempts are made, unless more are asked for.
func TestLogInAttemptsAreFew(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for asked, most := range map[int]int{0: 2, 1: 1} {
		attempts := 0
		server := changed(both(method("POST"), logsIn), func(_ *http.Request, a *altered) {
			if a.status != http.StatusBadRequest {
				attempts++
			}
		})
		s := newSuite(t, serve(t, server(standIn(t, "strict-auth"))).URL)
		s.Write, s.LogInAttempts = true, asked
		if result := s.Run(t.Context()); result.Verdict != contract.Conforms || attempts > most {
			t.Errorf("%d attempts: %s", attempts, text(result))
		}
	}
}

// A server that takes invalid bodies for attempts to log in gets few of them.
func TestInvalidLogInsMayBeAttempts(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	attempts := 0
	server := changed(both(method("POST"), logsIn), func(_ *http.Request, a *altered) {
		attempts++
		a.fail(http.StatusUnauthorized, "Unauthorized", "Invalid email or password")
	})
	s := newSuite(t, serve(t, server(standIn(t, "strict-auth"))).URL)
	s.Write, s.Only = true, []contract.CheckName{contract.CheckNegative}
	if result := s.Run(t.Context()); attempts > 5 || !strings.Contains(text(result), "the rest of the bodies was not sent") {
		t.Errorf("%d attempts: %s", attempts, text(result))
	}
}

// The number of webhooks that are deleted at the end of a run is said before.
func TestTheEndOfARunIsAnnounced(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	ctx, cancel := context.WithCancel(t.Context())
	posts := 0
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if creates(r) {
			if posts++; posts == 4 {
				cancel()
			}
		}
		stub.ServeHTTP(w, r)
	}))
	s := newSuite(t, server.URL)
	s.Write = true
	announced, named := -1, ""
	s.Ended = func(webhooks int, names string) { announced, named = webhooks, names }
	if r := s.Run(ctx); announced != 3 && announced != 4 || named != suite.NamePrefix+r.RunID+"-*" {
		t.Errorf("%d webhooks were announced as %s", announced, named)
	}
}
