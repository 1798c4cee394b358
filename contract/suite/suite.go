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
// [Compare] compares what two servers responded to the same run, as the Observe
// functions of their suites received it.
package suite

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/report"
)

// Suite checks the documented behaviour on a live server.
type Suite struct {
	// Client sends the requests.
	Client *live.Client
	// ApplicationID is the application that the suite uses.
	ApplicationID string
	// API is the contract; nil is that of [contract.Newest].
	API *contract.API
	// Write allows the suite to create, change and delete webhooks of its own.
	// It changes no other, and leaves none behind.
	Write bool
	// AnyToken says that the server accepts any token, as an open stand-in does:
	// the suite then expects no 401 for an unknown one.
	AnyToken bool
	// Only and Except choose checks: the suite tries what these need, and its
	// report has no results of others. With no names in Only it has all but those
	// of Except.
	Only, Except []contract.CheckName
	// RunID is in the names of the webhooks that the suite makes; blank is
	// random.
	RunID string
	// Progress, when it is set, is called before each case, with the number of
	// cases that are done and of all.
	Progress func(done, all int, title string)
	// Observe, when it is set, is called with each exchange, and with the title
	// of its case.
	Observe func(title string, e *contract.Exchange)
}

// NamePrefix begins the names of all webhooks that a suite makes. The run's id
// follows.
const NamePrefix = "losantmock-check-"

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

	covered coverage

	current testCase
	found   map[contract.CheckName]bool // the checks that found something in the current case
	last    *contract.Exchange

	own     []map[string]any // webhooks that were made to try things with
	created []string         // paths of webhooks that are to be deleted
	posted  bool             // whether there may be more than that

	unreachable bool
}

// firstCase comes before all others. Without it none of them can pass.
var firstCase = testCase{contract.CheckAvailability, "reaching the application", false, (*run).reach}

func (r *run) reach() {
	r.unreachable = true
	if a := r.get("/applications/" + r.ApplicationID); a.Status != http.StatusOK {
		r.couldNot("the server does not show the application to the holder of this token: " + contract.StatusText(a.Status))
	}
	r.unreachable = false
}

// Run runs the suite and returns its report. Where the context ends early, the
// report has findings that the rest could not be checked. The suite deletes what
// it made in any case, within 2 minutes.
func (s *Suite) Run(ctx context.Context) *report.Report {
	r := &run{ctx: ctx, covered: coverage{}}
	api, runID := s.API, s.RunID
	if api == nil {
		api = contract.AtNewest()
	}
	if runID == "" {
		runID = strings.ToLower(rand.Text()[:10])
	}
	complete := *s
	complete.API, complete.RunID = api, runID
	r.Suite = &complete
	r.prefix = NamePrefix + runID + "-"
	r.report = report.New(s.Client.BaseURL(), api)
	r.report.RunID, r.report.Modes = runID, s.modes()

	cases := slices.DeleteFunc(slices.Concat(readingCases, writingCases), func(c testCase) bool { return c.writes && !s.Write })
	if s.Write {
		// What is made first is what the reading cases read.
		cases = slices.Concat(creatingCases, cases)
	}
	cases = s.chosen(cases)
	for i, c := range slices.Concat([]testCase{firstCase}, cases) {
		if s.Progress != nil {
			s.Progress(i, len(cases)+1, c.title)
		}
		r.do(c)
		if r.unreachable {
			break // every other case would find the same
		}
	}
	r.cleanUp()
	r.dropUnwanted()
	r.report.Coverage = r.coverageRows()
	r.report.Scrub(s.Client.Token())
	r.report.Took = time.Since(r.report.Started).Seconds()
	return r.report
}

// abandoned is what a case panics with that can't go on. It never leaves do.
type abandoned struct{}

// do tries a case. One that finds nothing has passed.
func (r *run) do(c testCase) {
	r.current, r.found, r.last = c, map[contract.CheckName]bool{}, nil
	defer func() {
		if reason := recover(); reason != nil && reason != (abandoned{}) {
			panic(reason)
		}
		if !r.found[c.check] {
			r.report.Pass(c.check)
		}
	}()
	c.try(r)
}

// add adds a finding of the current case.
func (r *run) add(f contract.Finding) {
	f.Case = r.current.title
	if r.last != nil && f.Curl == "" && f.Verdict != contract.Conforms {
		f.Curl = r.curl(r.last)
	}
	r.found[f.Check] = true
	r.report.Add(f)
}

// couldNot ends a case that can't be tried.
func (r *run) couldNot(reason string) {
	r.add(contract.Finding{Check: r.current.check, Verdict: contract.CouldNotCheck, Message: reason})
	panic(abandoned{})
}

// want adds a finding that the current case's check breaks, unless a condition
// holds that is documented.
func (r *run) want(holds bool, field, message string) {
	r.wantBy(contract.Documented, holds, field, message)
}

// wantBy adds a finding that the current case's check breaks, unless a condition
// holds that is known from a source.
func (r *run) wantBy(source contract.Source, holds bool, field, message string) {
	if !holds {
		f := contract.NewFinding(r.current.check, source, field, message)
		if r.last != nil {
			f.Operation = operationOf(r.API, r.last)
		}
		r.add(f)
	}
}

// operationOf returns the name of the operation of an exchange; blank where
// there is none.
func operationOf(api *contract.API, e *contract.Exchange) string {
	if endpoint, _ := api.Find(e.URL); endpoint != nil && endpoint.Operations[e.Method] != nil {
		return endpoint.Operations[e.Method].Name
	}
	return ""
}
