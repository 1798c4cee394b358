package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
)

// Change is a difference between two reports.
type Change struct {
	What ChangeKind `json:"what"`
	// Check is blank for a difference between the runs.
	Check contract.CheckName `json:"check"`
	// Finding is the later finding, or the one that is gone; nil for any other
	// change.
	Finding *CountedFinding `json:"finding,omitempty"`
	// Subject is what of the runs differs: "target", "application", "against", "modes"
	// or "leftBehind"; blank for any other change.
	Subject string `json:"subject,omitempty"`
	// Was and Is are the earlier value and the later one: of a verdict, which may
	// be "not run", of what differs between the runs, or the messages of a finding.
	// They are blank for a finding that is new or gone.
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
}

// ChangeKind is what a [Change] is about.
type ChangeKind string

// The kinds of changes.
const (
	ChangeRun     ChangeKind = "run"     // the runs differ, so that what they found may differ for that reason
	ChangeNew     ChangeKind = "new"     // a finding that the later report alone has
	ChangeGone    ChangeKind = "gone"    // a finding that the earlier report alone has
	ChangeMessage ChangeKind = "message" // a finding that both have, with other messages
	ChangeVerdict ChangeKind = "verdict" // a check has another verdict, or only one report has run it
)

// String returns the change on one line.
func (c Change) String() string { return printable(c.text()) }

func (c Change) text() string {
	switch c.What {
	case ChangeRun:
		return fmt.Sprintf("%s: %s, was %s", c.Subject, c.Is, c.Was)
	case ChangeVerdict:
		return fmt.Sprintf("%s: %s, was %s", c.Check, c.Is, c.Was)
	case ChangeMessage:
		shown := *c.Finding
		shown.Message = c.Is + ", was " + c.Was
		return fmt.Sprintf("%s: %s: %s: %s", c.What, c.Check, shown.verdict(), shown.line())
	default:
		return fmt.Sprintf("%s: %s: %s: %s", c.What, c.Check, c.Finding.verdict(), c.Finding.line())
	}
}

// Drift returns what changed between two reports, such as yesterday's and
// today's of the same server: first where the runs differ, then what they found,
// consequences among it, in the order of the checks. How often a finding was made is
// no change, nor are ids, instants, and the id and the seed of the run in its messages.
func Drift(before, after *Report) []Change {
	changes := driftOfRuns(before, after)
	earlier, later := before.distinct(), after.distinct()
	for _, check := range checksOf(after, before) {
		was, is := before.result(check), after.result(check)
		if was.summary() != is.summary() {
			changes = append(changes, Change{What: ChangeVerdict, Check: check, Was: was.summary(), Is: is.summary()})
		}
		wasFound, isFound := ofCheck(earlier, check), ofCheck(later, check)
		changes = append(changes, only(ChangeNew, isFound, wasFound)...)
		changes = append(changes, only(ChangeGone, wasFound, isFound)...)
		for i := range isFound {
			f := &isFound[i]
			if k := indexOf(wasFound, f.Finding); k >= 0 && !slices.Equal(wasFound[k].steadyMessages(before.RunID), f.steadyMessages(after.RunID)) {
				changes = append(changes, Change{What: ChangeMessage, Check: check, Finding: f, Was: joined(wasFound[k].messages()), Is: joined(f.messages())})
			}
		}
	}
	return changes
}

// driftOfRuns returns where two runs differ. Applications and modes are compared
// where both reports have them.
func driftOfRuns(before, after *Report) []Change {
	var changes []Change
	differ := func(subject, was, is string) {
		if was != is {
			changes = append(changes, Change{What: ChangeRun, Subject: subject, Was: was, Is: is})
		}
	}
	differ("target", before.Target, after.Target)
	if before.ApplicationID != "" && after.ApplicationID != "" {
		differ("application", before.ApplicationID, after.ApplicationID)
	}
	differ("against", before.against(), after.against())
	if len(before.Modes) > 0 && len(after.Modes) > 0 {
		differ("modes", strings.Join(before.Modes, ", "), strings.Join(after.Modes, ", "))
	}
	differ("leftBehind", fmt.Sprint(len(before.LeftBehind)), fmt.Sprint(len(after.LeftBehind)))
	return changes
}

// checksOf returns the names of the checks of two reports, each once.
func checksOf(first, second *Report) []contract.CheckName {
	var names []contract.CheckName
	for _, c := range slices.Concat(first.Checks, second.Checks) {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// ofCheck returns the findings of a check.
func ofCheck(all []CountedFinding, check contract.CheckName) []CountedFinding {
	return slices.DeleteFunc(slices.Clone(all), func(f CountedFinding) bool { return f.Check != check })
}

// joined returns messages on one line.
func joined(messages []string) string { return strings.Join(messages, " / ") }

// only returns the findings of a list that another lacks.
func only(what ChangeKind, list, other []CountedFinding) []Change {
	var changes []Change
	for i := range list {
		if indexOf(other, list[i].Finding) < 0 {
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
	if len(read.Checks) == 0 {
		return nil, fmt.Errorf("not a report: it has no checks")
	}
	if read.Against != "" {
		return (*Report)(read.unversioned), nil // its checks are operations
	}
	whole := New(read.Target, contract.AtNewest())
	for _, c := range read.Checks {
		i := whole.index(c.Name)
		if i < 0 {
			return nil, fmt.Errorf("the report has a check %q, which this program does not know", c.Name)
		}
		whole.Checks[i] = c
	}
	read.Checks = whole.Checks
	return (*Report)(read.unversioned), nil
}
