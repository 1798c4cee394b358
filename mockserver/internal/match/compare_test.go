package match

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
	"pgregory.net/rapid"
)

// world of entries and patterns for the matcher's property.

var (
	somePaths   = []string{"/a", "/a/b", "/applications/575ec8687ae143cd83dc4a97/webhooks", "/x%20y"}
	someMethods = []string{"GET", "POST", "DELETE"}
	someTexts   = []string{"", "1", "door", "Door opened", "a=1&b=2", `{"name":"door"}`}
)

func drawEntry(t *rapid.T, op *contract.Operation) *recorder.Entry {
	target := rapid.SampledFrom(somePaths).Draw(t, "path")
	if q := rapid.SampledFrom([]string{"", "?q=1", "?q=1&q=door", "?r="}).Draw(t, "query"); q != "" {
		target += q
	}
	h := http.Header{}
	if v := rapid.SampledFrom(someTexts).Draw(t, "header"); v != "" {
		h["X-One"] = []string{v, rapid.SampledFrom(someTexts).Draw(t, "second")}
	}
	if rapid.Bool().Draw(t, "form") {
		h["Content-Type"] = []string{"application/x-www-form-urlencoded"}
	}
	e := recorder.NewEntry(&http.Request{Method: rapid.SampledFrom(someMethods).Draw(t, "method"), RequestURI: target, Header: h}, time.Time{})
	if rapid.Bool().Draw(t, "answered") {
		outcome := recorder.Outcome{Body: []byte(rapid.SampledFrom(someTexts).Draw(t, "body")), Response: wire.Response{Status: rapid.SampledFrom([]int{200, 400}).Draw(t, "status")}}
		if rapid.Bool().Draw(t, "operation") {
			e.Operation = op
		}
		e = e.With(outcome)
	}
	return e
}

// asked is one thing of a pattern: its JSON, and the slow and obvious answer.
type asked struct {
	field string
	value any
	holds func(journal.Request) bool
}

func drawAsked(t *rapid.T) asked {
	text := rapid.SampledFrom(someTexts).Draw(t, "wanted")
	operator := rapid.SampledFrom([]string{"equalTo", "contains", "matches", "doesNotMatch", "absent"}).Draw(t, "operator")
	holds := func(values []string) bool {
		ask := func(v string) bool {
			switch operator {
			case "equalTo":
				return v == text
			case "contains":
				return strings.Contains(v, text)
			default:
				return regexp.MustCompile("^(" + regexp.QuoteMeta(text) + ")$").MatchString(v)
			}
		}
		switch operator {
		case "absent":
			return len(values) == 0
		case "doesNotMatch":
			return !slices.ContainsFunc(values, ask)
		default:
			return slices.ContainsFunc(values, ask)
		}
	}
	var value any = map[string]any{operator: text}
	switch operator {
	case "absent":
		value = map[string]any{operator: true}
	case "matches", "doesNotMatch":
		value = map[string]any{operator: regexp.QuoteMeta(text)}
	}
	switch rapid.IntRange(0, 7).Draw(t, "part") {
	case 0:
		method := rapid.SampledFrom(someMethods).Draw(t, "wanted method")
		return asked{"method", method, func(r journal.Request) bool { return r.Method == method }}
	case 1:
		path := rapid.SampledFrom(somePaths).Draw(t, "wanted path")
		return asked{"urlPath", path, func(r journal.Request) bool { return strings.Split(r.Target, "?")[0] == path }}
	case 2:
		return asked{"status", 200, func(r journal.Request) bool { return r.Status == 200 }}
	case 3:
		return asked{"operation", "webhooks.post", func(r journal.Request) bool { return r.Operation == "webhooks.post" }}
	case 4:
		return asked{"headers", map[string]any{"x-ONE": value}, func(r journal.Request) bool { return holds(r.Header["X-One"]) }}
	case 5:
		return asked{"queryParameters", map[string]any{"q": value}, func(r journal.Request) bool { return holds(r.Query["q"]) }}
	case 6:
		return asked{"formParameters", map[string]any{"a": value}, func(r journal.Request) bool {
			if r.Header.Get("Content-Type") == "" {
				return holds(nil)
			}
			form, _ := url.ParseQuery(string(r.Body))
			return holds(form["a"])
		}}
	default:
		return asked{"bodyPatterns", []any{value}, func(r journal.Request) bool {
			if len(r.Body) == 0 {
				return holds(nil)
			}
			return holds([]string{string(r.Body)})
		}}
	}
}

func TestPatternsMatchAsTheSlowWayDoes(t *testing.T) {
	t.Parallel()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	r := recorder.New(1, 1, func(b []byte) { clear(b) })
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t, api.Operation("webhooks.post"))
		request := r.Request(e)
		want := map[string]any{}
		holds, undecided := true, false
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			a := drawAsked(t)
			if _, twice := want[a.field]; !twice {
				want[a.field] = a.value
				if request.Pending && slices.Contains([]string{"status", "formParameters", "bodyPatterns"}, a.field) {
					undecided = true
				} else {
					holds = holds && a.holds(request)
				}
			}
		}
		undecided = undecided && holds
		holds = holds && !undecided
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ParsePattern(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if matched, err := p.Match(t.Context(), NewSubject(e)); (err != nil) != undecided || matched != holds {
			t.Fatalf("%s matches %+v: %t, %v", text, request, matched, err)
		}
		if missed := len(missedBy(p, e)); (missed == 0) != holds {
			t.Fatalf("%s misses %d of %+v", text, missed, request)
		}
	})
}

// Reading a request from its JSON gives the request.
func TestRequestsSurviveJSON(t *testing.T) {
	t.Parallel()
	api, err := contract.At(contract.Newest)
	if err != nil {
		t.Fatal(err)
	}
	r := recorder.New(1, 1, func(b []byte) { clear(b) })
	rapid.Check(t, func(t *rapid.T) {
		want := r.Request(drawEntry(t, api.Operation("webhooks.post")))
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got journal.Request
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(got)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%v\n%s\n%s", err, text, again)
		}
		if fmt.Sprint(got.Header) != fmt.Sprint(want.Header) || got.Target != want.Target || string(got.Body) != string(want.Body) || got.Pending != want.Pending {
			t.Fatalf("%+v\n%+v", got, want)
		}
	})
}

func missedBy(p Pattern, e *recorder.Entry) []missed {
	return measure(context.Background(), p, e, NewSubject(e)).Missed
}
