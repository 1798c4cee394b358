package suite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
)

const (
	app     = "575ec8687ae143cd83dc4a97"
	aHook   = "575ed78e7ae143cd83dc4aab"
	hooks   = "/applications/" + app + "/webhooks"
	allUser = "all.User" // a token of the scenario strict-auth
)

type object = map[string]any

// standIn is a strict stand-in, as a handler that a test may wrap.
func standIn(t testing.TB, scenario string) http.Handler {
	t.Helper()
	s, err := mockserver.New(mockserver.WithScenario(scenario))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func newSuite(t testing.TB, baseURL string) *suite.Suite {
	t.Helper()
	client, err := live.NewClient(baseURL, secret.New(allUser), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return &suite.Suite{Client: client, ApplicationID: app}
}

func text(r *report.Report) string {
	var b strings.Builder
	_ = r.Write(&b, report.Text)
	return b.String()
}

// The stand-in conforms, and the run leaves it as it was.
func TestTheStandInConforms(t *testing.T) {
	t.Parallel()
	server := serve(t, standIn(t, "strict-auth"))
	before := fetch(t, server.URL+hooks+"?access_token="+allUser)
	s := newSuite(t, server.URL)
	s.Write = true
	result := s.Run(t.Context())
	if result.Verdict != contract.Conforms || result.Requests < 500 {
		t.Errorf("%s", text(result))
	}
	for _, check := range result.Checks {
		if check.Passed == 0 && check.Name != contract.CheckOfRequest {
			t.Errorf("%s was not run", check.Name)
		}
	}
	if after := fetch(t, server.URL+hooks+"?access_token="+allUser); after != before {
		t.Errorf("the run left\n%s\nin place of\n%s", after, before)
	}
}

// A run that only reads sends nothing that writes.
func TestAReadingRunOnlyReads(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "paging")
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
		case http.MethodPut: // which the API has not
		default:
			t.Errorf("%s %s", r.Method, r.URL)
		}
		stub.ServeHTTP(w, r)
	}))
	s := newSuite(t, server.URL)
	s.AnyToken = true
	if result := s.Run(t.Context()); result.Verdict != contract.Conforms {
		t.Errorf("%s", text(result))
	}
	t.Attr("S11", "a run that reads sends no write")
}

func fetch(t testing.TB, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// lie is one way in which a server is not what the contract has.
type lie struct {
	name  string
	check contract.CheckName // the check that has to notice it
	tell  func(next http.Handler) http.Handler
}

// changed wraps a server: change may alter each response to a request that
// matches.
func changed(when func(*http.Request) bool, change func(r *http.Request, a *altered)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !when(r) {
				next.ServeHTTP(w, r)
				return
			}
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.Header.Del("Accept-Encoding")
			recorded := httptest.NewRecorder()
			next.ServeHTTP(recorded, r)
			a := &altered{status: recorded.Code, header: recorded.Header(), sent: body, next: next}
			_ = json.Unmarshal(recorded.Body.Bytes(), &a.fields)
			change(r, a)
			maps.Copy(w.Header(), a.header)
			w.Header().Del("Content-Length")
			out := a.raw
			if out == nil {
				out, _ = json.Marshal(a.fields)
			}
			w.WriteHeader(a.status)
			_, _ = w.Write(out)
		})
	}
}

type altered struct {
	status int
	header http.Header
	fields object
	raw    []byte // in place of the fields
	sent   []byte
	next   http.Handler
}

func (a *altered) items() []any { list, _ := a.fields["items"].([]any); return list }

// replay asks the server beneath once more.
func (a *altered) replay(method, target, body string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+allUser)
	r.Header.Set("Content-Type", "application/json")
	recorded := httptest.NewRecorder()
	a.next.ServeHTTP(recorded, r)
	a.status, a.header, a.fields = recorded.Code, recorded.Header(), nil
	_ = json.Unmarshal(recorded.Body.Bytes(), &a.fields)
}

