package match

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A text is found wherever both in lower case would be.
func TestTextsAreFoundInAnyCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOf(rapid.SampledFrom([]string{"e", "E", "z", "Z", "\"", " ", "é", "É", "1", ":"}))
		text := strings.Join(letters.Draw(t, "text"), "")
		n := newNeedle(strings.Join(letters.Draw(t, "needle"), ""))
		want := strings.Contains(strings.ToLower(text), n.text)
		if n.inText(text, n.text) != want || n.inBytes([]byte(text)) != want {
			t.Errorf("%q in %q: %t and %t, want %t", n.text, text, n.inText(text, n.text), n.inBytes([]byte(text)), want)
		}
	})
}
