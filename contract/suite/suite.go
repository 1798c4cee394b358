// Package suite checks a live server against the contract.
//
// A [Suite] runs cases made from the contract's table with a [live.Client],
// deletes what it made, and returns a report:
//
//	client, err := live.NewClient("https://api.losant.com", token, nil)
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	run := suite.Suite{Client: client, ApplicationID: id}
//	result := run.Run(ctx)
//	err = result.Write(os.Stdout, report.Text)
//
// Package comparison compares what two servers respond to the same run.
package suite

import (
	"cmp"
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/internal/coverage"
	"github.com/losantmock/losantmock/contract/internal/protocol"
	"github.com/losantmock/losantmock/contract/internal/readable"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
	"github.com/losantmock/losantmock/contract/secret"
)

// Suite checks the documented behaviour on a live server.
type Suite struct {
	// Client sends the requests.
	Client *live.Client
	// ApplicationID is the application that the suite uses.
	ApplicationID string
	// API is the contract; nil is that of [contract.Newest]. Of the operations of a
	// definition from outside, the suite asks those that read and need no more than
	// the id of the application.
	API *contract.API
	// Write allows the suite to create, change and delete webhooks of its own.
	// It changes no other, and leaves none behind.
	Write bool
	// AnyToken says that the server accepts any token, as an open stand-in does:
	// the suite then expects no 401 for an unknown one.
	AnyToken bool
	// ReadOnlyToken, when it is set, is a token that may read the application and
	// not change it. The suite shows that it can't.
	ReadOnlyToken secret.Secret
	// Triggers is the base URL of webhooks' own URLs, such as
	// https://triggers.losant.com. A suite that writes calls those of webhooks that it
	// makes for it, without the token; blank calls none.
	Triggers string
	// Slow allows the suite to hold a call of a webhook until it times out, which
	// takes a minute.
	Slow bool
	// OtherApplicationID, when it is set, is another application. The suite shows
	// that its path does not lead to the webhooks of the first, and changes nothing
	// of it.
	OtherApplicationID string
	// Only and Except choose checks: the suite tries what these need, and its
	// report has no results of others. With no names in Only it has all but those
	// of Except.
	Only, Except []contract.CheckName
	// Seed is what drawn bodies follow from: runs of the same seed draw the same.
	// 0 is random.
	Seed uint64
	// RunID is in the names of the webhooks that the suite makes; blank is
	// random.
	RunID string
	// MaxTime is how long the run may take before it cleans up and reports what it
	// could not check; 0 is 5 minutes, and 30 more at the pace of the real service.
	MaxTime time.Duration
	// LogInAttempts is how often the suite may log in, with credentials of nobody;
	// 0 is 2. A service may count failed attempts. What the schema refuses is none,
	// unless the server responds as to one: the suite ends that case after a few.
	LogInAttempts int
	// Progress, when it is set, is called before each case, with the number of
	// cases that are done and of all.
	Progress func(done, all int, title string)
	// Observe, when it is set, is called with each exchange, and with the title
	// of its case. One whose response was lost has the status 0.
	Observe func(title string, e *contract.Exchange)
	// Ended, when it is set, is called when the context of the run ends early,
	// with the number of webhooks that are going to be deleted and the glob that
	// their names match.
	Ended func(webhooks int, names string)
	// Abandoned, when it is set, ends cleaning up when it is closed: the report says
	// what may be left behind.
	Abandoned <-chan struct{}
}

// testCase is one thing that the suite tries.
type testCase struct {
	check  contract.CheckName
	title  string
	writes bool
	try    func(*run)
}

// run is a suite under way.
type run struct {
	*Suite
	ctx    context.Context
	report *report.Report
	prefix string // of the names of webhooks

	caseState
	causes  map[string]contract.Finding // wrong refusals, by what refusal returns
	secrets *secret.Scrubber
	covered coverage.Counts
	defined *readable.Operations // of a definition from outside

	own         []map[string]any // webhooks that were made to try things with, as they are now
	first       *instants        // when the first of them was made
	made        map[string]bool  // paths of all webhooks that were made
	created     []string         // of those, the paths of the ones that are to be deleted
	posted      bool             // whether there may be more than that
	unconfirmed bool             // whether the outcome of a POST is unknown

	triggers   *live.Client      // nil before the first call of a webhook
	callable   bool              // whether a webhook was called as it should
	uncallable *contract.Finding // why no webhook can be called

	unreachable   bool
	noApplication bool      // whether the token may not read the application
	failures      int       // calls in a row without a response
	lastResponse  time.Time // or the beginning
	stopped       *contract.Finding
	logIns        int // log-in attempts
	statuses      int // of HTTP that were written
}

// firstCase comes before all others. Without it none of them can pass.
var firstCase = testCase{contract.CheckAvailability, "reaching the application", false, (*run).reach}