// before lets a server see another request than the one that was sent.
func before(when func(*http.Request) bool, change func(r *http.Request)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if when(r) {
				change(r)
			}
			next.ServeHTTP(w, r)
		})
	}
}

func all(*http.Request) bool { return true }

func method(name string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == name }
}

func listing(r *http.Request) bool { return r.Method == "GET" && r.URL.Path == hooks }
func ofOne(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, hooks+"/") && len(path.Base(r.URL.Path)) == 24
}
func readsOne(r *http.Request) bool { return r.Method == "GET" && ofOne(r) }
func creates(r *http.Request) bool  { return r.Method == "POST" && r.URL.Path == hooks }

func rewriteQuery(r *http.Request, change func(url.Values)) {
	q := r.URL.Query()
	change(q)
	r.URL.RawQuery = q.Encode()
}

// rewriteBody changes a body that is a JSON object.
func rewriteBody(r *http.Request, change func(object)) {
	body, _ := io.ReadAll(r.Body)
	var fields object
	if json.Unmarshal(body, &fields) == nil && fields != nil {
		change(fields)
		body, _ = json.Marshal(fields)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// good alters a response that succeeded.
func good(change func(r *http.Request, a *altered)) func(*http.Request, *altered) {
	return func(r *http.Request, a *altered) {
		if a.status < 300 {
			change(r, a)
		}
	}
}

var lies = []lie{
	{"200 for what was created", contract.CheckStatus, changed(creates, good(func(_ *http.Request, a *altered) { a.status = 200 }))},
	{"204 for what was deleted", contract.CheckStatus, changed(method("DELETE"), good(func(_ *http.Request, a *altered) { a.status = 204 }))},
	{"a missing field", contract.CheckSchema, changed(readsOne, good(func(_ *http.Request, a *altered) { delete(a.fields, "token") }))},
	{"a number as text", contract.CheckSchema, changed(readsOne, good(func(_ *http.Request, a *altered) { a.fields["responseCode"] = "200" }))},
	{"an enum value that is none", contract.CheckSchema, changed(readsOne, good(func(_ *http.Request, a *altered) { a.fields["castBuffersAs"] = "ascii" }))},
	{"a date without milliseconds", contract.CheckSchema, changed(readsOne, good(func(_ *http.Request, a *altered) { a.fields["creationDate"] = "2016-06-13T04:00:00Z" }))},
	{"JSON that is cut off", contract.CheckSchema, changed(readsOne, good(func(_ *http.Request, a *altered) { a.raw = []byte(`{"id":`) }))},
	{"an error without a message", contract.CheckSchema, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			delete(a.fields, "message")
		}
	})},
	{"an error in HTML", contract.CheckContentType, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			a.header.Set("Content-Type", "text/html")
			a.raw = []byte("<h1>Not found</h1>")
		}
	})},
	{"HTML for a client that accepts it", contract.CheckContentType, changed(func(r *http.Request) bool { return r.Header.Get("Accept") == "text/html" },
		func(_ *http.Request, a *altered) { a.header.Set("Content-Type", "text/html; charset=utf-8") })},
	{"a 500 on bad input", contract.CheckServerError, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 400 {
			a.status = 500
		}
	})},
	{"another word in an error", contract.CheckError, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 400 {
			a.fields["message"] = "Bad request"
		}
	})},
	{"another type of error", contract.CheckError, changed(all, func(_ *http.Request, a *altered) {
		if a.status == 404 {
			a.fields["type"] = "Missing"
		}
	})},
	{"an extra field that is accepted", contract.CheckNegative, before(creates, func(r *http.Request) {
		rewriteBody(r, func(fields object) { delete(fields, "noSuchProperty") })
	})},
	{"a length counted in characters", contract.CheckNegative, before(creates, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if name, ok := fields["name"].(string); ok && len([]rune(name)) <= 255 && strings.Contains(name, "😀") {
				fields["name"] = strings.ReplaceAll(name, "😀", "y")
			}
		})
	})},
	{"a sortField that is anything", contract.CheckNegative, before(listing, func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) {
			if q.Get("sortField") == "no-such-value" {
				q.Set("sortField", "name")
			}
		})
	})},
	{"a refused change that is made all the same", contract.CheckNegative, changed(method("PATCH"), func(r *http.Request, a *altered) {
		if a.status == 400 {
			was := *a
			a.replay("PATCH", r.URL.Path, `{"description":"changed all the same"}`)
			*a = was
		}
	})},
	{"the longest name refused", contract.CheckPositive, changed(creates, func(_ *http.Request, a *altered) {
		if name, _ := a.fields["name"].(string); len(name) == 255 {
			id, _ := a.fields["id"].(string)
			a.replay("DELETE", hooks+"/"+id, "")
			a.status, a.fields = 400, object{"type": "Validation", "message": "webhook.name has longer length than allowed"}
		}
	})},
	{"a blank filter refused", contract.CheckPositive, changed(listing, func(r *http.Request, a *altered) {
		if q := r.URL.Query(); q.Has("filter") && q.Get("filter") == "" {
			a.status, a.fields = 400, object{"type": "Validation", "message": "filter has less length than allowed"}
		}
	})},
	{"no token needed", contract.CheckIgnoredAuth, before(all, func(r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			r.Header.Set("Authorization", "Bearer "+allUser)
		}
	})},
	{"any token will do", contract.CheckIgnoredAuth, before(all, func(r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			r.Header.Set("Authorization", "Bearer "+allUser)
		}
	})},
	{"writing without a token", contract.CheckIgnoredAuth, before(method("DELETE"), func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+allUser) })},
	{"PUT that reads", contract.CheckMethod, before(method("PUT"), func(r *http.Request) { r.Method = "GET" })},
	{"a 405 without Allow", contract.CheckMethod, changed(all, func(_ *http.Request, a *altered) { a.header.Del("Allow") })},
	{"a webhookId that is another", contract.CheckIdentity, changed(readsOne, good(func(_ *http.Request, a *altered) { a.fields["webhookId"] = app }))},
	{"webhooks of another application", contract.CheckIdentity, changed(listing, good(func(_ *http.Request, a *altered) {
		for _, item := range a.items() {
			item.(object)["applicationId"] = aHook
		}
	}))},
	{"changed before it was made", contract.CheckIdentity, changed(readsOne, good(func(_ *http.Request, a *altered) { a.fields["lastUpdated"] = "2001-01-01T00:00:00.000Z" }))},
	{"a change that is not made", contract.CheckEcho, before(method("PATCH"), func(r *http.Request) {
		rewriteBody(r, func(fields object) { delete(fields, "description") })
	})},
	{"a change that changes more", contract.CheckEcho, before(method("PATCH"), func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if _, ok := fields["description"]; ok && len(fields) == 1 {
				fields["responseCode"] = 599
			}
		})
	})},
	{"another default", contract.CheckEcho, before(creates, func(r *http.Request) {
		rewriteBody(r, func(fields object) {
			if _, ok := fields["responseCode"]; !ok {
				fields["responseCode"] = 204
			}
		})
	})},
	{"the next page in place of the page", contract.CheckPagination, changed(listing, func(r *http.Request, a *altered) {
		q := r.URL.Query()
		if n, err := strconv.Atoi(q.Get("page")); err == nil && n >= 0 {
			q.Set("page", strconv.Itoa(n+1))
			a.replay("GET", hooks+"?"+q.Encode(), "")
			a.fields["page"] = n
		}
	})},
	{"a count that is none", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) { a.fields["count"] = 100 }))},
	{"a totalCount of all, filter or not", contract.CheckPagination, changed(listing, good(func(_ *http.Request, a *altered) { a.fields["totalCount"] = 1000 }))},
	{"perPage is ignored", contract.CheckPagination, changed(listing, good(func(r *http.Request, a *altered) {
		q := r.URL.Query()
		if q.Get("perPage") != "" {
			per := a.fields["perPage"]
			q.Set("perPage", "1000")
			a.replay("GET", hooks+"?"+q.Encode(), "")
			a.fields["perPage"] = per
		}
	}))},
	{"the first two are the wrong way round", contract.CheckSorting, changed(listing, good(func(_ *http.Request, a *altered) {
		if items := a.items(); len(items) > 1 {
			items[0], items[1] = items[1], items[0]
		}
	}))},
	{"descending is ascending", contract.CheckSorting, changed(listing, good(func(r *http.Request, a *altered) {
		if r.URL.Query().Get("sortDirection") == "desc" {
			slices.Reverse(a.items())
		}
	}))},
	{"a list that forgets how it is sorted", contract.CheckSorting, changed(listing, good(func(_ *http.Request, a *altered) { a.fields["sortField"] = "name" }))},
	{"a sorted list that lacks one", contract.CheckSorting, changed(listing, good(func(r *http.Request, a *altered) {
		if items := a.items(); len(items) > 1 && r.URL.Query().Get("sortField") == "lastUpdated" {
			a.fields["items"], a.fields["count"] = items[1:], len(items)-1
			a.fields["totalCount"] = len(items) - 1
		}
	}))},
	{"a glob that depends on the case", contract.CheckFiltering, changed(listing, good(func(r *http.Request, a *altered) {
		glob := r.URL.Query().Get("filter")
		kept := slices.DeleteFunc(a.items(), func(item any) bool {
			name, _ := item.(object)["name"].(string)
			matches, err := path.Match(glob, name)
			return glob != "" && err == nil && !matches
		})
		a.fields["items"], a.fields["count"], a.fields["totalCount"] = kept, len(kept), len(kept)
	}))},
	{"a glob that matches parts", contract.CheckFiltering, before(listing, func(r *http.Request) {
		rewriteQuery(r, func(q url.Values) {
			if q.Get("filter") != "" {
				q.Set("filter", "*"+q.Get("filter")+"*")
			}
		})
	})},
	{"no filter at all", contract.CheckFiltering, before(listing, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("filter") }) })},
	{"what was created is not listed", contract.CheckAvailability, changed(listing, good(func(_ *http.Request, a *altered) {
		a.fields["items"], a.fields["count"], a.fields["totalCount"] = []any{}, 0, 0
	}))},
	{"what was created can't be read", contract.CheckAvailability, changed(readsOne, good(func(_ *http.Request, a *altered) {
		a.status, a.fields = 404, object{"type": "NotFound", "message": "Webhook was not found"}
	}))},
	{"what was deleted can be read", contract.CheckUseAfterFree, before(method("DELETE"), func(r *http.Request) { r.Method = "GET" })},
	{"deleting twice", contract.CheckUseAfterFree, changed(method("DELETE"), func(r *http.Request, a *altered) {
		if a.status == 404 && !strings.HasSuffix(r.URL.Path, "/000000000000000000000000") {
			a.status, a.fields = 200, object{"success": true}
		}
	})},
	{"two responses to one request", contract.CheckIdempotence, changed(readsOne, good(func() func(*http.Request, *altered) {
		n := 0
		return func(_ *http.Request, a *altered) { n++; a.fields["description"] = fmt.Sprint(n) }
	}()))},
	{"a link to somewhere else", contract.CheckHAL, changed(readsOne, good(func(_ *http.Request, a *altered) {
		if links, ok := a.fields["_links"].(object); ok {
			links["self"] = object{"href": "/webhooks"}
		}
	}))},
	{"extras that can't be switched off", contract.CheckHAL, before(all, func(r *http.Request) { rewriteQuery(r, func(q url.Values) { q.Del("_actions") }) })},
	{"another _type", contract.CheckHAL, changed(readsOne, good(func(_ *http.Request, a *altered) { a.fields["_type"] = "hook" }))},
	{"no CORS", contract.CheckCORS, changed(all, func(_ *http.Request, a *altered) { a.header.Del("Access-Control-Allow-Origin") })},
	{"a preflight without methods", contract.CheckCORS, changed(method("OPTIONS"), func(_ *http.Request, a *altered) {
		a.header.Del("Access-Control-Allow-Methods")
		a.raw = []byte{}
	})},
	{"a description that lacks a parameter", contract.CheckSelfDescribed, changed(func(r *http.Request) bool { return r.URL.Path == "/" }, func(_ *http.Request, a *altered) {
		a.raw, _ = json.Marshal(a.fields)
		a.raw = bytes.ReplaceAll(a.raw, []byte(`"sortDirection"`), []byte(`"sortOrder"`))
	})},
}

