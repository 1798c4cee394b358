package suite

import (
	"slices"

	"github.com/losantmock/losantmock/contract"
)

// wants reports whether the results of a check are wanted.
func (s *Suite) wants(check contract.CheckName) bool {
	return (len(s.Only) == 0 || slices.Contains(s.Only, check)) && !slices.Contains(s.Except, check)
}

// chosen returns those of the cases that the wanted checks need. What every
// exchange is held against needs all cases.
func (s *Suite) chosen(cases []testCase) []testCase {
	everywhere := s.wantsExchanges()
	return slices.DeleteFunc(cases, func(c testCase) bool {
		return !s.wants(c.check) && !isIn(creatingCases, c.title) && (!everywhere || slices.Contains(s.Except, c.check))
	})
}

// wantsExchanges reports whether a check is named that every exchange is held against.
func (s *Suite) wantsExchanges() bool {
	return slices.ContainsFunc(contract.ExchangeChecks(), func(check contract.CheckName) bool {
		return slices.Contains(s.Only, check) && s.wants(check)
	})
}

// isIn reports whether one of the cases has a title.
func isIn(cases []testCase, title string) bool {
	return slices.ContainsFunc(cases, func(c testCase) bool { return c.title == title })
}

// isReported reports whether a finding belongs into the report: one of a wanted check, and
// what kept the run as a whole from being made.
func (r *run) isReported(f *found) bool {
	whole := f.Field == fieldOfRun || f.Case == firstCase.title || isIn(creatingCases, f.Case)
	return r.wants(f.Check) || f.Verdict == contract.CouldNotCheck && whole
}

// pass counts a case in which a check found nothing.
func (r *run) pass(check contract.CheckName) {
	if r.wants(check) {
		r.report.Pass(check)
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
	if !s.ReadOnlyToken.IsZero() {
		modes = append(modes, "read-only token")
	}
	if s.OtherApplicationID != "" {
		modes = append(modes, "other application")
	}
	if s.Write && s.Triggers != "" {
		modes = append(modes, "triggers")
	}
	if s.Write && s.Triggers != "" && s.Slow {
		modes = append(modes, "slow")
	}
	for _, check := range s.Only {
		modes = append(modes, "only "+string(check))
	}
	for _, check := range s.Except {
		modes = append(modes, "except "+string(check))
	}
	return modes
}
