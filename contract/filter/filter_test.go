package filter

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzFilter holds the globs that are accepted against a matcher that can't take
// long. One that takes long itself fails by the fuzzer's own limit.
func FuzzFilter(f *testing.F) {
	for _, seed := range [][2]string{
		{"my*webhook", "My Webhook"}, {"{a,b}*", "abc"}, {"[!a-c]?", "zz"}, {`\*`, "*"}, {"{*,*a}c?", "aaaaaaaaac"}, {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaa"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, filter, name string) {
		if len(name) > 255 || strings.ToValidUTF8(name, "") != name || strings.ToValidUTF8(filter, "") != filter {
			t.Skip("no name")
		}
		pattern, problem := Compile(filter)
		if problem != nil {
			return
		}
		got := pattern.Match(strings.ToLower(name))
		if want := pattern.pattern.Match(strings.ToLower(name)); got != want {
			t.Fatalf("%q on %q is %t, and %t to the library", filter, name, got, want)
		}
		if want, ok := slowMatch(strings.ToLower(filter), strings.ToLower(name)); ok && got != want {
			t.Fatalf("%q on %q is %t, want %t", filter, name, got, want)
		}
	})
}

// slowMatch knows stars and question marks alone.
func slowMatch(filter, name string) (matches, knows bool) {
	if strings.ContainsAny(filter, `[]{}\,!`) {
		return false, false
	}
	quoted := regexp.QuoteMeta(filter)
	quoted = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted)
	return regexp.MustCompile(`(?s)^` + quoted + `$`).MatchString(name), true
}

// The two ends of a glob must not share letters of a name.
func TestGlobsOfLettersAndStars(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filter, name string
		want         bool
	}{
		{"ab*ba", "aba", false}, {"ab*ba", "abba", true}, {"ab*ba", "abxba", true}, {"a*b*c", "abc", true}, {"a*b*c", "acb", false},
		{"*", "", true}, {"**", "x", true}, {"*a*a*", "a", false}, {"*a*a*", "aa", true}, {"abc", "abcd", false}, {"", "", true},
	} {
		f, problem := Compile(c.filter)
		if problem != nil || f.Match(c.name) != c.want {
			t.Errorf("%q on %q is not %t", c.filter, c.name, c.want)
		}
	}
}
