package decode

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAreComparedByValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"123.0", "123", 0}, {"2e2", "200", 0}, {"0", "-0.00e7", 0}, {"1E+2", "100", 0}, {"0.00120", "12e-4", 0},
		{"9007199254740993", "9007199254740992", 1}, {"1e400", "1e401", -1}, {"-1e400", "1", -1}, {"-2", "-3", 1},
		{"1e999999999", "1", 1}, {"1e-999999999", "1", -1}, {"1e999999999", "10e999999998", 0},
		{"1e99999999999999999999", "1e99999999999999999999", 0}, {"1e99999999999999999999", "1e99999999999999999998", 1},
		{"1e-99999999999999999999", "1e-99999999999999999998", -1}, {"1e-99999999999999999999", "0", 1}, {"0.12", "0.1", 1},
	} {
		a, b := parseDecimal(c.a), parseDecimal(c.b)
		if got := a.Compare(b); got != c.want || b.Compare(a) != -c.want || (a == b) != (c.want == 0) {
			t.Errorf("%s and %s compare as %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// A body of digits takes no more time than its size.
func TestLongNumbers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 1<<20)
	if !Equal(json.Number(long), json.Number(long+".0")) || Equal(json.Number("1e"+long), json.Number("1e"+long+"9")) {
		t.Error("long numbers are compared wrongly")
	}
}

func TestNumbersCompareAsFractionsDo(t *testing.T) {
	t.Parallel()
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if got := parseDecimal(a).Compare(parseDecimal(b)); got != x.Cmp(y) {
			t.Fatalf("%s and %s compare as %d", a, b, got)
		}
	})
}
