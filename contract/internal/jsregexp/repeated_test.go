package jsregexp

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// What is matched without a regular expression matches as with one.
func TestRepeatedIsTheRegularExpression(t *testing.T) {
	t.Parallel()
	for pattern, quick := range map[string]bool{
		`^[A-Fa-f\d]{24}$`: true, `^[a-c]{2,4}$`: true, `^\w{3,}$`: true, `^[-_]{0,2}$`: true,
		`[a-c]{2}$`: false, `^[a-c]{2}`: false, `^[^a]{2}$`: false, `^[à-é]{2}$`: false, `^(?i)[k]{2}$`: false, `^a[b-c]{2}$`: false, `^.{2}$`: false, `^[a-c]+$`: false, `(`: false,
	} {
		r := newRepeated(pattern)
		if (r != nil) != quick {
			t.Errorf("%s: %v", pattern, r)
		}
		if r == nil {
			continue
		}
		whole := regexp.MustCompile(pattern)
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.StringOfN(rapid.RuneFrom([]rune("abcdefABZ019_-é\n")), 0, 26, -1).Draw(t, "text")
			if rapid.Bool().Draw(t, "id") {
				text = rapid.StringMatching(`[a-f0-9]{23,25}`).Draw(t, "id text")
			}
			if rapid.Bool().Draw(t, "broken") {
				text += "\x80" // no UTF-8
			}
			if got, want := r.MatchString(text), whole.MatchString(text); got != want {
				t.Fatalf("%s %q: %t, want %t", pattern, text, got, want)
			}
		})
	}
}
