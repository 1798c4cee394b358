package contract

import (
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/secret"
)

// Report is what a run of a [Suite], or the traffic through a [Transport],
// came to. It is written as JSON and read back by [Drift].
type Report struct {
	Target     string    `json:"target"`
	APIVersion string    `json:"apiVersion"`
	RunID      string    `json:"runId,omitempty"`
	Started    time.Time `json:"started"`
	// Took is in seconds.
	Took     float64       `json:"tookSeconds"`
	Verdict  Verdict       `json:"verdict"`
	Requests int           `json:"requests"`
	Checks   []CheckResult `json:"checks"`
	// LeftBehind are the paths of webhooks that the run made and could not
	// delete.
	LeftBehind []string `json:"leftBehind,omitempty"`
}

// CheckResult is what came of one check.
type CheckResult struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	// Passed counts the cases in which the check found nothing.
	Passed   int              `json:"passed"`
	Findings []CountedFinding `json:"findings,omitempty"`
}

// CountedFinding is a finding, and how often it was made.
type CountedFinding struct {
	Finding
	Times int `json:"times"`
}

func newReport(target string, api *API) *Report {
	r := &Report{Target: target, APIVersion: api.Version.String(), Started: time.Now().UTC().Truncate(time.Millisecond), Verdict: Conforms}
	for _, check := range Checks {
		r.Checks = append(r.Checks, CheckResult{Name: check.Name, Verdict: Conforms})
	}
	return r
}

func (r *Report) check(name string) *CheckResult {
	i := slices.IndexFunc(r.Checks, func(c CheckResult) bool { return c.Name == name })
	return &r.Checks[i]
}

func (r *Report) pass(check string) { r.check(check).Passed++ }

// add notes a finding. The same in other items of a list, or in another case,
// is counted and told once.
func (r *Report) add(f Finding) {
	check := r.check(f.Check)
	same := func(c CountedFinding) bool { return c.key() == f.key() }
	if i := slices.IndexFunc(check.Findings, same); i >= 0 {
		check.Findings[i].Times++
	} else {
		check.Findings = append(check.Findings, CountedFinding{f, 1})
	}
	check.Verdict = worse(check.Verdict, f.Verdict)
	r.Verdict = worse(r.Verdict, f.Verdict)
}

func worse(v, w Verdict) Verdict {
	if v.Compare(w) < 0 {
		return w
	}
	return v
}

// key is what makes a finding the same as another: all but the case that came
// upon it and the values that it came upon there.
func (f Finding) key() string {
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

// scrub takes a token out of all that others have said.
func (r *Report) scrub(token secret.Secret) {
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
