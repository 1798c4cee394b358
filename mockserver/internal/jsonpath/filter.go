package jsonpath

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/losantmock/losantmock/contract/decode"
)

// filter reports whether an expression such as @.a == 1 holds for a value.
type filter func(root, value any) bool

// operand is one side of a comparison. It returns the value, and reports whether
// there is one.
type operand struct {
	value func(root, value any) (any, bool)
	path  bool
}

// maxDepth is how deep filters and parentheses of a path may be nested.
const maxDepth = 100

// filter parses alternatives.
func (p *pathParser) filter() (filter, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.unexpected("fewer parentheses")
	}
	defer func() { p.depth-- }()
	either, err := p.conjunction()
	for p.spaces(); err == nil && p.next("||"); p.spaces() {
		left := either
		var right filter
		right, err = p.conjunction()
		either = func(root, v any) bool { return left(root, v) || right(root, v) }
	}
	return either, err
}

func (p *pathParser) conjunction() (filter, error) {
	both, err := p.term()
	for p.spaces(); err == nil && p.next("&&"); p.spaces() {
		left := both
		var right filter
		right, err = p.term()
		both = func(root, v any) bool { return left(root, v) && right(root, v) }
	}
	return both, err
}

// term parses a comparison, a path that must select something, or one of these
// behind ! or in parentheses.
func (p *pathParser) term() (filter, error) {
	p.spaces()
	switch {
	case p.next("!"):
		if p.depth++; p.depth > maxDepth {
			return nil, p.unexpected("fewer !")
		}
		defer func() { p.depth-- }()
		inner, err := p.term()
		return func(root, v any) bool { return !inner(root, v) }, err
	case p.next("("):
		inner, err := p.filter()
		if p.spaces(); err == nil && !p.next(")") {
			err = p.unexpected(")")
		}
		return inner, err
	default:
		return p.comparison()
	}
}

func (p *pathParser) comparison() (filter, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.spaces()
	for _, c := range comparisons {
		if !p.next(c.name) {
			continue
		}
		p.spaces()
		if c.name == "=~" {
			re, err := p.regexp()
			return func(root, v any) bool { l, ok := left.value(root, v); return ok && matchesRegexp(l, re) }, err
		}
		right, err := p.operand()
		return func(root, v any) bool {
			l, haveLeft := left.value(root, v)
			r, haveRight := right.value(root, v)
			if !haveLeft || !haveRight {
				return c.negative
			}
			return c.holds(l, r)
		}, err
	}
	if !left.path {
		return nil, p.unexpected("an operator such as == or =~")
	}
	return func(root, v any) bool { _, ok := left.value(root, v); return ok }, nil
}

// operand parses a path, or a value in JSON whose texts may also be in single
// quotes.
func (p *pathParser) operand() (operand, error) {
	if c := p.peek(); c == '@' || c == '$' {
		path, err := p.path()
		return operand{path: true, value: func(root, v any) (any, bool) {
			found := path.find(root, v)
			switch {
			case len(found) == 0:
				return nil, false
			case path.definite:
				return found[0], true
			default:
				return found, true
			}
		}}, err
	}
	constant, err := p.constant()
	return operand{value: func(_, _ any) (any, bool) { return constant, true }}, err
}

func (p *pathParser) constant() (any, error) {
	switch p.peek() {
	case '\'', '"':
		return p.quoted()
	case '[':
		return p.list()
	}
	d := json.NewDecoder(strings.NewReader(p.text[p.at:]))
	var raw json.RawMessage
	if length := strings.IndexAny(p.text[p.at:], " )]&|=!<>,"); length > 0 && p.peek() != '{' {
		raw = json.RawMessage(p.text[p.at : p.at+length])
	} else if d.Decode(&raw) != nil {
		return nil, p.unexpected("a path or a value")
	}
	value, err := decode.Exact(raw)
	if err != nil {
		return nil, p.unexpected("a path or a value")
	}
	p.at += len(raw)
	return value, nil
}

