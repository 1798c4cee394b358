package mockserver

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

func requestCriterion(name string, m matcher, got func(*subject) []*jsonText) criterion[*subject] {
	return criterion[*subject]{name: name, want: m.String(), got: got, matcher: m}
}

func operationIs(name string) criterion[*subject] {
	return requestCriterion("operation", equalTo(name, false), one((*subject).operation))
}

func methodIs(method string) criterion[*subject] {
	return requestCriterion("method", equalTo(strings.ToUpper(method), false), one((*subject).methodText))
}

func pathIs(path string) criterion[*subject] {
	return requestCriterion("path", equalTo(path, false), one((*subject).path))
}

func queryHas(name, value string) criterion[*subject] {
	return requestCriterion("query "+name, equalTo(value, false), several(func(s *subject) []string { return s.queryValues(name) }))
}

func headerHas(name, value string) criterion[*subject] {
	return requestCriterion("header "+name, equalTo(value, false), several(func(s *subject) []string { return s.headerValues(name) }))
}

func statusIs(status int) criterion[*subject] {
	return requestCriterion("status", equalTo(strconv.Itoa(status), false), one(ofStatus))
}

func applicationIs(id string) criterion[*subject] {
	return requestCriterion("application", equalTo(id, true), one((*subject).application))
}

func webhookIs(id string) criterion[*subject] {
	return requestCriterion("webhook", equalTo(id, true), one((*subject).webhook))
}

func violationIs(message string) criterion[*subject] {
	return requestCriterion("violation", equalTo(message, false), one((*subject).violation))
}

func scopeIs(scope string) criterion[*subject] {
	return requestCriterion("scope", equalTo(scope, false), several((*subject).scopes))
}

func faultIs(name string) criterion[*subject] {
	return requestCriterion("fault", equalTo(name, false), one((*subject).fault))
}

// bodyHas asks for a value in a place of a JSON body; see placePath.
func bodyHas(place string, value any) (criterion[*subject], error) {
	m, err := newValueAt(place, value)
	return requestCriterion("body "+place, m, wholeBody), err
}

// bodyIs asks for a body that is the same JSON as a value.
func bodyIs(value any) (criterion[*subject], error) {
	want, err := asJSONValue(value)
	return requestCriterion("body", equalToJSON{want: want, text: short(want)}, wholeBody), err
}

// arrivedSince asks for requests that arrived at a time or later.
func arrivedSince(t time.Time) criterion[*subject] {
	later := plainMatcher{words: "not before " + t.Format(time.RFC3339Nano), ask: func(text string) bool {
		at, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && !at.Before(t)
	}}
	return requestCriterion("time", later, one(func(s *subject) string { return s.at.Format(time.RFC3339Nano) }))
}

func triggerCriterion(name string, m matcher, got func(*firedSubject) []*jsonText) criterion[*firedSubject] {
	return criterion[*firedSubject]{name: name, want: m.String(), got: got, matcher: m}
}

// firedBy asks for triggers of a webhook, by its name, id or token.
func firedBy(webhook string) criterion[*firedSubject] {
	return triggerCriterion("webhook", equalTo(webhook, false), several(func(s *firedSubject) []string {
		return []string{s.hook.name, s.hook.id, s.hook.token}
	}))
}

// firedIn asks for triggers of an application, by its name or id.
func firedIn(application string) criterion[*firedSubject] {
	return triggerCriterion("application", equalTo(application, false), several(func(s *firedSubject) []string {
		return []string{s.hook.applicationName, s.hook.applicationID}
	}))
}

func calledWith(method string) criterion[*firedSubject] {
	return triggerCriterion("method", equalTo(strings.ToUpper(method), false), one(func(s *firedSubject) string { return s.method }))
}

func calledAt(path string) criterion[*firedSubject] {
	return triggerCriterion("path", equalTo(path, false), one(func(s *firedSubject) string { return s.path() }))
}

func calledWithHeader(name, value string) criterion[*firedSubject] {
	return triggerCriterion("header "+name, equalTo(value, false),
		one(func(s *firedSubject) string { return s.payload().Data.Headers[strings.ToLower(name)] }))
}

func eventIs(kind string) criterion[*firedSubject] {
	return triggerCriterion("type", equalTo(kind, false), one(func(s *firedSubject) string { return s.event.kind }))
}

// payloadHas asks for a value in a place of the payload; see placePath.
func payloadHas(place string, value any) (criterion[*firedSubject], error) {
	m, err := newValueAt(place, value)
	return triggerCriterion(place, m, func(s *firedSubject) []*jsonText { return []*jsonText{s.decoded()} }), err
}

// payloadBodyHas is payloadHas for a place in the body of the call.
func payloadBodyHas(place string, value any) (criterion[*firedSubject], error) {
	if rest, ok := strings.CutPrefix(place, "$"); ok {
		return payloadHas("$.data.body"+rest, value)
	}
	return payloadHas("data.body."+place, value)
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
