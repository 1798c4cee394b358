// Package report writes what checks found: as text, JSON, JUnit, annotations of
// GitHub Actions, and Markdown; and what changed between two reports.
//
// A run of package suite returns a [Report]. The traffic of a client becomes
// one with a [Collector]:
//
//	transport := &contract.Transport{}
//	traffic := report.Collect(transport)
//	client := &http.Client{Transport: transport}
//	// ... use the client ...
//	err := traffic.Report().Write(os.Stdout, report.Text)
//
// A report written as JSON is read back with [Read], and compared with a later
// one by [Drift].
package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
)

// Report is the result of a run of a suite, or of checking the traffic through
// a [contract.Transport].
type Report struct {
	// Target is what was checked: a base URL, or the hosts of the traffic.
	Target string `json:"target"`
	// ApplicationID is the application that a suite used; blank for traffic.
	ApplicationID string `json:"applicationId,omitempty"`
	// APIVersion is the version of the contract, such as "1.30.0".
	APIVersion string `json:"apiVersion"`
	// Against is what the responses of the target were compared with; blank for
	// the contract. The checks of a comparison are the operations.
	Against string `json:"against,omitempty"`
	// RunID is in the names of the webhooks that a suite made; blank for
	// traffic.
	RunID string `json:"runId,omitempty"`
	// Seed is what the bodies that a suite drew follow from; 0 where it drew none.
	Seed uint64 `json:"seed,omitempty"`
	// Modes say what a suite was allowed to do, such as "read" or "write"; none
	// for traffic.
	Modes []string `json:"modes,omitempty"`
	// Started is in UTC, to the millisecond.
	Started time.Time `json:"started"`
	// Took is in seconds; 0 for traffic.
	Took float64 `json:"tookSeconds"`
	// Verdict is the worst of all checks.
	Verdict contract.Verdict `json:"verdict"`
	// Requests counts the requests that were checked.
	Requests int `json:"requests"`
	// Checks has the results in the order of [contract.Checks].
	Checks []CheckResult `json:"checks"`
	// LeftBehind has the paths of webhooks that the run made and could not
	// delete.
	LeftBehind []string `json:"leftBehind,omitempty"`
	// NoLongerFound has the news that were accepted by [Report.Accept], and that
	// this run did not find, or did not look for.
	NoLongerFound []CountedFinding `json:"noLongerFound,omitempty"`
	// Coverage says what of each operation a suite has tried; none for traffic.
	Coverage []Coverage `json:"coverage,omitempty"`
	// Bodies are long bodies of requests, by the names of the files that the
	// commands of findings read them from. They are in no format of the report.
	Bodies map[string][]byte `json:"-"`
}

// Version is the version of reports in JSON, which they carry as the member v.
// It changes when a program that reads the present reports could misunderstand
// new ones. [Read] reads all versions up to it; reports without the member are of
// version 1.
const Version = 1

// unversioned is a report without its methods, for encoding/json.
type unversioned Report

// versioned is a report as it stands in JSON.
type versioned struct {
	V int `json:"v"`
	*unversioned
}

// MarshalJSON writes the report with its version.
func (r *Report) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(versioned{Version, (*unversioned)(r)})
	return b.Bytes(), err
}

// CheckResult is the result of one check. With nothing passed and nothing
// found, it was not run.
type CheckResult struct {
	Name contract.CheckName `json:"name"`
	// Verdict is the worst of the findings.
	Verdict contract.Verdict `json:"verdict"`
	// Passed counts the cases in which the check found nothing.
	Passed   int              `json:"passed"`
	Findings []CountedFinding `json:"findings,omitempty"`
}

// New returns a report of a target, such as a base URL, in which no check was
// run yet.
func New(target string, api *contract.API) *Report {
	r := &Report{Target: target, APIVersion: api.Version.String(), Started: time.Now().UTC().Truncate(time.Millisecond), Verdict: contract.Conforms}
	for _, check := range contract.Checks() {
		r.Checks = append(r.Checks, CheckResult{Name: check, Verdict: contract.Conforms})
	}
	return r
}

