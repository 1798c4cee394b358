package report

import (
	"slices"

	"github.com/losantmock/losantmock/contract"
)

// Accept accepts the news that an earlier report has too, accepted there or
// not: they stay in the report and count no more, so that it can conform. News
// with a message that the earlier report lacks are not accepted. What of the
// earlier news was not found again is kept as NoLongerFound, from where it is accepted
// when it is back.
func (r *Report) Accept(known *Report) {
	earlier := known.distinct()
	for _, f := range known.NoLongerFound {
		earlier = counted(earlier, f, known.RunID)
	}
	r.each(func(f *CountedFinding) {
		if i := indexOf(earlier, f.Finding); i >= 0 && f.Verdict == contract.News {
			f.Accepted = containsAll(earlier[i].steadyMessages(known.RunID), f.steadyMessages(r.RunID))
		}
	})
	found := r.distinct()
	for _, f := range earlier {
		if f.Verdict == contract.News && indexOf(found, f.Finding) < 0 {
			r.NoLongerFound = append(r.NoLongerFound, f)
		}
	}
	open := slices.DeleteFunc(r.Findings(), func(f CountedFinding) bool { return f.Accepted })
	r.Verdict = afterAccepting(r.Verdict, len(open) > 0)
	for i := range r.Checks {
		c := &r.Checks[i]
		c.Verdict = afterAccepting(c.Verdict, slices.ContainsFunc(open, func(f CountedFinding) bool { return f.Check == c.Name }))
	}
}

// afterAccepting returns a verdict that was found when there may have been more
// findings than are open.
func afterAccepting(v contract.Verdict, open bool) contract.Verdict {
	if v == contract.News && !open {
		return contract.Conforms
	}
	return v
}

// containsAll reports whether a list has all texts of another.
func containsAll(list, other []string) bool {
	return !slices.ContainsFunc(other, func(text string) bool { return !slices.Contains(list, text) })
}
