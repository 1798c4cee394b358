package matcher

import (
	"strings"
	"testing"
)

func TestTextsAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"door", 4, `"door"`},
		{"doors", 4, `"door"…`},
		{"caf\u00e9s", 4, `"caf"…`},
		{"cafe\u0301s", 5, `"caf"…`},
		{"cafe\u0301s", 6, "\"cafe\u0301\"…"},
		{"a👍🏽b", 5, `"a"…`},
		{"a👩\u200d🔧b", 6, `"a"…`},
		{"🇩🇪🇫🇷!", 12, `"🇩🇪"…`},
		{"🇩🇪🇫🇷!", 8, `"🇩🇪"…`},
		{"a\r\nb", 2, `"a"…`},
		{"\xff\xff\xff", 2, `"\xff\xff"…`},
		{"x", 0, `""…`},
	} {
		if got := Quoted(c.text, c.most); got != c.want {
			t.Errorf("%q, %d bytes: %s, want %s", c.text, c.most, got, c.want)
		}
	}
	accents := "e" + strings.Repeat("\u0301", 200)
	if begin, _ := cut(accents, 300); len(begin) != 299 {
		t.Errorf("of one character of %d bytes, %d are shown", len(accents), len(begin))
	}
}
