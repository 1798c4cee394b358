package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/losantmock/losantmock/contract"
)

// Change is a difference between two reports.
type Change struct {
	// What is "new" for a finding that the later report alone has, "gone" for
	// one that the earlier alone has, and "verdict" for a check whose verdict
	// is another, or that was not run before or is not any more.
	What    string          `json:"what"`
	Check   string          `json:"check"`
	Finding *CountedFinding `json:"finding,omitempty"`
	// Was and Is are verdicts, or "not run".
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
}

func (c Change) String() string {
	if c.Finding == nil {
		return fmt.Sprintf("%s: %s, was %s", c.Check, c.Is, c.Was)
	}
	return fmt.Sprintf("%s: %s: %s: %s", c.What, c.Check, c.Finding.Verdict, c.Finding.line())
}

// Drift returns what changed between two reports, such as yesterday's and
// today's of the same server.
func Drift(before, after *Report) []Change {
	var changes []Change
	for _, check := range contract.Checks() {
		was, is := before.check(check), after.check(check)
		if was.summary() != is.summary() {
			changes = append(changes, Change{What: "verdict", Check: check, Was: was.summary(), Is: is.summary()})
		}
		changes = append(changes, only("new", is.Findings, was.Findings)...)
		changes = append(changes, only("gone", was.Findings, is.Findings)...)
	}
	return changes
}

// only are the findings of a list that another lacks.
func only(what string, list, other []CountedFinding) []Change {
	var changes []Change
	for i := range list {
		if !slices.ContainsFunc(other, func(f CountedFinding) bool { return key(f.Finding) == key(list[i].Finding) }) {
			changes = append(changes, Change{What: what, Check: list[i].Check, Finding: &list[i]})
		}
	}
	return changes
}

// Read reads a report that was written as JSON. Checks that its writer did not
// know count as not run; those that this program does not know are an error.
func Read(r io.Reader) (*Report, error) {
	read := versioned{Report: new(Report)}
	if err := json.NewDecoder(r).Decode(&read); err != nil {
		return nil, fmt.Errorf("not a report in JSON: %w", err)
	}
	if read.V > Version {
		return nil, fmt.Errorf("the report has version %d, and this losantmock reads versions up to %d: take a newer one", read.V, Version)
	}
	whole := New(read.Target, contract.AtNewest())
	for _, c := range read.Checks {
		i := slices.IndexFunc(whole.Checks, func(known CheckResult) bool { return known.Name == c.Name })
		if i < 0 {
			return nil, fmt.Errorf("the report has a check %q, which this program does not know", c.Name)
		}
		whole.Checks[i] = c
	}
	if len(read.Checks) == 0 {
		return nil, fmt.Errorf("not a report: it has no checks")
	}
	read.Checks = whole.Checks
	return read.Report, nil
}