// check returns the result of a check, which is new where the report has none.
func (r *Report) check(name contract.CheckName) *CheckResult {
	i := r.index(name)
	if i < 0 {
		i = len(r.Checks)
		r.Checks = append(r.Checks, CheckResult{Name: name, Verdict: contract.Conforms})
	}
	return &r.Checks[i]
}

// result returns the result of a check; that of one that was not run where the
// report has none.
func (r *Report) result(name contract.CheckName) CheckResult {
	if i := r.index(name); i >= 0 {
		return r.Checks[i]
	}
	return CheckResult{Name: name, Verdict: contract.Conforms}
}

// index returns the place of a check, or -1.
func (r *Report) index(name contract.CheckName) int {
	return slices.IndexFunc(r.Checks, func(c CheckResult) bool { return c.Name == name })
}

// Pass counts a case in which a check found nothing.
func (r *Report) Pass(check contract.CheckName) { r.check(check).Passed++ }

// Add adds a finding. One that is the same, but for the item of a list or the
// case of a suite, is counted and shown once, with the messages that differ.
func (r *Report) Add(f contract.Finding) {
	check := r.judge(f)
	check.Findings = counted(check.Findings, CountedFinding{Finding: f, Times: 1}, r.RunID)
}

// AddConsequence adds a finding that would not be there without another one. Where the
// report does not have the other one, it is a finding like any other.
func (r *Report) AddConsequence(cause, f contract.Finding) {
	causes := r.result(cause.Check).Findings
	i := indexOf(causes, cause)
	if i < 0 || key(cause) == key(f) {
		r.Add(f)
		return
	}
	r.judge(f)
	causes[i].Consequences = counted(causes[i].Consequences, CountedFinding{Finding: f, Times: 1}, r.RunID)
}

// judge lets a finding count for the verdicts, and returns the result of its check.
func (r *Report) judge(f contract.Finding) *CheckResult {
	check := r.check(f.Check)
	check.Verdict = worse(check.Verdict, f.Verdict)
	r.Verdict = worse(r.Verdict, f.Verdict)
	return check
}

// worse returns the worse of two verdicts.
func worse(v, w contract.Verdict) contract.Verdict {
	if v.Compare(w) < 0 {
		return w
	}
	return v
}

// each calls a function with each finding, check by check, and with the consequences of
// each behind it.
func (r *Report) each(visit func(f *CountedFinding)) {
	for i := range r.Checks {
		for j := range r.Checks[i].Findings {
			f := &r.Checks[i].Findings[j]
			visit(f)
			for k := range f.Consequences {
				visit(&f.Consequences[k])
			}
		}
	}
}

// Findings returns all findings, check by check, each with its consequences behind it.
func (r *Report) Findings() []CountedFinding {
	var all []CountedFinding
	r.each(func(f *CountedFinding) { all = append(all, *f) })
	return all
}

// distinct returns all findings, consequences among them, each once with all its
// messages, wherever it stands.
func (r *Report) distinct() []CountedFinding {
	var all []CountedFinding
	r.each(func(f *CountedFinding) {
		alone := *f
		alone.Others, alone.Consequences = slices.Clone(f.Others), nil
		all = counted(all, alone, r.RunID)
	})
	return all
}

// Scrub replaces secrets in all texts that a server may have chosen.
func (r *Report) Scrub(secrets *secret.Scrubber) {
	var texts []*string
	r.each(func(f *CountedFinding) {
		texts = append(texts, &f.Field, &f.Message, &f.Curl)
		for i := range f.Others {
			texts = append(texts, &f.Others[i])
		}
	})
	for i := range r.LeftBehind {
		texts = append(texts, &r.LeftBehind[i])
	}
	secrets.Scrub(texts...)
	for name, body := range r.Bodies {
		text := string(body)
		secrets.Scrub(&text)
		r.Bodies[name] = []byte(text)
	}
}