// reach reads the application, or its webhooks where the token may see no more: a
// list, and one that is not there, which is found out behind the scopes.
func (r *run) reach() {
	r.unreachable = true
	a, want := r.get("/applications/"+r.ApplicationID), http.StatusOK
	if a.Status == http.StatusForbidden {
		r.noApplication = true
		a = r.get(r.hooks() + "?perPage=1")
		if a.Status == http.StatusOK {
			a, want = r.get(r.hooks()+"/"+nowhereID), http.StatusNotFound
		}
	}
	if !a.Lost() && a.Status != want {
		r.couldNot("the server does not show the application or its webhooks to the holder of this token: " + contract.StatusText(a.Status))
	}
	if r.Write && !a.Lost() {
		r.mayWrite()
	}
	r.unreachable = a.Lost()
}

// mayWrite ends the run, before it makes anything, where the token may not do what a run
// does that writes, and what a list shows does not say otherwise.
func (r *run) mayWrite() {
	list := r.get(r.hooks() + "?perPage=1")
	shown := map[string]map[string]any{http.MethodPost: list.Fields}
	for _, item := range list.Items() {
		shown[http.MethodPatch], shown[http.MethodDelete] = item, item
	}
	for _, call := range protocol.WritesNowhere(r.nowhere(), r.prefix+"nowhere") {
		actions, _ := shown[call.Method]["_actions"].(map[string]any)
		if r.ask(call).Status == http.StatusForbidden && actions[strings.ToLower(call.Method)] == nil {
			r.couldNot("the token may not " + call.Method + " webhooks: take one with the scopes webhooks.post, webhook.patch and webhook.delete, or let the run only read")
		}
	}
}

// Run runs the suite and returns its report. Where the context ends early, the
// report has findings that the rest could not be checked. The suite deletes what
// it made in any case.
func (s *Suite) Run(ctx context.Context) *report.Report {
	r := s.begin()
	limited, cancel := context.WithTimeout(ctx, r.MaxTime)
	defer cancel()
	r.ctx = limited
	chosen := s.chosen(r.cases())
	cases := slices.Concat([]testCase{firstCase}, chosen)
	all := len(cases)
	if s.Write {
		all++ // with cleaning up
	}
	if !slices.ContainsFunc(chosen, func(c testCase) bool { return s.wants(c.check) }) && !s.wantsExchanges() {
		r.report.Add(contract.Finding{
			Check: cmp.Or(slices.Concat(s.Only, []contract.CheckName{firstCase.check})...), Verdict: contract.CouldNotCheck, Field: fieldOfRun,
			Message: "none of the chosen checks has a case here: let the run write, and call webhooks at the URL of triggers",
		})
	}
	for i, c := range cases {
		if s.Progress != nil && r.stopped == nil {
			s.Progress(i, all, c.title)
		}
		r.do(c)
		if r.unreachable {
			break // every other case would find the same
		}
	}
	if r.triggers != nil {
		_ = r.triggers.Close()
	}
	if s.Progress != nil && r.posted {
		s.Progress(len(cases), all, cleaningUp)
	}
	r.cleanUp(ctx)
	r.report.Coverage = r.covered.Rows(r.API, r.reason)
	r.report.Scrub(r.secrets)
	r.report.Took = time.Since(r.report.Started).Seconds()
	return r.report
}

// begin returns a run of the suite, with its defaults.
func (s *Suite) begin() *run {
	complete := *s
	if complete.API == nil {
		complete.API = contract.AtNewest()
	}
	if complete.RunID == "" {
		complete.RunID = strings.ToLower(rand.Text()[:10])
	}
	if complete.Seed == 0 {
		complete.Seed = 1 + uint64(mathrand.Uint32()) // which every reader of JSON keeps exact
	}
	if complete.MaxTime == 0 {
		complete.MaxTime = defaultMaxTime + requestsInTime*s.Client.Pace()
	}
	if complete.LogInAttempts == 0 {
		complete.LogInAttempts = defaultLogInAttempts
	}
	r := &run{
		Suite: &complete, prefix: NamePrefix + complete.RunID + "-", report: report.New(s.Client.BaseURL(), complete.API),
		causes: map[string]contract.Finding{}, covered: coverage.Counts{}, defined: readable.Of(complete.API), made: map[string]bool{}, lastResponse: time.Now(),
	}
	r.report.ApplicationID, r.report.RunID, r.report.Modes = s.ApplicationID, complete.RunID, s.modes()
	if complete.Write {
		r.report.Seed = complete.Seed
	}
	r.secrets = secret.NewScrubber(s.Client.Token(), r.prefix)
	r.secrets.AddToken(s.ReadOnlyToken)
	return r
}

// cases returns the cases of the run in their order.
func (r *run) cases() []testCase {
	cases := slices.Concat(readingCases, writingCases, r.triggerCases())
	if r.Write {
		return slices.Concat(creatingCases, cases) // what is made first is what the reading cases read
	}
	return slices.DeleteFunc(cases, func(c testCase) bool { return c.writes })
}
