package mockserver

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// subject is an entry as criteria look at it. What takes work is worked out
// when the first criterion asks, and kept for the others.
type subject struct {
	*entry
	query  url.Values
	form   url.Values
	params map[string]string
	body   *jsonText
}

func newSubject(e *entry) *subject { return &subject{entry: e} }

// path is the path as sent, without the query.
func (s *subject) path() string {
	path, _, _ := strings.Cut(s.target, "?")
	return path
}

func (s *subject) queryValues(name string) []string {
	if s.query == nil {
		_, raw, _ := strings.Cut(s.target, "?")
		s.query, _ = url.ParseQuery(raw) // what can be read is enough
	}
	return s.query[name]
}

func (s *subject) formValues(name string) []string {
	if s.form == nil {
		s.form = formValues(s.headerValues("Content-Type"), s.known().body)
	}
	return s.form[name]
}

// headerValues finds a header field by its name in any case, in the packed
// text, so that looking costs no map.
func (s *subject) headerValues(name string) []string {
	if strings.EqualFold(name, "Host") {
		return []string{s.host}
	}
	var values []string
	for line := range strings.Lines(s.header) {
		if len(line) > len(name) && line[len(name)] == ':' && strings.EqualFold(line[:len(name)], name) {
			values = append(values, strings.TrimSuffix(line[len(name)+1:], "\n"))
		}
	}
	return values
}

func (s *subject) cookieValues(name string) []string {
	var values []string
	for _, cookie := range (&http.Request{Header: http.Header{"Cookie": s.headerValues("Cookie")}}).Cookies() {
		if cookie.Name == name {
			values = append(values, cookie.Value)
		}
	}
	return values
}

func (s *subject) param(name string) string {
	if s.params == nil {
		s.params = s.pathParams()
		if t := s.trigger.Load(); t != nil {
			s.params["applicationId"], s.params["webhookId"] = t.hook.applicationID, t.hook.id
		}
	}
	return s.params[name]
}

func (s *subject) application() string { return s.param("applicationId") }
func (s *subject) webhook() string     { return s.param("webhookId") }
func (s *subject) methodText() string  { return s.method }
func (s *subject) fault() string       { return s.known().fault }

func (s *subject) bodyText() *jsonText {
	if s.body == nil {
		s.body = &jsonText{text: string(s.known().body)}
	}
	return s.body
}

func (s *subject) operation() string {
	switch op := s.known().op; {
	case op != nil:
		return op.Name
	case s.trigger.Load() != nil:
		return triggerOperation.Name
	default:
		return ""
	}
}

func (s *subject) violation() string {
	if v := s.known().answer.violation; v != nil {
		return v.Error()
	}
	return ""
}

func (s *subject) scopes() []string { return s.known().scopes }

// jsonText is a text that may be JSON: it is decoded once, when somebody asks.
type jsonText struct {
	text    string
	decoded bool
	value   any
	err     error
}

func (t *jsonText) json() (any, error) {
	if !t.decoded {
		t.err = json.Unmarshal([]byte(t.text), &t.value)
		t.decoded = true
	}
	return t.value, t.err
}

// firedSubject is a trigger as criteria look at it: its payload is worked out
// when the first criterion asks.
type firedSubject struct {
	*trigger
	known *Payload
	whole *jsonText
}

func newFiredSubject(t *trigger) *firedSubject { return &firedSubject{trigger: t} }

func (s *firedSubject) payload() *Payload {
	if s.known == nil {
		s.known = new(s.trigger.payload())
	}
	return s.known
}

func (s *firedSubject) decoded() *jsonText {
	if s.whole == nil {
		s.whole = &jsonText{decoded: true, value: s.payload().decoded()}
		s.whole.text = short(s.whole.value)
	}
	return s.whole
}
