package report

import (
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/secret"
)

// Report is what a run of a suite, or the traffic through a
// [contract.Transport], came to.
type Report struct {
	Target     string    `json:"target"`
	APIVersion string    `json:"apiVersion"`
	RunID      string    `json:"runId,omitempty"`
	Started    time.Time `json:"started"`
	// Took is in seconds.
	Took     float64          `json:"tookSeconds"`
	Verdict  contract.Verdict `json:"verdict"`
	Requests int              `json:"requests"`
	Checks   []CheckResult    `json:"checks"`
	// LeftBehind are the paths of webhooks that the run made and could not
	// delete.
	LeftBehind []string `json:"leftBehind,omitempty"`
}

// Version is the version of reports in JSON, which they carry as the member v.
// It changes when a program that reads the present reports could misunderstand
// new ones. [Read] reads all versions up to it; reports without the member are of
// version 1.
const Version = 1

// versioned is a report as it stands in JSON.
type versioned struct {
	V int `json:"v"`
	*Report
}

// CheckResult is what came of one check.
type CheckResult struct {
	Name    string           `json:"name"`
	Verdict contract.Verdict `json:"verdict"`
	// Passed counts the cases in which the check found nothing.
	Passed   int              `json:"passed"`
	Findings []CountedFinding `json:"findings,omitempty"`
}

// CountedFinding is a finding, and how often it was made.
type CountedFinding struct {
	contract.Finding
	Times int `json:"times"`
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

func (r *Report) check(name string) *CheckResult {
	i := slices.IndexFunc(r.Checks, func(c CheckResult) bool { return c.Name == name })
	return &r.Checks[i]
}

// Pass counts a case in which a check found nothing.
func (r *Report) Pass(check string) { r.check(check).Passed++ }

// Add adds a finding. The same in other items of a list, or in another case,
// is counted, and shown once.
func (r *Report) Add(f contract.Finding) {
	check := r.check(f.Check)
	same := func(c CountedFinding) bool { return key(c.Finding) == key(f) }
	if i := slices.IndexFunc(check.Findings, same); i >= 0 {
		check.Findings[i].Times++
	} else {
		check.Findings = append(check.Findings, CountedFinding{f, 1})
	}
	check.Verdict = worse(check.Verdict, f.Verdict)
	r.Verdict = worse(r.Verdict, f.Verdict)
}

func worse(v, w contract.Verdict) contract.Verdict {
	if v.Compare(w) < 0 {
		return w
	}
	return v
}

// key is what makes a finding the same as another: all but the case that came
// upon it and the values that it came upon there.
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
	return strings.Join([]string{f.Check, string(f.Verdict), f.Operation, field}, "\x00")
}

// Findings are all findings, check by check.
func (r *Report) Findings() []CountedFinding {
	var all []CountedFinding
	for _, check := range r.Checks {
		all = append(all, check.Findings...)
	}
	return all
}

// Scrub replaces a token in all texts that came from others.
func (r *Report) Scrub(token secret.Secret) {
	for i := range r.Checks {
		for j := range r.Checks[i].Findings {
			f := &r.Checks[i].Findings[j]
			for _, text := range []*string{&f.Field, &f.Message, &f.Curl} {
				*text = token.Scrub(*text)
			}
		}
	}
	for i := range r.LeftBehind {
		r.LeftBehind[i] = token.Scrub(r.LeftBehind[i])
	}
}
