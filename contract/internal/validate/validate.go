// Package validate holds decoded JSON values against JSON Schemas as the API's
// framework does: which keyword and which property comes first, what a length
// and a format is, and the words for what is wrong.
//
// Source: is-my-json-valid 2.20, which the framework is built on.
package validate

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The phrases of the framework.
const (
	IsRequired           = "is required"
	WrongType            = "is the wrong type"
	MustBeEnum           = "must be an enum value"
	PatternMismatch      = "pattern mismatch"
	TooShort             = "has less length than allowed"
	TooLong              = "has longer length than allowed"
	LessThanMinimum      = "is less than minimum"
	MoreThanMaximum      = "is more than maximum"
	AdditionalProperties = "has additional properties"
)

// Failure is what is wrong with a value, or with one inside it.
type Failure struct {
	Field  string   // "webhook.name"
	What   string   // one of the framework's phrases
	Detail string   // the limit or the name that the phrase leaves out
	Path   []string // to the value; to the object that lacks a property
}

// Check holds a value against a schema and returns everything that is wrong, in
// the order of the framework: it reports the first. Of a value of the wrong type
// nothing else is checked. The place is what failures call the value. Numbers must
// be float64.
func (s *Schema) Check(place string, value any) []Failure {
	w := walk{place: place}
	w.visit(s, value)
	return w.found
}

// CheckInOrder is [Schema.Check] in the words of the framework: a key that a pattern
// allows is named by the number of a loop and its place in the object. Keys returns
// those of the object that the steps lead to, in their order, and first is the number of
// the loops that come before.
func (s *Schema) CheckInOrder(place string, value any, first int, keys func(path []string) []string) []Failure {
	w := walk{place: place, first: first, order: keys}
	w.visit(s, value)
	return w.found
}

// walk is one value on its way through a schema.
type walk struct {
	place string
	steps []step
	found []Failure

	first int
	order func(path []string) []string // nil where it is not known
}

// keys returns the keys of the object that is visited.
func (w *walk) keys(fields map[string]any) []string {
	if w.order == nil || len(fields) == 0 {
		return slices.Sorted(maps.Keys(fields))
	}
	return w.order(path(w.steps))
}

func path(steps []step) []string {
	var keys []string
	for _, s := range steps {
		keys = append(keys, s.key)
	}
	return keys
}

// step leads from a value to one inside it.
type step struct {
	key   string
	index bool // whether the key is the index of an item
	loop  int  // over the keys of an object, of which this is one; 0 for another step
	place int  // of the key in that object
}

func (w *walk) visit(s *Schema, value any) {
	if !s.hasType(value) {
		w.fail(WrongType, strings.Join(s.types, " or "))
		return
	}
	for _, check := range s.checks {
		check(w, value)
	}
}

// visitInside visits a value inside the one that is visited.
func (w *walk) visitInside(to step, s *Schema, value any) {
	w.steps = append(w.steps, to)
	w.visit(s, value)
	w.steps = w.steps[:len(w.steps)-1]
}

// fail reports a failure of the value that is visited.
func (w *walk) fail(what, detail string) {
	w.found = append(w.found, Failure{Field: w.field(w.steps), What: what, Detail: detail, Path: path(w.steps)})
}

// failMissing reports a property that the visited object lacks.
func (w *walk) failMissing(property string) {
	w.fail(IsRequired, property)
	w.found[len(w.found)-1].Field = w.field(append(slices.Clone(w.steps), step{key: property}))
}

// field returns the name of the value that the steps lead to.
func (w *walk) field(steps []step) string {
	var b strings.Builder
	b.WriteString(w.place)
	for _, s := range steps {
		switch {
		case s.loop > 0 && w.order != nil:
			fmt.Fprintf(&b, "[keys%d.%d]", w.first+s.loop, s.place)
		case s.index || isIdentifier(s.key):
			b.WriteString("." + s.key)
		default:
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		}
	}
	return b.String()
}

// isIdentifier reports whether JavaScript reads a name behind a dot. The names
// in the API's schemas are ASCII.
func isIdentifier(name string) bool {
	for i, c := range name {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
