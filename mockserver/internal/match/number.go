package match

import (
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// decimal is a number of any size and precision, by value: two numbers are
// equal if their decimals are. It takes no more memory than the number's text,
// whatever the exponent.
type decimal struct {
	negative bool
	digits   string // without zeros at either end; blank for zero
	point    int64  // the value is 0.digits times 10 to the power of point
	huge     string // the exponent, where point can't hold it
}

// decimalOf returns the value of a decoded JSON number, and reports whether it
// is one.
func decimalOf(value any) (decimal, bool) {
	switch value := value.(type) {
	case json.Number:
		return parseDecimal(string(value)), true
	case float64:
		return parseDecimal(strconv.FormatFloat(value, 'g', -1, 64)), true
	default:
		return decimal{}, false
	}
}

// parseDecimal returns the value of a number in the syntax of JSON.
func parseDecimal(text string) decimal {
	text, negative := strings.CutPrefix(text, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	zeros := len(whole) + len(fraction) - len(digits)
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return decimal{}
	}
	d := decimal{negative: negative, digits: digits, point: int64(len(whole) - zeros)}
	exponent, below := strings.CutPrefix(strings.TrimPrefix(exponent, "+"), "-")
	exponent = strings.TrimLeft(exponent, "0")
	const mostDigits = 18 // that an int64 always holds
	switch n, _ := strconv.ParseInt(exponent, 10, 64); {
	case len(exponent) > mostDigits:
		d.huge, d.point = exponent, math.MaxInt64
		if below {
			d.point = -d.point
		}
	case below:
		d.point -= n
	default:
		d.point += n
	}
	return d
}

// compare returns -1 if d is less than e, 0 if they are equal, 1 if it is more.
func (d decimal) compare(e decimal) int {
	if by := cmp.Compare(d.sign(), e.sign()); by != 0 {
		return by
	}
	size := cmp.Or(cmp.Compare(d.point, e.point), cmp.Compare(len(d.huge), len(e.huge)), cmp.Compare(d.huge, e.huge))
	if d.point < 0 && d.huge != "" {
		size = -size // a larger exponent below zero is a smaller number
	}
	return cmp.Or(size, cmp.Compare(d.digits, e.digits)) * d.sign()
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	default:
		return 1
	}
}

// equalScalars reports whether two decoded JSON values are the same text, the
// same boolean, both null, or numbers of the same value.
func equalScalars(a, b any) bool {
	if x, ok := decimalOf(a); ok {
		y, ok := decimalOf(b)
		return ok && x == y
	}
	switch a.(type) {
	case nil, string, bool:
		return a == b
	default:
		return false
	}
}
