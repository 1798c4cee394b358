package match

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/theory/jsonpath"
)

// The criteria that questions in Go, the admin API and request patterns have in
// common: one function for each thing that can be asked of a request or of a
// trigger.

func requestCriterion(name string, m matcher, got func(*Subject) []*jsonText) Criterion[*Subject] {
	return Criterion[*Subject]{Name: name, Want: m.String(), got: got, matcher: m}
}

func OperationIs(name string) Criterion[*Subject] {
	return requestCriterion("operation", equalTo(name, false), one((*Subject).Operation))
}

func MethodIs(method string) Criterion[*Subject] {
	return requestCriterion("method", equalTo(strings.ToUpper(method), false), one((*Subject).methodText))
}

func PathIs(path string) Criterion[*Subject] {
	return requestCriterion("path", equalTo(path, false), one((*Subject).path))
}

func QueryHas(name, value string) Criterion[*Subject] {
	return requestCriterion("query "+name, equalTo(value, false), several(func(s *Subject) []string { return s.queryValues(name) }))
}

func HeaderHas(name, value string) Criterion[*Subject] {
	return requestCriterion("header "+name, equalTo(value, false), several(func(s *Subject) []string { return s.headerValues(name) }))
}

func StatusIs(status int) Criterion[*Subject] {
	return requestCriterion("status", equalTo(strconv.Itoa(status), false), one(ofStatus))
}

func ApplicationIs(id string) Criterion[*Subject] {
	return requestCriterion("application", equalTo(id, true), one((*Subject).application))
}

func WebhookIs(id string) Criterion[*Subject] {
	return requestCriterion("webhook", equalTo(id, true), one((*Subject).webhook))
}

func ViolationIs(message string) Criterion[*Subject] {
	return requestCriterion("violation", equalTo(message, false), one((*Subject).Violation))
}

func ScopeIs(scope string) Criterion[*Subject] {
	return requestCriterion("scope", equalTo(scope, false), several((*Subject).scopes))
}

func FaultIs(name string) Criterion[*Subject] {
	return requestCriterion("fault", equalTo(name, false), one((*Subject).fault))
}

// BodyHas asks for a value in a place of a JSON body; see placePath.
func BodyHas(place string, value any) (Criterion[*Subject], error) {
	m, err := newValueAt(place, value)
	return requestCriterion("body "+place, m, wholeBody), err
}

// BodyIs asks for a body that is the same JSON as a value.
func BodyIs(value any) (Criterion[*Subject], error) {
	want, err := asJSONValue(value)
	return requestCriterion("body", equalToJSON{want: want, text: short(want)}, wholeBody), err
}

// ArrivedSince asks for requests that arrived at a time or later.
func ArrivedSince(t time.Time) Criterion[*Subject] {
	later := plainMatcher{words: "not before " + t.Format(time.RFC3339Nano), test: func(text string) bool {
		at, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && !at.Before(t)
	}}
	return requestCriterion("time", later, one(func(s *Subject) string { return s.At.Format(time.RFC3339Nano) }))
}

func triggerCriterion(name string, m matcher, got func(*TriggerSubject) []*jsonText) Criterion[*TriggerSubject] {
	return Criterion[*TriggerSubject]{Name: name, Want: m.String(), got: got, matcher: m}
}

// FiredBy asks for triggers of a webhook, by its name, id or token.
func FiredBy(webhook string) Criterion[*TriggerSubject] {
	return triggerCriterion("webhook", equalTo(webhook, false), several(func(s *TriggerSubject) []string {
		return []string{s.Hook.Name, s.Hook.ID, s.Hook.Token}
	}))
}

// FiredIn asks for triggers of an application, by its name or id.
func FiredIn(application string) Criterion[*TriggerSubject] {
	return triggerCriterion("application", equalTo(application, false), several(func(s *TriggerSubject) []string {
		return []string{s.Hook.ApplicationName, s.Hook.ApplicationID}
	}))
}

func CalledWith(method string) Criterion[*TriggerSubject] {
	return triggerCriterion("method", equalTo(strings.ToUpper(method), false), one(func(s *TriggerSubject) string { return s.Method }))
}

func CalledAt(path string) Criterion[*TriggerSubject] {
	return triggerCriterion("path", equalTo(path, false), one(func(s *TriggerSubject) string { return s.Path() }))
}

func CalledWithHeader(name, value string) Criterion[*TriggerSubject] {
	return triggerCriterion("header "+name, equalTo(value, false),
		one(func(s *TriggerSubject) string { return s.payload().Data.Headers[strings.ToLower(name)] }))
}

func EventIs(kind string) Criterion[*TriggerSubject] {
	return triggerCriterion("type", equalTo(kind, false), one(func(s *TriggerSubject) string { return s.Event.Kind }))
}

// PayloadHas asks for a value in a place of the payload; see placePath.
func PayloadHas(place string, value any) (Criterion[*TriggerSubject], error) {
	m, err := newValueAt(place, value)
	return triggerCriterion(place, m, func(s *TriggerSubject) []*jsonText { return []*jsonText{s.decoded()} }), err
}

// PayloadBodyHas is payloadHas for a place in the body of the call.
func PayloadBodyHas(place string, value any) (Criterion[*TriggerSubject], error) {
	if rest, ok := strings.CutPrefix(place, "$"); ok {
		return PayloadHas("$.data.body"+rest, value)
	}
	return PayloadHas("data.body."+place, value)
}

// valueAt asks whether a JSON text has a value in a place.
type valueAt struct {
	path  *jsonpath.Path
	place string
	want  any
}

func newValueAt(place string, value any) (valueAt, error) {
	path, err := placePath(place)
	if err != nil {
		return valueAt{}, err
	}
	want, err := asJSONValue(value)
	return valueAt{path: path, place: place, want: want}, err
}

func (m valueAt) matches(t *jsonText) bool {
	if t == nil {
		return false
	}
	value, err := t.json()
	if err != nil {
		return false
	}
	for _, selected := range m.path.Select(value) {
		if (comparison{}).equal(m.want, selected) {
			return true
		}
	}
	return false
}

func (m valueAt) difference(t *jsonText) string {
	return matchesJSONPath{path: m.path, text: m.place}.difference(t)
}

func (m valueAt) String() string { return "equal to " + short(m.want) }

// placePath makes a JSONPath of the name of a field, with or without dots. A
// JSONPath, which begins with $, stays as it is.
func placePath(place string) (*jsonpath.Path, error) {
	if strings.HasPrefix(place, "$") {
		return jsonpath.Parse(place)
	}
	path := "$"
	for name := range strings.SplitSeq(place, ".") {
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		path += "[" + string(quoted) + "]"
	}
	return jsonpath.Parse(path)
}

// asJSONValue is a Go value as encoding/json would write and read it.
func asJSONValue(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("the value can't be written as JSON: %w", err)
	}
	var decoded any
	err = json.Unmarshal(text, &decoded)
	return decoded, err
}
