package match

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// Wanted returns a range as an expectation has it.
func (r Range) Wanted() expect.Want {
	if r.Most == math.MaxInt {
		return expect.Want{AtLeast: &r.Least}
	}
	return expect.Want{Exactly: &r.Most}
}

// Misses returns near misses as an expectation has them. The function returns the
// sequence of the request of a record.
func Misses[R any](rec *recorder.Recorder, nearest []NearMiss[R], request func(R) *recorder.Entry) []expect.NearMiss {
	misses := []expect.NearMiss{}
	for _, miss := range nearest {
		if e := request(miss.Record); e != nil {
			misses = append(misses, expect.NearMiss{Request: inShort(rec, e), Differences: miss.Differences()})
		}
	}
	return misses
}

func inShort(rec *recorder.Recorder, e *recorder.Entry) expect.Request {
	return expect.Request{
		ID: rec.ID(e.Sequence), Sequence: e.Sequence, Method: e.Method(), Target: e.Target,
		Operation: e.OperationName(), Status: e.Outcome().Response.Status,
	}
}

// Differences returns what of a near miss does not match.
func (m NearMiss[R]) Differences() []expect.Difference {
	differences := []expect.Difference{}
	for _, one := range m.Missed {
		differences = append(differences, expect.Difference{Field: one.Name, Want: one.Want, Got: one.Got, Details: one.Difference})
	}
	return differences
}

// as returns the criterion with the members of a request pattern that say the same.
func (c Criterion[S]) as(member string, value any) Criterion[S] {
	c.members = map[string]any{member: value}
	return c
}

// PatternOf returns a request pattern that says the same as criteria; nil if none does:
// two criteria say something else of the same part, or one says what no pattern can.
func PatternOf[S any](c Criteria[S]) json.RawMessage {
	merged := map[string]any{}
	for _, one := range c {
		for member, value := range one.members {
			whole, ok := together(merged[member], plainJSON(value))
			if !ok {
				return nil
			}
			merged[member] = whole
		}
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil
	}
	if p, err := ParsePattern(text); err != nil || len(p) != len(c) {
		return nil
	}
	return text
}

// together returns a member of a pattern that says what two of them say.
func together(a, b any) (any, bool) {
	switch first := a.(type) {
	case nil:
		return b, true
	case []any:
		second, ok := b.([]any)
		return slices.Concat(first, second), ok
	case map[string]any:
		second, ok := b.(map[string]any)
		for name, value := range second {
			if _, taken := first[name]; taken && !reflect.DeepEqual(first[name], value) {
				return nil, false
			}
			first[name] = value
		}
		return first, ok
	default:
		return a, reflect.DeepEqual(a, b)
	}
}

// plainJSON returns a value as decoded JSON, with numbers as they are written; nil for
// what is no JSON.
func plainJSON(value any) (plain any) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	_ = d.Decode(&plain) // it was just written
	return plain
}

// jsonText returns a value as equalToJson has it: objects and lists as they are, and
// anything else as a text of JSON.
func jsonText(value any) any {
	text, err := json.Marshal(value)
	if err != nil || len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return value
	}
	return string(text)
}

// jsonPathOf returns a place in a body as a JSONPath.
func jsonPathOf(place string) string {
	if strings.HasPrefix(place, "$") {
		return place
	}
	return "$." + place
}
