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
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
)

// Report is the result of a run of a suite, or of checking the traffic through
// a [contract.Transport].
type Report struct {
	// Target is what was checked: a base URL, or the hosts of the traffic.
	Target string `json:"target"`
	// APIVersion is the version of the contract, such as "1.30.0".
	APIVersion string `json:"apiVersion"`
	// RunID is in the names of the webhooks that a suite made; blank for
	// traffic.
	RunID string `json:"runId,omitempty"`
	// Seed is what the bodies that a suite drew follow from; 0 where it drew none.
	Seed uint64 `json:"seed,omitempty"`
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

// CountedFinding is a finding, and how often it was made.
type CountedFinding struct {
	contract.Finding
	Times int `json:"times"`
	// Consequences are findings that would not be there without this one, whatever
	// their checks. They count for the verdicts of their own checks.
	Consequences []CountedFinding `json:"consequences,omitempty"`
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
// case of a suite, is counted and shown once.
func (r *Report) Add(f contract.Finding) {
	check := r.judge(f)
	check.Findings = counted(check.Findings, f)
}

// AddConsequence adds a finding that would not be there without another one, which the
// report has already.
func (r *Report) AddConsequence(cause, f contract.Finding) {
	causes := r.check(cause.Check).Findings
	i := place(causes, cause)
	if i < 0 || key(cause) == key(f) {
		r.Add(f)
		return
	}
	r.judge(f)
	causes[i].Consequences = counted(causes[i].Consequences, f)
}

// judge lets a finding count for the verdicts, and returns the result of its check.
func (r *Report) judge(f contract.Finding) *CheckResult {
	check := r.check(f.Check)
	check.Verdict = worse(check.Verdict, f.Verdict)
	r.Verdict = worse(r.Verdict, f.Verdict)
	return check
}

// counted returns findings with one more.
func counted(all []CountedFinding, f contract.Finding) []CountedFinding {
	if i := place(all, f); i >= 0 {
		all[i].Times++
		return all
	}
	return append(all, CountedFinding{Finding: f, Times: 1})
}

// place returns the place of a finding that is the same, or -1.
func place(all []CountedFinding, f contract.Finding) int {
	return slices.IndexFunc(all, func(c CountedFinding) bool { return key(c.Finding) == key(f) })
}

// worse returns the worse of two verdicts.
func worse(v, w contract.Verdict) contract.Verdict {
	if v.Compare(w) < 0 {
		return w
	}
	return v
}

// key returns a text that two findings share when they are the same but for
// their case, the values that they found there, and the item of a list.
func key(f contract.Finding) string {
	steps := strings.Split(f.Field, ".")
	for i := range steps {
		if strings.Trim(steps[i], "0123456789") == "" {
			steps[i] = "N"
		}
	}
	field := strings.Join(steps, ".")
	if field == "" {
		field = f.Case
	}
	return strings.Join([]string{string(f.Check), string(f.Verdict), f.Operation, field}, "\x00")
}

// Findings returns all findings, check by check, each with its consequences behind it.
func (r *Report) Findings() []CountedFinding {
	var all []CountedFinding
	for _, check := range r.Checks {
		for _, f := range check.Findings {
			all = append(append(all, f), f.Consequences...)
		}
	}
	return all
}

// Scrub replaces secrets in all texts that a server may have chosen.
func (r *Report) Scrub(secrets *secret.Scrubber) {
	var texts []*string
	for i := range r.Checks {
		for j := range r.Checks[i].Findings {
			f := &r.Checks[i].Findings[j]
			texts = append(texts, &f.Field, &f.Message, &f.Curl)
			for k := range f.Consequences {
				c := &f.Consequences[k]
				texts = append(texts, &c.Field, &c.Message, &c.Curl)
			}
		}
	}
	for i := range r.LeftBehind {
		texts = append(texts, &r.LeftBehind[i])
	}
	secrets.Scrub(texts...)
}
