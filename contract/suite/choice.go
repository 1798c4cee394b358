package suite

import (
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/report"
)

// wants reports whether the results of a check are wanted.
func (s *Suite) wants(check contract.CheckName) bool {
	return (len(s.Only) == 0 || slices.Contains(s.Only, check)) && !slices.Contains(s.Except, check)
}

// chosen returns those of the cases that the wanted checks need. What every
// exchange is held against needs all cases.
func (s *Suite) chosen(cases []testCase) []testCase {
	everywhere := slices.ContainsFunc(contract.ExchangeChecks(), func(check contract.CheckName) bool {
		return slices.Contains(s.Only, check) && s.wants(check)
	})
	return slices.DeleteFunc(cases, func(c testCase) bool {
		return !s.wants(c.check) && !isIn(creatingCases, c.title) && (!everywhere || slices.Contains(s.Except, c.check))
	})
}

// isIn reports whether one of the cases has a title.
func isIn(cases []testCase, title string) bool {
	return slices.ContainsFunc(cases, func(c testCase) bool { return c.title == title })
}

// dropUnwanted takes the results of checks that are not wanted out of the report,
// but for what kept the run as a whole from being made.
func (r *run) dropUnwanted() {
	if len(r.Only)+len(r.Except) == 0 {
		return
	}
	r.report.Verdict = contract.Conforms
	for i := range r.report.Checks {
		c := &r.report.Checks[i]
		if !r.wants(c.Name) {
			c.Passed, c.Verdict = 0, contract.Conforms
			c.Findings = slices.DeleteFunc(c.Findings, func(f report.CountedFinding) bool {
				return f.Verdict != contract.CouldNotCheck || isIn(readingCases, f.Case) || isIn(writingCases, f.Case)
			})
			if len(c.Findings) > 0 {
				c.Verdict = contract.CouldNotCheck
			}
		}
		if c.Verdict.Compare(r.report.Verdict) > 0 {
			r.report.Verdict = c.Verdict
		}
	}
}

// modes returns what the suite is allowed to do, for people.
func (s *Suite) modes() []string {
	modes := []string{"read"}
	if s.Write {
		modes = []string{"write"}
	}
	if s.AnyToken {
		modes = append(modes, "any token")
	}
	for _, check := range s.Only {
		modes = append(modes, "only "+string(check))
	}
	for _, check := range s.Except {
		modes = append(modes, "except "+string(check))
	}
	return modes
}
