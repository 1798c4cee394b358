package jsonpath

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// comparisons are the operators between two operands. Of those that begin alike
// the longest comes first. A negative one holds where an operand is missing.
var comparisons = []struct {
	name     string
	negative bool
	holds    func(e *evaluation, left, right any) bool
}{
	{"===", false, (*evaluation).equal},
	{"!==", true, func(e *evaluation, l, r any) bool { return !e.equal(l, r) }},
	{"==", false, (*evaluation).alike},
	{"!=", true, func(e *evaluation, l, r any) bool { return !e.alike(l, r) }},
	{"=~", false, nil},
	{"<=", false, func(e *evaluation, l, r any) bool { by, ok := e.order(l, r); return ok && by <= 0 }},
	{">=", false, func(e *evaluation, l, r any) bool { by, ok := e.order(l, r); return ok && by >= 0 }},
	{"<", false, func(e *evaluation, l, r any) bool { by, ok := e.order(l, r); return ok && by < 0 }},
	{">", false, func(e *evaluation, l, r any) bool { by, ok := e.order(l, r); return ok && by > 0 }},
	{"in ", false, (*evaluation).isIn},
	{"nin ", true, func(e *evaluation, l, r any) bool { return !e.isIn(l, r) }},
	{"contains ", false, (*evaluation).contains},
	{"subsetof ", false, func(e *evaluation, l, r any) bool { return isList(l, r) && e.countIn(l, r) == len(l.([]any)) }},
	{"anyof ", false, func(e *evaluation, l, r any) bool { return isList(l, r) && e.countIn(l, r) > 0 }},
	{"noneof ", false, func(e *evaluation, l, r any) bool { return isList(l, r) && e.countIn(l, r) == 0 }},
	{"all ", false, func(e *evaluation, l, r any) bool { return isList(l, r) && e.countIn(r, l) == len(r.([]any)) }},
	{"size ", false, func(_ *evaluation, l, r any) bool {
		n, ok := length(l)
		return ok && decode.EqualScalars(numberOf(n), r)
	}},
	{"empty ", false, func(_ *evaluation, l, r any) bool { n, ok := length(l); return ok && (n == 0) == (r == true) }},
}

// equal is [decode.Equal] within the budget.
func (e *evaluation) equal(left, right any) bool {
	e.spend(1)
	switch left := left.(type) {
	case map[string]any:
		right, ok := right.(map[string]any)
		return ok && maps.EqualFunc(left, right, e.equal)
	case []any:
		right, ok := right.([]any)
		return ok && slices.EqualFunc(left, right, e.equal)
	default:
		return decode.EqualScalars(left, right)
	}
}

// alike reports whether two values are equal, where a number may be in a text.
func (e *evaluation) alike(left, right any) bool {
	if _, ok := decode.DecimalOf(left); ok {
		right = e.asNumber(right)
	} else if _, ok := decode.DecimalOf(right); ok {
		left = e.asNumber(left)
	}
	return e.equal(left, right)
}

// asNumber returns the number that a text is; other values as they are.
func (e *evaluation) asNumber(value any) any {
	if text, ok := value.(string); ok {
		e.spend(effort.OfText(text))
		if number, err := decode.Exact([]byte(text)); err == nil {
			return number
		}
	}
	return value
}

func (e *evaluation) order(left, right any) (int, bool) {
	e.spend(1)
	if l, ok := decode.DecimalOf(left); ok {
		r, ok := decode.DecimalOf(right)
		return l.Compare(r), ok
	}
	l, isText := left.(string)
	r, ok := right.(string)
	return cmp.Compare(l, r), isText && ok
}

func (e *evaluation) isIn(value, list any) bool {
	all, _ := list.([]any)
	return slices.ContainsFunc(all, func(v any) bool { return e.alike(value, v) })
}

func (e *evaluation) contains(whole, part any) bool {
	if text, ok := whole.(string); ok {
		e.spend(effort.OfText(text))
		inner, ok := part.(string)
		return ok && strings.Contains(text, inner)
	}
	return e.isIn(part, whole)
}

func isList(values ...any) bool {
	return !slices.ContainsFunc(values, func(v any) bool { _, ok := v.([]any); return !ok })
}

// countIn returns how many elements of a list are in another one.
func (e *evaluation) countIn(list, other any) int {
	n := 0
	for _, v := range list.([]any) {
		if e.isIn(v, other) {
			n++
		}
	}
	return n
}

// length returns the length of a text, a list or an object, and reports whether the
// value is one of these.
func length(value any) (int, bool) {
	switch value := value.(type) {
	case string:
		return utf8.RuneCountInString(value), true
	case []any:
		return len(value), true
	case map[string]any:
		return len(value), true
	default:
		return 0, false
	}
}

// matches reports whether a text, a number as it is written, a boolean, or
// one of a list of these matches.
func (e *evaluation) matches(value any, re effort.Regexp) bool {
	switch value := value.(type) {
	case string:
		e.spend(re.Steps(value))
		return re.MatchString(value)
	case []any:
		return slices.ContainsFunc(value, func(v any) bool { return e.matches(v, re) })
	case nil, map[string]any:
		return false
	default:
		return e.matches(fmt.Sprint(value), re)
	}
}
