package state_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// Whatever the clock does, the journal is in the order of arrival, times are
// written as ever, and waiting takes the time it takes.
func TestClocksThatJump(t *testing.T) {
	t.Parallel()
	written := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	times := []string{
		"2016-06-13T04:00:00.000Z", "2016-06-13T03:00:00.000Z", "2016-06-13T05:00:00.000Z", "2016-03-27T00:59:59.999Z", "2016-03-27T01:00:00.000Z", "2016-10-30T01:30:00.000Z", "2016-12-31T23:59:59.999Z",
		"2000-02-29T00:00:00.000Z", "1970-01-01T00:00:00.000Z", "2038-01-19T03:14:07.000Z", "2038-01-19T03:14:08.000Z", "2106-02-07T06:28:16.000Z", "9999-12-31T23:59:59.999Z", "2016-06-13T04:00:00.000Z",
	}
	modes := []string{scenarios.ClockFixed, scenarios.ClockTicking, scenarios.ClockReal}
	for _, mode := range modes {
		clock := scenarios.Clock{Mode: mode}
		if mode != scenarios.ClockReal {
			clock.At = time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
		}
		srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Clock: clock, Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a"}}}))
		var made []string
		for _, now := range times {
			if a := mocktest.Send(t, srv.URL, "POST /__admin/clock", `{"now":"`+now+`"}`, mocktest.SendsJSON); a.Status != 200 && mode != scenarios.ClockReal {
				t.Fatalf("%s to %s: %d %s", mode, now, a.Status, a.Body)
			}
			a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, mocktest.SendsJSON)
			hook := mocktest.Decode[struct{ ID, CreationDate, LastUpdated string }](t, a)
			if a.Status != 201 || !written.MatchString(hook.CreationDate) || hook.CreationDate != hook.LastUpdated {
				t.Errorf("%s at %s: %d %s", mode, now, a.Status, a.Body)
			}
			shown := len(now)
			if mode == scenarios.ClockReal { // which has gone on since
				shown = len("2016-06-13T")
			}
			if hook.CreationDate[:shown] != now[:shown] && !strings.HasSuffix(now, ":59.999Z") {
				t.Errorf("a clock that is %s, put to %s, shows %s", mode, now, hook.CreationDate)
			}
			made = append(made, hook.ID)
			srv.Requests().Operation("webhooks.post").Within(time.Minute).Times(t, len(made))
		}
		all := srv.Requests().All()
		for i, r := range all {
			if r.Sequence != uint64(i+1) || r.Duration < 0 {
				t.Errorf("%s: entry %d has the number %d, took %s", mode, i, r.Sequence, r.Duration)
			}
		}
		for _, direction := range []string{"asc", "desc"} {
			l := mocktest.ListWebhooks(t, srv, "sortField=creationDate&sortDirection="+direction)
			dates := make([]string, 0, len(l.Items))
			for _, item := range l.Items {
				dates = append(dates, item.CreationDate)
			}
			if direction == "desc" {
				slices.Reverse(dates)
			}
			if len(dates) != len(times) || !slices.IsSorted(dates) {
				t.Errorf("%s: %s gives %v", mode, direction, dates)
			}
		}
		if a := mocktest.Send(t, srv.URL, "POST /__admin/requests/wait", `{"request":{"urlPath":"/never"},"timeout":"20ms"}`, mocktest.SendsJSON); a.Status != 200 {
			t.Errorf("%s: %d %s", mode, a.Status, a.Body)
		}
	}
	// A clock that is put on beyond what can be written stands at the end.
	srv := mockserver.Start(t)
	for range 30 {
		mocktest.Send(t, srv.URL, "POST /__admin/clock", `{"advance":"2562047h"}`, mocktest.SendsJSON)
	}
	if a := mocktest.Send(t, srv.URL, "POST "+mocktest.WebhooksPath, `{"name":"x"}`, mocktest.SendsJSON); mocktest.Decode[mocktest.ListItem](t, a).CreationDate != "9999-12-31T23:59:59.999Z" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	t.Attr("X8", fmt.Sprintf("%d jumps on each of %d kinds of clock", len(times), len(modes)))
}

