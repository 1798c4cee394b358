package match

import (
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/matcher"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// requestCriterion returns the criterion that a matcher matches one of the texts
// that got returns.
func requestCriterion(name string, m matcher.Matcher, got func(*Subject) []*matcher.Text) Criterion[*Subject] {
	return Criterion[*Subject]{Name: name, Want: m.String(), got: got, matcher: m}
}

// bodyCriterion is [requestCriterion] for what is in the body.
func bodyCriterion(name string, m matcher.Matcher, got func(*Subject) []*matcher.Text) Criterion[*Subject] {
	c := requestCriterion(name, m, got)
	c.isHeavy = true
	return c
}

// OperationIs matches requests of an operation, such as "webhooks.post".
func OperationIs(name string) Criterion[*Subject] {
	return requestCriterion("operation", matcher.EqualTo(name), one((*Subject).Operation)).as("operation", name)
}

// MethodIs matches requests with a method, in any case.
func MethodIs(method string) Criterion[*Subject] {
	return requestCriterion("method", matcher.EqualInAnyCase(method), one((*Subject).methodText)).as("method", method)
}

// PathIs matches requests with a path as sent, without the query.
func PathIs(path string) Criterion[*Subject] {
	return requestCriterion("path", matcher.EqualTo(path), one((*Subject).Path)).as("urlPath", path)
}

// QueryHas matches requests with a query parameter.
func QueryHas(name, value string) (Criterion[*Subject], error) {
	return requestCriterion("query "+name, matcher.EqualTo(value), several(func(s *Subject) []string { return s.queryValues(name) })).as("queryParameters", equalNamed(name, value)), nameError("query", validName(name))
}

// HeaderHas matches requests with a header field, whose name may be in any case.
func HeaderHas(name, value string) (Criterion[*Subject], error) {
	return requestCriterion("header "+name, matcher.EqualTo(value), several(func(s *Subject) []string { return s.headerValues(name) })).as("headers", equalNamed(name, value)), nameError("header", validHeaderName(name))
}

func equalNamed(name, value string) any {
	return map[string]any{name: map[string]string{"equalTo": value}}
}

// nameError returns an error about the name of a header or a parameter with its
// place; nil for none.
func nameError(kind string, err error) error {
	if err != nil {
		return matcher.ErrorAt("/"+kind, err)
	}
	return nil
}

// StatusIs matches requests whose response has a status.
func StatusIs(status int) Criterion[*Subject] {
	return requestCriterion("status", matcher.EqualTo(strconv.Itoa(status)), statusText).as("status", status)
}

// ApplicationIs matches requests about an application, by the id or name that it
// had when they arrived.
func ApplicationIs(name string) Criterion[*Subject] {
	return requestCriterion("application", matcher.EqualTo(name), several((*Subject).applicationKeys)).as("application", name)
}

// WebhookIs matches requests about a webhook, by the id, name or token that it had
// when they arrived.
func WebhookIs(name string) Criterion[*Subject] {
	return requestCriterion("webhook", matcher.EqualTo(name), several((*Subject).webhookKeys)).as("webhook", name)
}

// ViolationIs matches requests that were refused with a message.
func ViolationIs(message string) Criterion[*Subject] {
	return requestCriterion("violation", matcher.EqualTo(message), violationText).as("violation", message)
}

// ScopeIs matches requests whose token has a scope.
func ScopeIs(scope string) Criterion[*Subject] {
	return requestCriterion("scope", matcher.EqualTo(scope), scopeTexts).as("scope", scope)
}

// FaultIs matches requests that a fault was applied to, by the fault's name.
func FaultIs(name string) Criterion[*Subject] {
	return requestCriterion("fault", matcher.EqualTo(name), faultText).as("fault", name)
}

// BodyHas matches requests with a value in a place of their JSON body: a
// JSONPath, or names of fields with dots between them.
func BodyHas(place string, value any) (Criterion[*Subject], error) {
	m, err := matcher.ValueAt(place, value)
	if err != nil {
		return Criterion[*Subject]{}, err
	}
	at := map[string]any{"expression": jsonPathOf(place)}
	if text, ok := value.(string); ok {
		at["equalTo"] = text
	} else {
		at["equalToJson"] = jsonText(value)
	}
	return bodyCriterion("body "+place, m, wholeBody).as("bodyPatterns", []any{map[string]any{"matchesJsonPath": at}}), nil
}

// BodyIs matches requests whose body is the same JSON as a value.
func BodyIs(value any) (Criterion[*Subject], error) {
	m, err := matcher.EqualToJSON(value)
	if err != nil {
		return Criterion[*Subject]{}, err
	}
	return bodyCriterion("body", m, wholeBody).as("bodyPatterns", []any{map[string]any{"equalToJson": jsonText(value)}}), nil
}

// ArrivedSince matches requests that arrived at a time or later.
func ArrivedSince(t time.Time) Criterion[*Subject] {
	since := matcher.Func("not before "+t.Format(time.RFC3339Nano), "", func(text string) bool {
		at, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && !at.Before(t)
	})
	return requestCriterion("time", since, one(func(s *Subject) string { return s.At.Format(time.RFC3339Nano) }))
}

func triggerCriterion(name string, m matcher.Matcher, got func(*TriggerSubject) []*matcher.Text) Criterion[*TriggerSubject] {
	return Criterion[*TriggerSubject]{Name: name, Want: m.String(), got: got, matcher: m}
}

// FiredBy matches triggers of a webhook, by the id, name or token that it had when
// they fired.
func FiredBy(webhook string) Criterion[*TriggerSubject] {
	return triggerCriterion("webhook", matcher.EqualTo(webhook), several(func(s *TriggerSubject) []string { return s.namesOf("webhook") }))
}

// FiredIn matches triggers of an application, by the id or name that it had when
// they fired.
func FiredIn(application string) Criterion[*TriggerSubject] {
	return triggerCriterion("application", matcher.EqualTo(application), several(func(s *TriggerSubject) []string { return s.namesOf("application") }))
}

// CalledWith matches triggers of calls with a method, in any case.
func CalledWith(method string) Criterion[*TriggerSubject] {
	return triggerCriterion("method", matcher.EqualInAnyCase(method), one(func(s *TriggerSubject) string { return s.Method }))
}

// CalledAt matches triggers of calls with a path after the token.
func CalledAt(path string) Criterion[*TriggerSubject] {
	return triggerCriterion("path", matcher.EqualTo(path), one(func(s *TriggerSubject) string { return s.Path() }))
}

// CalledWithHeader matches triggers of calls with a header field, whose name may
// be in any case.
func CalledWithHeader(name, value string) (Criterion[*TriggerSubject], error) {
	return triggerCriterion("header "+name, matcher.EqualTo(value),
		one(func(s *TriggerSubject) string { return s.payload().Data.Headers[strings.ToLower(name)] })), nameError("header", validHeaderName(name))
}

// EventIs matches triggers with a kind of event of a WebSocket.
func EventIs(kind string) Criterion[*TriggerSubject] {
	return triggerCriterion("type", matcher.EqualTo(kind), one(func(s *TriggerSubject) string { return s.Event.Kind }))
}

// FiredAs matches the trigger of a sequence.
func FiredAs(sequence uint64) Criterion[*TriggerSubject] {
	return triggerCondition("sequence", strconv.FormatUint(sequence, 10), func(t *recorder.Trigger) bool { return t.Sequence == sequence })
}

// FiredFor matches triggers that a request has fired, by its id in a journal. Events of a
// WebSocket belong to the request that has opened it.
func FiredFor(r *recorder.Recorder, id string) Criterion[*TriggerSubject] {
	return triggerCondition("request", id, func(t *recorder.Trigger) bool { return r.ID(t.Request) == id })
}

// Waiting matches triggers whose calls wait for a reply now, as waits reports of each.
func Waiting(waits func(*recorder.Trigger) bool) Criterion[*TriggerSubject] {
	return triggerCondition("waiting", "a call that waits for a reply", waits)
}

// triggerCondition returns a criterion that a trigger meets or not.
func triggerCondition(name, want string, holds func(*recorder.Trigger) bool) Criterion[*TriggerSubject] {
	return triggerCriterion(name, matcher.Func(want, "", func(text string) bool { return text != "" }), one(func(s *TriggerSubject) string {
		if holds(s.Trigger) {
			return "true"
		}
		return ""
	}))
}

// PayloadHas matches triggers with a value in a place of their payload: a
// JSONPath, or names of fields with dots between them.
func PayloadHas(place string, value any) (Criterion[*TriggerSubject], error) {
	m, err := matcher.ValueAt(place, value)
	if err != nil {
		return Criterion[*TriggerSubject]{}, err
	}
	c := triggerCriterion("payload "+place, m, func(s *TriggerSubject) []*matcher.Text { return []*matcher.Text{s.decoded()} })
	c.isHeavy = true
	return c, nil
}

// PayloadBodyHas matches triggers with a value in a place of the call's body.
func PayloadBodyHas(place string, value any) (Criterion[*TriggerSubject], error) {
	if rest, ok := strings.CutPrefix(place, "$"); ok {
		return PayloadHas("$.data.body"+rest, value)
	}
	return PayloadHas("data.body."+place, value)
}
