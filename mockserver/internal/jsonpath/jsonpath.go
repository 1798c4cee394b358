// Package jsonpath selects values in decoded JSON, in the dialect that WireMock
// reads, Jayway's. It differs from RFC 9535: a filter on an object selects the
// object itself, and a path may end in a function. Numbers are compared exactly.
package jsonpath

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/losantmock/losantmock/mockserver/internal/effort"
)

// Path selects values in decoded JSON.
type Path struct {
	text     string
	steps    []pathStep
	absolute bool // begins at the root, with $
	definite bool // selects one value at most, by names and indexes alone
}

// pathStep returns what a part of a path selects in a value.
type pathStep func(e *evaluation, value any) []any

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Definite reports whether the path selects one value at most, by names and
// indexes alone.
func (p *Path) Definite() bool { return p.definite }

// ErrTooMany reports that a path selects too many values to be followed.
var ErrTooMany = errors.New("the JSONPath selects too many values")

// mostSelected is how many values a path may select at each of its steps, so that
// a path such as $..*..*..* ends.
const mostSelected = 100_000

// Select returns the values that the path selects in a document. What it looks at,
// also in filters, is spent from the budget, whose error ends the selection. It
// returns [ErrTooMany] where a step selects more values than it can follow.
func (p *Path) Select(document any, budget *effort.Budget) (found []any, err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case stopped: // out of a filter too, which has no other way to return an error
			err = cause.error
		default:
			panic(cause)
		}
	}()
	e := &evaluation{document, budget}
	return p.find(e, document), nil
}

// evaluation is one selection in a document.
type evaluation struct {
	root   any
	budget *effort.Budget
}

// stopped is what an evaluation panics with to end early.
type stopped struct{ error }

// spend takes steps from the budget, and ends the evaluation if it has none left.
func (e *evaluation) spend(steps int) {
	if err := e.budget.Spend(steps); err != nil {
		panic(stopped{err})
	}
}

// find returns the values that the path selects, beginning at a value.
func (p *Path) find(e *evaluation, value any) []any {
	if p.absolute {
		value = e.root
	}
	found := []any{value}
	for _, step := range p.steps {
		var next []any
		for _, v := range found {
			e.spend(1)
			if next = append(next, step(e, v)...); len(next) > mostSelected {
				panic(stopped{ErrTooMany})
			}
		}
		found = next
	}
	return found
}

// member selects a member of an object.
func member(name string) pathStep {
	return func(_ *evaluation, value any) []any {
		object, _ := value.(map[string]any)
		if v, ok := object[name]; ok {
			return []any{v}
		}
		return nil
	}
}

// chosen selects several members of an object: one after the other, or at the
// end of a path as an object with those members.
func chosen(names []string, last bool) pathStep {
	return func(_ *evaluation, value any) []any {
		object, _ := value.(map[string]any)
		part := map[string]any{}
		var each []any
		for _, name := range names {
			if v, ok := object[name]; ok {
				part[name] = v
				each = append(each, v)
			}
		}
		if last && len(part) > 0 {
			return []any{part}
		}
		return each
	}
}

// elements selects elements of a list by their indexes, which count from the
// end where they are negative.
func elements(indexes []int) pathStep {
	return func(_ *evaluation, value any) []any {
		list, _ := value.([]any)
		var found []any
		for _, i := range indexes {
			if i < 0 {
				i += len(list)
			}
			if i >= 0 && i < len(list) {
				found = append(found, list[i])
			}
		}
		return found
	}
}

// slice selects the elements of a list from one index to before another. A
// bound that is nil is that of the list.
func slice(from, to *int) pathStep {
	return func(_ *evaluation, value any) []any {
		list, _ := value.([]any)
		bound := func(i *int, otherwise int) int {
			switch {
			case i == nil:
				return otherwise
			case *i < 0:
				return max(*i+len(list), 0)
			default:
				return min(*i, len(list))
			}
		}
		begin, end := bound(from, 0), bound(to, len(list))
		return list[min(begin, end):end]
	}
}

// children selects every member of an object, or every element of a list.
func children(e *evaluation, value any) []any {
	switch value := value.(type) {
	case map[string]any:
		e.spend(len(value))
		found := make([]any, 0, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			found = append(found, value[name])
		}
		return found
	case []any:
		e.spend(len(value))
		return value
	default:
		return nil
	}
}

// descendants selects an object or a list, and all objects and lists in it.
func descendants(e *evaluation, value any) []any { return appendDescendants(nil, e, value) }

func appendDescendants(found []any, e *evaluation, value any) []any {
	switch value.(type) {
	case map[string]any, []any:
		found = append(found, value)
		for _, child := range children(e, value) {
			found = appendDescendants(found, e, child)
		}
	}
	return found
}

// filtered selects an object for which a filter holds, or the elements of a list
// for which it does. Behind "..", which selects what is in the list too, it
// selects objects alone.
func filtered(f filter, scanned bool) pathStep {
	return func(e *evaluation, value any) []any {
		var found []any
		switch value := value.(type) {
		case map[string]any:
			if f(e, value) {
				found = append(found, value)
			}
		case []any:
			e.spend(len(value))
			for _, v := range value {
				if !scanned && f(e, v) {
					found = append(found, v)
				}
			}
		}
		return found
	}
}

// pathFunctions are the functions that a path may end in.
var pathFunctions = map[string]pathStep{
	"length": sizeOf,
	"size":   sizeOf,
	"first":  elements([]int{0}),
	"last":   elements([]int{-1}),
	"keys": func(e *evaluation, value any) []any {
		object, _ := value.(map[string]any)
		if len(object) == 0 {
			return nil
		}
		e.spend(len(object))
		names := []any{}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			names = append(names, name)
		}
		return []any{names}
	},
}

func sizeOf(_ *evaluation, value any) []any {
	switch value := value.(type) {
	case map[string]any:
		return []any{numberOf(len(value))}
	case []any:
		return []any{numberOf(len(value))}
	default:
		return nil
	}
}

func numberOf(n int) json.Number { return json.Number(strconv.Itoa(n)) }
