package jsonpath

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Parse parses a path. One that begins with neither $ nor @ begins with the name
// of a member.
func Parse(text string) (*Path, error) {
	whole := strings.TrimRight(text, " ")
	if whole == "" {
		return nil, errors.New("the JSONPath is empty")
	}
	if whole[0] != '$' && whole[0] != '@' {
		whole = "$." + whole
	}
	p := pathParser{text: whole}
	path, err := p.path()
	if err == nil && p.at < len(whole) {
		err = p.unexpected("the end, or a name in brackets such as ['two words']")
	}
	if err != nil {
		return nil, fmt.Errorf("the JSONPath %q %w", text, err)
	}
	path.text = text
	return path, nil
}

// Members returns the path of names of members, one inside the other. It has the
// text in errors.
func Members(text string, names ...string) *Path {
	path := &Path{text: text, definite: true}
	for _, name := range names {
		path.steps = append(path.steps, member(name))
	}
	return path
}

// pathParser reads a JSONPath from left to right. Its errors continue a sentence
// that begins with the path.
type pathParser struct {
	text  string
	at    int // the next byte
	depth int // of parentheses
	inner int // of filters in filters
}

// Limits of a path, which keep a hostile one from taking long.
const (
	mostSteps   = 100
	mostFilters = 2 // in each other
)

// next reports whether the text continues with a word, and skips it.
func (p *pathParser) next(word string) bool {
	if strings.HasPrefix(p.text[p.at:], word) {
		p.at += len(word)
		return true
	}
	return false
}

func (p *pathParser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *pathParser) spaces() {
	for p.peek() == ' ' {
		p.at++
	}
}

func (p *pathParser) unexpected(want string) error {
	return fmt.Errorf("has %.20q at byte %d, want %s", p.text[p.at:], p.at, want)
}

// path parses a path from its $ or @.
func (p *pathParser) path() (*Path, error) {
	path := &Path{absolute: p.peek() == '$', definite: true}
	p.at++
	for {
		if len(path.steps) > mostSteps {
			return nil, p.unexpected("fewer parts")
		}
		scanned := p.next("..")
		if scanned {
			path.definite = false
			path.steps = append(path.steps, descendants)
		}
		var err error
		switch {
		case p.next("["), !scanned && p.next(".["):
			err = p.bracket(path, scanned)
		case scanned, p.next("."):
			err = p.name(path)
		default:
			return path, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// name parses a name, * or a function.
func (p *pathParser) name(path *Path) error {
	if p.next("*") {
		path.definite = false
		path.steps = append(path.steps, children)
		return nil
	}
	length := strings.IndexAny(p.text[p.at:], " .[]()=!<>&|,~'\"")
	if length < 0 {
		length = len(p.text) - p.at
	}
	if length == 0 {
		return p.unexpected("a name")
	}
	name := p.text[p.at : p.at+length]
	p.at += length
	if p.next("(") {
		return p.function(path, name)
	}
	path.steps = append(path.steps, member(name))
	return nil
}

func (p *pathParser) function(path *Path, name string) error {
	argument, rest, closed := strings.Cut(p.text[p.at:], ")")
	p.at = len(p.text) - len(rest)
	step, known := pathFunctions[name]
	if i, err := strconv.Atoi(argument); name == "index" && err == nil {
		step, known, argument = elements([]int{i}), true, ""
	}
	if !known || !closed || strings.TrimSpace(argument) != "" {
		names := strings.Join(slices.Sorted(maps.Keys(pathFunctions)), "(), ")
		return fmt.Errorf("has the function %s(%s), want one of %s(), index(n)", name, argument, names)
	}
	path.steps = append(path.steps, step)
	return nil
}

// bracket parses what stands in brackets, up to the closing one.
func (p *pathParser) bracket(path *Path, scanned bool) error {
	p.spaces()
	var step pathStep
	var err error
	definite := false
	switch c := p.peek(); {
	case p.next("?"):
		if p.inner++; p.inner > mostFilters {
			return p.unexpected("fewer filters in filters")
		}
		var f filter
		f, err = p.filter()
		step = filtered(f, scanned)
		p.inner--
	case p.next("*"):
		step = children
	case c == '\'', c == '"':
		var names []string
		names, err = p.names()
		last := p.at+1 >= len(p.text) // the closing bracket ends the path
		definite = len(names) == 1 || last
		step = chosen(names, last)
		if len(names) == 1 {
			step = member(names[0])
		}
	default:
		step, definite, err = p.indexes()
	}
	if err != nil {
		return err
	}
	p.spaces()
	if !p.next("]") {
		return p.unexpected("]")
	}
	path.definite = path.definite && definite
	path.steps = append(path.steps, step)
	return nil
}

// names parses quoted names with commas between them.
func (p *pathParser) names() ([]string, error) {
	var names []string
	for {
		p.spaces()
		name, err := p.quoted()
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		p.spaces()
		if !p.next(",") {
			return names, nil
		}
	}
}

// quoted parses a text in single or double quotes, in which a backslash takes
// the next character as it is.
func (p *pathParser) quoted() (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.unexpected("a text in quotes")
	}
	var b strings.Builder
	for i := p.at + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == quote:
			p.at = i + 1
			return b.String(), nil
		case c == '\\' && i+1 < len(p.text):
			i++
			b.WriteByte(p.text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", p.unexpected("a closing quote")
}

// indexes parses one index, several with commas, or a slice.
func (p *pathParser) indexes() (step pathStep, definite bool, err error) {
	inside, _, _ := strings.Cut(p.text[p.at:], "]")
	place := p.unexpected("an index, a slice such as 0:2, a name in quotes, * or a filter such as ?(@.a == 1)")
	p.at += len(inside)
	if from, to, ok := strings.Cut(inside, ":"); ok {
		begin, err1 := bound(from)
		end, err2 := bound(to)
		if err1 != nil || err2 != nil || begin == nil && end == nil {
			return nil, false, place
		}
		return slice(begin, end), false, nil
	}
	var indexes []int
	for text := range strings.SplitSeq(inside, ",") {
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return nil, false, place
		}
		indexes = append(indexes, i)
	}
	return elements(indexes), len(indexes) == 1, nil
}

// bound parses a bound of a slice; nil for none.
func bound(text string) (*int, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	i, err := strconv.Atoi(text)
	return &i, err
}