// Each way to lie is noticed by the check that is there for it.
func TestEveryLieIsNoticed(t *testing.T) {
	t.Parallel()
	if len(lies) < 25 {
		t.Fatalf("only %d lies", len(lies))
	}
	perCheck := size.Of(1, len(lies), len(lies))
	tried := map[contract.CheckName]int{} // by check
	for _, l := range lies {
		if tried[l.check]++; tried[l.check] > perCheck {
			continue
		}
		t.Run(strings.ReplaceAll(l.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			server := serve(t, l.tell(standIn(t, "strict-auth")))
			s := newSuite(t, server.URL)
			s.Write = true
			result := s.Run(t.Context())
			noticed := slices.ContainsFunc(result.Findings(), func(f report.CountedFinding) bool {
				return f.Check == l.check && f.Verdict == contract.Breaks
			})
			if !noticed || result.Verdict != contract.Breaks {
				t.Errorf("%s did not notice it:\n%s", l.check, text(result))
			}
		})
	}
	noticedBy := map[contract.CheckName]bool{contract.CheckOfRequest: true} // which is not the suite's
	for _, l := range lies {
		noticedBy[l.check] = true
	}
	for _, check := range contract.Checks() {
		if !noticedBy[check] {
			t.Errorf("no lie shows that %s works", check)
		}
	}
}

