package jsonpath

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// filter reports whether an expression such as @.a == 1 holds for a value.
type filter func(e *evaluation, value any) bool

// operand is one side of a comparison. It returns the value, and reports whether
// there is one.
type operand struct {
	value func(e *evaluation, value any) (any, bool)
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
		either = func(e *evaluation, v any) bool { return left(e, v) || right(e, v) }
	}
	return either, err
}

func (p *pathParser) conjunction() (filter, error) {
	both, err := p.term()
	for p.spaces(); err == nil && p.next("&&"); p.spaces() {
		left := both
		var right filter
		right, err = p.term()
		both = func(e *evaluation, v any) bool { return left(e, v) && right(e, v) }
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
		return func(e *evaluation, v any) bool { return !inner(e, v) }, err
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
			return func(e *evaluation, v any) bool { l, ok := left.value(e, v); return ok && e.matches(l, re) }, err
		}
		right, err := p.operand()
		return func(e *evaluation, v any) bool {
			l, haveLeft := left.value(e, v)
			r, haveRight := right.value(e, v)
			if !haveLeft || !haveRight {
				return c.negative
			}
			return c.holds(e, l, r)
		}, err
	}
	if !left.path {
		return nil, p.unexpected("an operator such as == or =~")
	}
	return func(e *evaluation, v any) bool { _, ok := left.value(e, v); return ok }, nil
}

// operand parses a path, or a value in JSON whose texts may also be in single
// quotes.
func (p *pathParser) operand() (operand, error) {
	if c := p.peek(); c == '@' || c == '$' {
		path, err := p.path()
		return operand{path: true, value: func(e *evaluation, v any) (any, bool) {
			found := path.find(e, v)
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
	return operand{value: func(*evaluation, any) (any, bool) { return constant, true }}, err
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
// whole text.
func (p *pathParser) regexp() (re effort.Regexp, err error) {
	begin := p.at
	if !p.next("/") {
		return re, p.unexpected("a regular expression such as /a.*/i")
	}
	for p.peek() != '/' {
		if p.peek() == '\\' {
			p.at++
		}
		if p.at++; p.at >= len(p.text) {
			p.at = begin
			return re, p.unexpected("a regular expression that ends in /")
		}
	}
	text := strings.ReplaceAll(p.text[begin+1:p.at], `\/`, "/")
	p.at++
	for p.peek() == 'i' || p.peek() == 's' || p.peek() == 'm' {
		text = "(?" + string(p.peek()) + ")" + text
		p.at++
	}
	if re, err = effort.Compile(text); err != nil {
		return re, fmt.Errorf("has %q, which is no regular expression that can be used here: %w", text, err)
	}
	return re, nil
}
