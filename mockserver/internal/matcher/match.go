package matcher

import (
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// Match reports whether one of the texts of a name matches, or if there is none,
// whether a missing text does. It returns an error where that can't be decided: a
// text is not known, or matching takes more work than the budget has.
func Match(b *effort.Budget, m Matcher, texts []*Text) (matched bool, err error) {
	defer catchUndecided(&err)
	for _, text := range texts {
		if text.undecided != nil {
			return false, text.undecided
		}
	}
	return matchesOne(b, m, texts), nil
}

func matchesOne(b *effort.Budget, m Matcher, texts []*Text) bool {
	if len(texts) == 0 {
		return m.matches(b, nil, nil)
	}
	return slices.ContainsFunc(texts, func(t *Text) bool { return m.matches(b, t, texts) })
}

// undecided is what a matcher panics with to give up. It may stand in others, of
// which none, such as not, must take that for a text that does not match.
type undecided struct{ error }

// spend takes steps from a budget, and gives up if it has none left.
func spend(b *effort.Budget, steps int) {
	if err := b.Spend(steps); err != nil {
		panic(undecided{err})
	}
}

// catchUndecided is deferred. It makes the panic of a matcher that gives up an
// error.
func catchUndecided(err *error) {
	switch cause := recover().(type) {
	case nil:
	case undecided:
		*err = cause.error
	default:
		panic(cause)
	}
}

// Miss is how texts differ from what a matcher matches.
type Miss struct {
	Got        string  // the texts, for a person
	Difference string  // further lines; may be blank
	Distance   float64 // from 0, a match, to 1
}

// longestGot is how many bytes of a text a miss shows.
const longestGot = 300

// Explain returns how texts differ from what a matcher matches.
func Explain(b *effort.Budget, m Matcher, texts []*Text) Miss {
	if len(texts) == 0 {
		return Miss{Got: "nothing", Distance: 1}
	}
	if reason := texts[0].undecided; reason != nil {
		return Miss{Got: reason.Error(), Distance: 1}
	}
	quoted := make([]string, len(texts))
	far := 1.0
	for i, text := range texts {
		quoted[i] = Quoted(text.text, longestGot)
		if plain, ok := m.(plainMatcher); ok && plain.like != "" {
			far = min(far, unlikeness(plain.like, text.text))
		}
	}
	difference, err := differenceOf(b, m, texts[0])
	switch lines := strings.Count(difference, "\n"); {
	case err != nil:
		difference = err.Error()
	case difference != "":
		far = min(far, float64(lines+1)/float64(lines+2)) // fewer differences are nearer
	}
	return Miss{strings.Join(quoted, " and "), difference, far}
}

func differenceOf(b *effort.Budget, m Matcher, t *Text) (difference string, err error) {
	defer catchUndecided(&err)
	return m.difference(b, t), nil
}

// unlikeness returns the part of two texts, from 0 to 1, that is not their common
// beginning or end. That is simple, and good enough for a URL with one wrong
// word.
func unlikeness(a, b string) float64 {
	longest := max(len(a), len(b))
	begin := 0
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		begin++
	}
	a, b = a[begin:], b[begin:]
	end := 0
	for end < min(len(a), len(b)) && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return float64(longest-begin-end) / float64(max(longest, 1))
}