// What the contract does not know is news, and breaks nothing.
func TestUnknownFieldsAreNews(t *testing.T) {
	t.Parallel()
	server := serve(t, changed(readsOne, good(func(_ *http.Request, a *altered) {
		a.fields["retries"] = 3
		a.fields["_etag"] = "x"
	}))(standIn(t, "strict-auth")))
	s := newSuite(t, server.URL)
	s.Write = true
	result := s.Run(t.Context())
	findings := result.Findings()
	if result.Verdict != contract.News || len(findings) != 1 || findings[0].Field != "webhook.retries" || findings[0].Times < 10 {
		t.Errorf("%s", text(result))
	}
}

// A run that is ended says so, and cleans up all the same.
func TestARunThatIsEndedCleansUp(t *testing.T) {
	t.Parallel()
	stub := standIn(t, "strict-auth")
	ctx, cancel := context.WithCancel(t.Context())
	posts := 0
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if creates(r) {
			if posts++; posts == 3 {
				// Its response is lost: only the name can lead to it.
				stub.ServeHTTP(httptest.NewRecorder(), r)
				cancel()
				panic(http.ErrAbortHandler)
			}
		}
		stub.ServeHTTP(w, r)
	}))
	before := fetch(t, server.URL+hooks+"?access_token="+allUser)
	s := newSuite(t, server.URL)
	s.Write = true
	result := s.Run(ctx)
	if result.Verdict != contract.CouldNotCheck || len(result.LeftBehind) > 0 {
		t.Errorf("%s", text(result))
	}
	t.Attr("S11", "a run that is ended leaves nothing behind")
	if after := fetch(t, server.URL+hooks+"?access_token="+allUser); posts != 3 || after != before {
		t.Errorf("%d webhooks were made, and the run left\n%s", posts, after)
	}
}
