package matcher

import (
	"strings"
	"testing"
)

func TestSyntaxThatIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\"a\xff\"":                    "no valid UTF-8",
		`{"\ud83d":1}`:                 "no valid UTF-8",
		`"\uD83D\u0041"`:               "no valid UTF-8",
		`"\\\ud83d"`:                   "no valid UTF-8",
		`"\ud83d\ude00 \\ud8"`:         "",
		`"\\ud83d"`:                    "",
		strings.Repeat("[", 5_000_000): "more than 1000 objects and lists",
		strings.Repeat("[", 1_000) + strings.Repeat("]", 1_000):      "",
		strings.Repeat(`{"not":`, 2_000) + strings.Repeat("}", 2000): "more than 1000 objects and lists",
	} {
		err := CheckSyntax([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.30s: %v, want %q", text, err, want)
		}
	}
}
