package suite_test

import (
	"net/http"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// titlesOf runs a suite, and returns its report with the titles of its cases.
func titlesOf(t *testing.T, url string, only, except []contract.CheckName) (*report.Report, string) {
	t.Helper()
	s := newSuite(t, url)
	s.Write, s.Only, s.Except = true, only, except
	var titles []string
	s.Progress = func(_, _ int, title string) { titles = append(titles, title) }
	return s.Run(t.Context()), strings.Join(titles, "\n")
}

// checksOf returns the checks that a report has run.
func checksOf(r *report.Report) map[contract.CheckName]bool {
	run := map[contract.CheckName]bool{}
	for _, c := range r.Checks {
		if c.Passed > 0 || len(c.Findings) > 0 {
			run[c.Name] = true
		}
	}
	return run
}

// A run of some checks tries what they need, and reports no other.
func TestChosenChecks(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	server := serve(t, changed(all, func(_ *http.Request, a *altered) { a.header.Del("Access-Control-Allow-Origin"); a.header.Del("Allow") })(standIn(t, "strict-auth")))

	result, titles := titlesOf(t, server.URL, []contract.CheckName{contract.CheckMethod}, nil)
	if got := checksOf(result); len(got) != 1 || !got[contract.CheckMethod] || result.Verdict != contract.Breaks {
		t.Errorf("%s", text(result))
	}
	if strings.Count(titles, "\n") != 5 || !strings.Contains(titles, "creating webhooks\n") {
		t.Errorf("%s", titles)
	}

	result, titles = titlesOf(t, server.URL, nil, []contract.CheckName{contract.CheckMethod, contract.CheckCORS})
	if got := checksOf(result); len(got) < 15 || got[contract.CheckMethod] || got[contract.CheckCORS] || result.Verdict != contract.Conforms {
		t.Errorf("%s", text(result))
	}
	if strings.Contains(titles, "methods that") {
		t.Errorf("%s", titles)
	}

	// What every exchange is held against needs all cases but those that are excepted.
	result, titles = titlesOf(t, server.URL, []contract.CheckName{contract.CheckSchema}, []contract.CheckName{contract.CheckMethod})
	if got := checksOf(result); len(got) != 1 || result.Verdict != contract.Conforms || result.Requests < 400 {
		t.Errorf("%s", text(result))
	}
	if !strings.Contains(titles, "filters of") || strings.Contains(titles, "methods that") {
		t.Errorf("%s", titles)
	}
	if modes := strings.Join(result.Modes, ", "); modes != "write, only response_schema_conformance, except unsupported_method" {
		t.Errorf("%s", modes)
	}
}

// A run names the version of the API that it checks.
func TestTheVersionThatARunChecks(t *testing.T) {
	t.Parallel()
	version, err := contract.ParseVersion("1.28.3")
	if err != nil {
		t.Fatal(err)
	}
	api, err := contract.At(version)
	if err != nil {
		t.Fatal(err)
	}
	stub := standIn(t, "strict-auth")
	var others atomic.Int32
	s := newSuite(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Version") != "^1.28.3" {
			others.Add(1)
		}
		stub.ServeHTTP(w, r)
	})).URL)
	s.API, s.Only = api, []contract.CheckName{contract.CheckPagination}
	if s.Run(t.Context()); others.Load() > 0 {
		t.Errorf("%d requests for another version", others.Load())
	}
}

// A run that can't try any of its checks does not conform.
func TestChosenChecksThatOnlyWrite(t *testing.T) {
	t.Parallel()
	s := newSuite(t, serve(t, standIn(t, "strict-auth")).URL)
	for write, check := range map[bool]contract.CheckName{false: contract.CheckUseAfterFree, true: contract.CheckTrigger} { // without the URL of triggers
		s.Write, s.Only = write, []contract.CheckName{check}
		if result := s.Run(t.Context()); result.Verdict != contract.CouldNotCheck || !strings.Contains(text(result), "none of the chosen checks has a case here: let the run write") {
			t.Errorf("%s: %s", check, text(result))
		}
	}
}

// What keeps the whole run from being made is said, whichever checks are wanted.
func TestChosenChecksOfAnUnreachableServer(t *testing.T) {
	t.Parallel()
	result, _ := titlesOf(t, "http://127.0.0.1:1", []contract.CheckName{contract.CheckMethod}, nil)
	if result.Verdict != contract.CouldNotCheck || result.Coverage[0].Reason != "the application was not reached" {
		t.Errorf("%s%v", text(result), result.Coverage)
	}
}

// reasonOf returns why a row of the coverage lacks something, and how many
// responses it counts.
func reasonOf(t *testing.T, r *report.Report, operation, parameter string) (reason string, count int) {
	t.Helper()
	for _, c := range r.Coverage {
		if c.Operation == operation && c.Parameter == parameter {
			for _, n := range c.Responses {
				count += n
			}
			return c.Reason, count
		}
	}
	t.Fatalf("no row for %s %s", operation, parameter)
	return "", 0
}

// The coverage has a row for each operation and parameter, and says why what was not
// tried was not.
func TestCoverage(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	server := serve(t, standIn(t, "strict-auth"))
	whole, _ := titlesOf(t, server.URL, nil, nil)
	chosen, _ := titlesOf(t, server.URL, []contract.CheckName{contract.CheckMethod}, nil)
	reading := newSuite(t, server.URL).Run(t.Context())
	for _, test := range []struct {
		report               *report.Report
		operation, parameter string
		reason               string
		asked                bool
	}{
		{whole, "webhooks.get", "", "", true},
		{whole, "webhooks.get", "sortField", "", true},
		{whole, "webhook.patch", "webhook", "", true},
		{whole, "application.patch", "", "200: applications are only read", true},
		{whole, "auth.authenticateUser", "", "200: the suite has no credentials of a user", true},
		{reading, "webhooks.post", "", "the run only reads", false},
		{chosen, "webhooks.get", "sortField", "left out with its check", false},
	} {
		reason, count := reasonOf(t, test.report, test.operation, test.parameter)
		if reason != test.reason || (count > 0) != test.asked {
			t.Errorf("%s %s: %q, %d responses", test.operation, test.parameter, reason, count)
		}
	}
}

// Long bodies stand in files, which the commands of findings read.
func TestLongBodiesAreKeptForFiles(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	server := serve(t, changed(creates, func(r *http.Request, a *altered) {
		if r.ContentLength > 1<<10 {
			a.status = http.StatusInternalServerError
		}
	})(standIn(t, "strict-auth")))
	result, _ := titlesOf(t, server.URL, []contract.CheckName{contract.CheckServerError}, nil)
	found := result.Findings()
	if len(found) == 0 || len(found[0].Curl) > 1<<10 {
		t.Fatalf("%s", text(result))
	}
	_, rest, _ := strings.Cut(found[0].Curl, "--data-binary '@")
	name, _, _ := strings.Cut(rest, "'")
	if len(result.Bodies[name]) < 1<<10 {
		t.Errorf("%s: %d bodies, none of %s", found[0].Curl, len(result.Bodies), name)
	}
	if _, err := exec.LookPath("sh"); err == nil {
		if out, err := exec.Command("sh", "-n", "-c", found[0].Curl).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}
