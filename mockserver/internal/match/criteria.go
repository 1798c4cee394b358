package match

import (
	"strconv"
	"strings"
	"time"
)

// requestCriterion returns the criterion that a matcher matches one of the texts
// that got returns.
func requestCriterion(name string, m matcher, got func(*Subject) []*jsonText) Criterion[*Subject] {
	return Criterion[*Subject]{Name: name, Want: m.String(), got: got, matcher: m}
}

// OperationIs matches requests of an operation, such as "webhooks.post".
func OperationIs(name string) Criterion[*Subject] {
	return requestCriterion("operation", equalTo(name, false), one((*Subject).Operation))
}

// MethodIs matches requests with a method, in any case.
func MethodIs(method string) Criterion[*Subject] {
	return requestCriterion("method", equalTo(strings.ToUpper(method), false), one((*Subject).methodText))
}

// PathIs matches requests with a path as sent, without the query.
func PathIs(path string) Criterion[*Subject] {
	return requestCriterion("path", equalTo(path, false), one((*Subject).Path))
}

// QueryHas matches requests with a query parameter.
func QueryHas(name, value string) Criterion[*Subject] {
	return requestCriterion("query "+name, equalTo(value, false), several(func(s *Subject) []string { return s.queryValues(name) }))
}

// HeaderHas matches requests with a header field, whose name may be in any case.
func HeaderHas(name, value string) Criterion[*Subject] {
	return requestCriterion("header "+name, equalTo(value, false), several(func(s *Subject) []string { return s.headerValues(name) }))
}

// StatusIs matches requests whose response has a status.
func StatusIs(status int) Criterion[*Subject] {
	return requestCriterion("status", equalTo(strconv.Itoa(status), false), one(ofStatus))
}

// ApplicationIs matches requests about an application, by the id or name that it
// had when they arrived.
func ApplicationIs(name string) Criterion[*Subject] {
	return requestCriterion("application", equalTo(name, false), several((*Subject).applicationKeys))
}

// WebhookIs matches requests about a webhook, by the id, name or token that it had
// when they arrived.
func WebhookIs(name string) Criterion[*Subject] {
	return requestCriterion("webhook", equalTo(name, false), several((*Subject).webhookKeys))
}

// ViolationIs matches requests that were refused with a message.
func ViolationIs(message string) Criterion[*Subject] {
	return requestCriterion("violation", equalTo(message, false), one((*Subject).Violation))
}

// ScopeIs matches requests whose token has a scope.
func ScopeIs(scope string) Criterion[*Subject] {
	return requestCriterion("scope", equalTo(scope, false), several((*Subject).scopes))
}

// FaultIs matches requests that a fault was applied to, by the fault's name.
func FaultIs(name string) Criterion[*Subject] {
	return requestCriterion("fault", equalTo(name, false), one((*Subject).fault))
}

// BodyHas matches requests with a value in a place of their JSON body: a
// JSONPath, or names of fields with dots between them.
func BodyHas(place string, value any) (Criterion[*Subject], error) {
	m, err := newValueAt(place, value)
	return requestCriterion("body "+place, m, wholeBody), err
}

// BodyIs matches requests whose body is the same JSON as a value.
func BodyIs(value any) (Criterion[*Subject], error) {
	want, err := asJSONValue(value)
	return requestCriterion("body", equalToJSON{want: want, text: short(want)}, wholeBody), err
}

// ArrivedSince matches requests that arrived at a time or later.
func ArrivedSince(t time.Time) Criterion[*Subject] {
	since := plainMatcher{description: "not before " + t.Format(time.RFC3339Nano), test: func(text string) bool {
		at, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && !at.Before(t)
	}}
	return requestCriterion("time", since, one(func(s *Subject) string { return s.At.Format(time.RFC3339Nano) }))
}

func triggerCriterion(name string, m matcher, got func(*TriggerSubject) []*jsonText) Criterion[*TriggerSubject] {
	return Criterion[*TriggerSubject]{Name: name, Want: m.String(), got: got, matcher: m}
}

// FiredBy matches triggers of a webhook, by the id, name or token that it had when
// they fired.
func FiredBy(webhook string) Criterion[*TriggerSubject] {
	return triggerCriterion("webhook", equalTo(webhook, false), several(func(s *TriggerSubject) []string { return s.namesOf("webhook") }))
}

// FiredIn matches triggers of an application, by the id or name that it had when
// they fired.
func FiredIn(application string) Criterion[*TriggerSubject] {
	return triggerCriterion("application", equalTo(application, false), several(func(s *TriggerSubject) []string { return s.namesOf("application") }))
}

// CalledWith matches triggers of calls with a method, in any case.
func CalledWith(method string) Criterion[*TriggerSubject] {
	return triggerCriterion("method", equalTo(strings.ToUpper(method), false), one(func(s *TriggerSubject) string { return s.Method }))
}

// CalledAt matches triggers of calls with a path after the token.
func CalledAt(path string) Criterion[*TriggerSubject] {
	return triggerCriterion("path", equalTo(path, false), one(func(s *TriggerSubject) string { return s.Path() }))
}

// CalledWithHeader matches triggers of calls with a header field, whose name may
// be in any case.
func CalledWithHeader(name, value string) Criterion[*TriggerSubject] {
	return triggerCriterion("header "+name, equalTo(value, false),
		one(func(s *TriggerSubject) string { return s.payload().Data.Headers[strings.ToLower(name)] }))
}

// EventIs matches triggers with a kind of event of a WebSocket.
func EventIs(kind string) Criterion[*TriggerSubject] {
	return triggerCriterion("type", equalTo(kind, false), one(func(s *TriggerSubject) string { return s.Event.Kind }))
}

// PayloadHas matches triggers with a value in a place of their payload: a
// JSONPath, or names of fields with dots between them.
func PayloadHas(place string, value any) (Criterion[*TriggerSubject], error) {
	m, err := newValueAt(place, value)
	return triggerCriterion("payload "+place, m, func(s *TriggerSubject) []*jsonText { return []*jsonText{s.decoded()} }), err
}

// PayloadBodyHas matches triggers with a value in a place of the call's body.
func PayloadBodyHas(place string, value any) (Criterion[*TriggerSubject], error) {
	if rest, ok := strings.CutPrefix(place, "$"); ok {
		return PayloadHas("$.data.body"+rest, value)
	}
	return PayloadHas("data.body."+place, value)
}
