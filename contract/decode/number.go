package decode

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Decimal is a number of any size and precision, by value: two numbers are
// equal if their decimals are. It takes no more memory than the number's text,
// whatever the exponent.
type Decimal struct {
	negative bool
	digits   string // without zeros at either end; blank for zero
	point    int64  // the value is 0.digits times 10 to the power of point
	huge     string // the exponent, where point can't hold it
}

// beyondFloat is a power of ten that no float64 reaches: what is infinite is a
// number that was too large for one.
const beyondFloat = 400

// DecimalOf returns the value of a decoded JSON number, and reports whether it
// is one.
func DecimalOf(value any) (Decimal, bool) {
	switch value := value.(type) {
	case json.Number:
		return parseDecimal(string(value)), true
	case float64:
		if math.IsInf(value, 0) {
			return Decimal{negative: value < 0, digits: "1", point: beyondFloat}, true
		}
		return parseDecimal(strconv.FormatFloat(value, 'g', -1, 64)), true
	default:
		return Decimal{}, false
	}
}

// parseDecimal returns the value of a number in the syntax of JSON.
func parseDecimal(text string) Decimal {
	text, negative := strings.CutPrefix(text, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	zeros := len(whole) + len(fraction) - len(digits)
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return Decimal{}
	}
	d := Decimal{negative: negative, digits: digits, point: int64(len(whole) - zeros)}
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

// Compare returns -1 if d is less than e, 0 if they are equal, 1 if it is more.
func (d Decimal) Compare(e Decimal) int {
	if by := cmp.Compare(d.sign(), e.sign()); by != 0 {
		return by
	}
	size := cmp.Or(cmp.Compare(d.point, e.point), cmp.Compare(len(d.huge), len(e.huge)), cmp.Compare(d.huge, e.huge))
	if d.point < 0 && d.huge != "" {
		size = -size // a larger exponent below zero is a smaller number
	}
	return cmp.Or(size, cmp.Compare(d.digits, e.digits)) * d.sign()
}

// Exponent returns the power of ten that the number has as 0.digits times that
// power: how many digits stand before the point, or negative, how many zeros
// behind it.
func (d Decimal) Exponent() int64 { return d.point }

func (d Decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	default:
		return 1
	}
}

// Equal reports whether two decoded JSON values are the same, with numbers
// compared by value.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, Equal)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	default:
		return EqualScalars(a, b)
	}
}

// EqualScalars reports whether two decoded JSON values are the same text, the
// same boolean, both null, or numbers of the same value.
func EqualScalars(a, b any) bool {
	if x, ok := DecimalOf(a); ok {
		y, ok := DecimalOf(b)
		return ok && x == y
	}
	switch a.(type) {
	case nil, string, bool:
		return a == b
	default:
		return false
	}
}