// A clock that several clients set at once shows a time that it was set to.
func TestClocksAreSetAtOnce(t *testing.T) {
	t.Parallel()
	times := []time.Time{time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(9000, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(1, 2, 3, 4, 5, 6, 0, time.UTC)}
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{Clock: scenarios.Clock{Mode: scenarios.ClockFixed, At: times[0]}, Applications: []scenarios.Application{{Name: "a"}}}))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				srv.SetClock(times[(client+i)%len(times)])
			}
		})
	}
	for range 200 {
		mocktest.Send(t, srv.URL, "GET /applications", "")
	}
	stop()
	clients.Wait()
	for _, r := range srv.Requests().All() {
		if !slices.ContainsFunc(times, r.Time.Equal) {
			t.Fatalf("the clock shows %s", r.Time)
		}
	}
}

// Wherever the clock was set, no more calls are let through than the limit says,
// and none waits for longer than its time.
func TestLimitsHoldWhenTheClockJumps(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		API:          scenarios.API{RateLimit: scenarios.RateLimit{Calls: 2, Per: 10 * time.Second}},
		Clock:        scenarios.Clock{Mode: scenarios.ClockFixed, At: at},
		Applications: []scenarios.Application{{Name: "a"}},
	}))
	token := 0
	want := func(when string, status int) {
		t.Helper()
		a := mocktest.Send(t, srv.URL, "GET /applications", "", fmt.Sprint("Authorization: Bearer ", token))
		if a.Status != status || status == 429 && a.Header.Get("Retry-After") != "10" {
			t.Errorf("%s: %d, retry after %q", when, a.Status, a.Header.Get("Retry-After"))
		}
	}
	for _, now := range []time.Time{at.AddDate(7000, 0, 0), at, at.AddDate(-2015, 0, 0), at.AddDate(7983, 6, 0)} {
		before := now.Year()
		srv.SetClock(now)
		want(fmt.Sprint("first in ", before), 200)
		want(fmt.Sprint("second in ", before), 200)
		want(fmt.Sprint("third in ", before), 429)
		srv.SetClock(now.AddDate(-1, 0, 0))
		want(fmt.Sprint("a year before ", before), 429)
		srv.AdvanceClock(10 * time.Second)
		want(fmt.Sprint("a year before and a while after ", before), 200)
		token++
	}
	t.Attr("O2", "set to 4 times over 9,998 years and back by a year each: the limit holds")
}

// A token expires by the clock of the world, and is valid again when that is set
// back.
func TestTokensExpireByTheClockOfTheWorld(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, 6, 13, 4, 0, 0, 0, time.UTC)
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{
		Auth:         scenarios.Auth{Mode: scenarios.AuthStrict, Users: []scenarios.User{{Email: "a@example.com", Password: "a password"}}},
		Applications: []scenarios.Application{{Name: "a"}},
	}))
	for _, now := range []time.Time{at, at.AddDate(7983, 6, 17), at.AddDate(-2015, 0, 0), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		srv.SetClock(now)
		login := mocktest.Send(t, srv.URL, "POST /auth/user", `{"email":"a@example.com","password":"a password"}`, mocktest.SendsJSON, "Authorization:")
		token := mocktest.Decode[struct{ Token string }](t, login).Token
		for _, c := range []struct {
			after  time.Duration
			status int
		}{{time.Minute, 200}, {25 * time.Hour, 401}, {time.Hour, 200}} {
			srv.SetClock(now.Add(c.after))
			if a := mocktest.Send(t, srv.URL, "GET /applications", "", "Authorization: Bearer "+token); a.Status != c.status {
				t.Errorf("%s after %s: %d %s", c.after, now, a.Status, a.Body)
			}
		}
	}
}

func TestMain(m *testing.M) { mocktest.Main(m) }
