package contract

import (
	"strings"

	"github.com/gobwas/glob"
)

// Filter is the glob of a list, which matches whole names whatever the case
// of their letters.
type Filter struct{ pattern *glob.Pattern }

// The limits of a filter keep matching fast: a pattern of several groups can
// take the matcher exponential time. They are ours.
const (
	maxFilterLength = 255 // characters
	maxFilterGroups = 1   // {...}
)

// CompileFilter reads a glob such as "my*webhook". One that can't be matched,
// or not fast, is a violation of the parameter "filter".
func CompileFilter(text string) (*Filter, *Violation) {
	if len([]rune(text)) > maxFilterLength || groups(text) > maxFilterGroups {
		return nil, &Violation{Field: "filter", What: "is too complex"}
	}
	pattern, err := glob.Compile(strings.ToLower(text))
	if err != nil {
		return nil, &Violation{Field: "filter", What: "is not a valid glob", Detail: err.Error()}
	}
	return &Filter{pattern}, nil
}

// Match tells whether a name matches, which must be in lower case.
func (f *Filter) Match(lowerName string) bool { return f.pattern.Match(lowerName) }

// groups counts the braces that open a group: those that are not escaped.
func groups(filter string) int {
	return strings.Count(strings.NewReplacer(`\\`, "", `\{`, "").Replace(filter), "{")
}
