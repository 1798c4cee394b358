package visible_test

import (
	"testing"

	"github.com/losantmock/losantmock/contract/visible"
)

func TestTextsHaveNothingToActUpon(t *testing.T) {
	t.Parallel()
	t.Attr("T3", "controls, C1, bidi and blank characters, and bytes that are no text")
	for text, want := range map[string]string{
		"":                         "",
		"/path?é=😀&\\":             "/path?é=😀&\\",
		"\x1b[2J\x00\x7f\r\n\t":    `\x1b[2J\x00\x7f\r\n\t`,
		"\u009b31m":                `\u009b31m`,
		"\u202e\u2066\u200e":       `\u202e\u2066\u200e`,
		"\u061c\u2028\u2029\u00a0": `\u061c\u2028\u2029\u00a0`,
		"a\xffb\xc3":               `a\xffb\xc3`,
		"\ufffd":                   "\ufffd",
	} {
		if got := visible.Text(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := visible.Lines("a\n\tb\x1b\u2029"); got != "a\n\tb"+`\x1b\u2029` {
		t.Errorf("%q", got)
	}
	if got := visible.JSON("{\"a\":\"\u009b\u202e\U000e0001é\"}\n"); got != `{"a":"\u009b\u202e\udb40\udc01é"}`+"\n" {
		t.Errorf("%q", got)
	}
}
