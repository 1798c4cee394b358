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
	What  ChangeKind         `json:"what"`
	Check contract.CheckName `json:"check"`
	// Finding is the new finding, or the one that is gone; nil for a verdict.
	Finding *CountedFinding `json:"finding,omitempty"`
	// Was and Is are the earlier verdict and the later one, or "not run"; blank
	// for a finding.
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
}

// ChangeKind is what a [Change] is about.
type ChangeKind string

// The kinds of changes.
const (
	ChangeNew     ChangeKind = "new"     // a finding that the later report alone has
	ChangeGone    ChangeKind = "gone"    // a finding that the earlier report alone has
	ChangeVerdict ChangeKind = "verdict" // a check has another verdict, or only one report has run it
)

// String returns the change on one line.
func (c Change) String() string {
	if c.Finding == nil {
		return fmt.Sprintf("%s: %s, was %s", c.Check, c.Is, c.Was)
	}
	return fmt.Sprintf("%s: %s: %s: %s", c.What, c.Check, c.Finding.Verdict, c.Finding.line())
}

// Drift returns what changed between two reports, such as yesterday's and
// today's of the same server, in the order of the checks.
func Drift(before, after *Report) []Change {
	var changes []Change
	for _, check := range contract.Checks() {
		was, is := before.result(check), after.result(check)
		if was.summary() != is.summary() {
			changes = append(changes, Change{What: ChangeVerdict, Check: check, Was: was.summary(), Is: is.summary()})
		}
		changes = append(changes, only(ChangeNew, is.Findings, was.Findings)...)
		changes = append(changes, only(ChangeGone, was.Findings, is.Findings)...)
	}
	return changes
}

// only returns the findings of a list that another lacks.
func only(what ChangeKind, list, other []CountedFinding) []Change {
	var changes []Change
	for i := range list {
		if !slices.ContainsFunc(other, func(f CountedFinding) bool { return key(f.Finding) == key(list[i].Finding) }) {
			changes = append(changes, Change{What: what, Check: list[i].Check, Finding: &list[i]})
		}
	}
	return changes
}

// Read reads a report that was written as [JSON]. A check that its writer did
// not know was not run. Read fails where the text is no report, or has a check
// that this package does not know.
func Read(r io.Reader) (*Report, error) {
	read := versioned{unversioned: new(unversioned)}
	if err := json.NewDecoder(r).Decode(&read); err != nil {
		return nil, fmt.Errorf("not a report in JSON: %w", err)
	}
	if read.V > Version {
		return nil, fmt.Errorf("the report has version %d, and this losantmock reads versions up to %d: take a newer one", read.V, Version)
	}
	whole := New(read.Target, contract.AtNewest())
	for _, c := range read.Checks {
		i := whole.index(c.Name)
		if i < 0 {
			return nil, fmt.Errorf("the report has a check %q, which this program does not know", c.Name)
		}
		whole.Checks[i] = c
	}
	if len(read.Checks) == 0 {
		return nil, fmt.Errorf("not a report: it has no checks")
	}
	read.Checks = whole.Checks
	return (*Report)(read.unversioned), nil
}
