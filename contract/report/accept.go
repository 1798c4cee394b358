package report

import (
	"slices"

	"github.com/losantmock/losantmock/contract"
)

// Accept accepts the news that an earlier report has too, accepted there or
// not: they stay in the report and count no more, so that it can conform. News
// with a message that the earlier report lacks are not accepted. What of the
// earlier news was not found again, though its check was run, is kept as
// NoLongerFound.
func (r *Report) Accept(known *Report) {
	for i := range r.Checks {
		c := &r.Checks[i]
		earlier := known.result(c.Name).Findings
		for j := range c.Findings {
			f := &c.Findings[j]
			if k := indexOf(earlier, *f); k >= 0 && f.Verdict == contract.News {
				f.Accepted = containsAll(earlier[k].steadyMessages(known.RunID), f.steadyMessages(r.RunID))
			}
		}
		for _, f := range earlier {
			if f.Verdict == contract.News && c.summary() != notRun && indexOf(c.Findings, f) < 0 {
				r.NoLongerFound = append(r.NoLongerFound, f)
			}
		}
		if c.Verdict == contract.News && !slices.ContainsFunc(c.Findings, isOpen) {
			c.Verdict = contract.Conforms
		}
	}
	if r.Verdict == contract.News && !slices.ContainsFunc(r.Findings(), isOpen) {
		r.Verdict = contract.Conforms
	}
}

// isOpen reports whether a finding was not accepted.
func isOpen(f CountedFinding) bool { return !f.Accepted }

// indexOf returns the place of a finding in a list, whatever its messages; -1
// where the list lacks it.
func indexOf(list []CountedFinding, f CountedFinding) int {
	return slices.IndexFunc(list, func(other CountedFinding) bool { return key(other.Finding) == key(f.Finding) })
}

// containsAll reports whether a list has all texts of another.
func containsAll(list, other []string) bool {
	return !slices.ContainsFunc(other, func(text string) bool { return !slices.Contains(list, text) })
}