// list parses a list of constants.
func (p *pathParser) list() (any, error) {
	p.at++
	list := []any{}
	for p.spaces(); !p.next("]"); p.spaces() {
		if len(list) > 0 && !p.next(",") {
			return nil, p.unexpected(", or ]")
		}
		p.spaces()
		value, err := p.constant()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

// regexp parses an expression between slashes and its flags. It must match the
// whole text, and a dot also matches the end of a line.
func (p *pathParser) regexp() (*regexp.Regexp, error) {
	begin := p.at
	if !p.next("/") {
		return nil, p.unexpected("a regular expression such as /a.*/i")
	}
	for p.peek() != '/' {
		if p.peek() == '\\' {
			p.at++
		}
		if p.at++; p.at >= len(p.text) {
			p.at = begin
			return nil, p.unexpected("a regular expression that ends in /")
		}
	}
	text := strings.ReplaceAll(p.text[begin+1:p.at], `\/`, "/")
	p.at++
	for p.peek() == 'i' || p.peek() == 's' || p.peek() == 'm' {
		text = "(?" + string(p.peek()) + ")" + text
		p.at++
	}
	re, err := regexp.Compile(`(?s)\A(?:` + text + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("has %q, which is no regular expression that can be used here: %w", text, err)
	}
	return re, nil
}

// comparisons are the operators between two operands. Of those that begin alike
// the longest comes first. A negative one holds where an operand is missing.
var comparisons = []struct {
	name     string
	negative bool
	holds    func(left, right any) bool
}{
	{"===", false, decode.Equal},
	{"!==", true, func(l, r any) bool { return !decode.Equal(l, r) }},
	{"==", false, alike},
	{"!=", true, func(l, r any) bool { return !alike(l, r) }},
	{"=~", false, nil},
	{"<=", false, func(l, r any) bool { by, ok := order(l, r); return ok && by <= 0 }},
	{">=", false, func(l, r any) bool { by, ok := order(l, r); return ok && by >= 0 }},
	{"<", false, func(l, r any) bool { by, ok := order(l, r); return ok && by < 0 }},
	{">", false, func(l, r any) bool { by, ok := order(l, r); return ok && by > 0 }},
	{"in ", false, isIn},
	{"nin ", true, func(l, r any) bool { return !isIn(l, r) }},
	{"contains ", false, contains},
	{"subsetof ", false, func(l, r any) bool { return isList(l, r) && countIn(l, r) == len(l.([]any)) }},
	{"anyof ", false, func(l, r any) bool { return isList(l, r) && countIn(l, r) > 0 }},
	{"noneof ", false, func(l, r any) bool { return isList(l, r) && countIn(l, r) == 0 }},
	{"all ", false, func(l, r any) bool { return isList(l, r) && countIn(r, l) == len(r.([]any)) }},
	{"size ", false, func(l, r any) bool { n, ok := length(l); return ok && decode.Equal(numberOf(n), r) }},
	{"empty ", false, func(l, r any) bool { n, ok := length(l); return ok && (n == 0) == (r == true) }},
}

// alike reports whether two values are equal, where a number may be in a text.
func alike(left, right any) bool {
	if _, ok := decode.DecimalOf(left); ok {
		right = asNumber(right)
	} else if _, ok := decode.DecimalOf(right); ok {
		left = asNumber(left)
	}
	return decode.Equal(left, right)
}

// asNumber returns the number that a text is; other values as they are.
func asNumber(value any) any {
	if text, ok := value.(string); ok {
		if number, err := decode.Exact([]byte(text)); err == nil {
			return number
		}
	}
	return value
}

func order(left, right any) (int, bool) {
	if l, ok := decode.DecimalOf(left); ok {
		r, ok := decode.DecimalOf(right)
		return l.Compare(r), ok
	}
	l, isText := left.(string)
	r, ok := right.(string)
	return cmp.Compare(l, r), isText && ok
}

func isIn(value, list any) bool {
	all, _ := list.([]any)
	return slices.ContainsFunc(all, func(v any) bool { return alike(value, v) })
}

func contains(whole, part any) bool {
	if text, ok := whole.(string); ok {
		inner, ok := part.(string)
		return ok && strings.Contains(text, inner)
	}
	return isIn(part, whole)
}

func isList(values ...any) bool {
	return !slices.ContainsFunc(values, func(v any) bool { _, ok := v.([]any); return !ok })
}

// countIn returns how many elements of a list are in another one.
func countIn(list, other any) int {
	n := 0
	for _, v := range list.([]any) {
		if isIn(v, other) {
			n++
		}
	}
	return n
}

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

// matchesRegexp reports whether a text, a number as it is written, a boolean, or
// one of a list of these matches.
func matchesRegexp(value any, re *regexp.Regexp) bool {
	switch value := value.(type) {
	case string:
		return re.MatchString(value)
	case []any:
		return slices.ContainsFunc(value, func(v any) bool { return matchesRegexp(v, re) })
	case nil, map[string]any:
		return false
	default:
		return re.MatchString(fmt.Sprint(value))
	}
}
