package suite_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
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
	s.Write, s.Triggers = true, server.URL
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

// What the contract does not know is news, and breaks nothing.
func TestUnknownFieldsAreNews(t *testing.T) {
	size.SkipUnderRace(t)
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

// The stand-in conforms at each version, whether it checks tokens or not.
func TestTheStandInConformsAtOlderVersions(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for _, version := range size.Of([]string{"1.5.5"}, []string{"1.5.5"}, []string{"1.5.5", "1.16.0", "1.28.3", "1.30.0"}) {
		v, err := contract.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		api, err := contract.At(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, mode := range []string{scenarios.AuthStrict, scenarios.AuthOpen} {
			world := &scenarios.Scenario{Applications: []scenarios.Application{{ID: app, Name: "My Application"}}}
			world.API.Version, world.Auth.Mode = version, mode
			world.Auth.Tokens = []scenarios.Token{{Token: allUser, Scopes: []string{"all.User"}}, {Token: "reader", Scopes: []string{"all.Application.read"}}}
			server, err := mockserver.New(mockserver.WithWorld(world))
			if err != nil {
				t.Fatal(err)
			}
			s := newSuite(t, serve(t, server).URL)
			s.Triggers = s.Client.BaseURL()
			s.Write, s.API, s.AnyToken, s.ReadOnlyToken = true, api, mode == scenarios.AuthOpen, secret.New("reader")
			if result := s.Run(t.Context()); result.Verdict != contract.Conforms {
				t.Errorf("%s, %s: %s", version, mode, text(result))
			}
		}
	}
}
