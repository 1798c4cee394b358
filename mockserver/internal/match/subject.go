package match

import (
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// Subject is an entry with what criteria match. What takes work is derived for
// the first criterion that needs it, and kept for the others.
type Subject struct {
	*recorder.Entry
	query  url.Values
	form   url.Values
	params map[string]string
	body   *jsonText
}

// NewSubject returns the subject of an entry.
func NewSubject(e *recorder.Entry) *Subject { return &Subject{Entry: e} }

func (s *Subject) queryValues(name string) []string {
	if s.query == nil {
		_, raw, _ := strings.Cut(s.Target, "?")
		s.query = decode.Values(raw)
	}
	return s.query[name]
}

func (s *Subject) formValues(name string) []string {
	if s.form == nil {
		plain, _ := s.plainBody()
		s.form = journal.FormValues(s.headerValues("Content-Type"), plain)
	}
	return s.form[name]
}

// headerValues returns the values of a header field, by its name in any case. It
// searches the packed text, which is quicker than unpacking it.
func (s *Subject) headerValues(name string) []string {
	if strings.EqualFold(name, "Host") {
		return []string{s.Host}
	}
	var values []string
	for line := range strings.Lines(s.Header) {
		if len(line) > len(name) && line[len(name)] == ':' && strings.EqualFold(line[:len(name)], name) {
			values = append(values, strings.TrimSuffix(line[len(name)+1:], "\n"))
		}
	}
	return values
}

func (s *Subject) cookieValues(name string) []string {
	var values []string
	for _, cookie := range decode.Cookies(s.headerValues("Cookie")) {
		if cookie.Name == name {
			values = append(values, cookie.Text)
		}
	}
	return values
}

// applicationKeys returns what the application of the request is called: its id
// and its name, without those that are not known.
func (s *Subject) applicationKeys() []string {
	return known(s.ApplicationID, s.ApplicationName)
}

// webhookKeys returns what the webhook of the request is called: its id, its name
// and its token, without those that are not known.
func (s *Subject) webhookKeys() []string {
	return known(s.WebhookID, s.WebhookName, s.WebhookToken)
}

// known returns the texts that are not blank.
func known(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// param returns a parameter of the operation's path. A call of a webhook's own URL
// has the ids of its webhook too.
func (s *Subject) param(name string) string {
	if s.params == nil {
		s.params = s.PathParams()
		if s.Entry.Operation == recorder.TriggerOperation {
			s.params["applicationId"], s.params["webhookId"] = s.ApplicationID, s.WebhookID
		}
	}
	return s.params[name]
}

func (s *Subject) methodText() string { return s.Method }
func (s *Subject) fault() string      { return s.Outcome().Fault }

// plainBody returns the body without its content encoding, and reports whether there
// is one: otherwise it is the body as sent, which is no text to match.
func (s *Subject) plainBody() (plain []byte, ok bool) {
	if encoding := s.headerValues("Content-Encoding"); len(encoding) > 0 {
		return journal.PlainBody(s.Outcome().Body, encoding[0], s.MaxBody)
	}
	return s.Outcome().Body, true
}

func (s *Subject) bodyText() *jsonText {
	if s.body == nil {
		plain, _ := s.plainBody()
		s.body = &jsonText{text: string(plain)}
	}
	return s.body
}

// Operation returns the name of the request's operation; blank for none.
func (s *Subject) Operation() string { return s.OperationName() }

// Violation returns what a refused request broke; blank for none.
func (s *Subject) Violation() string {
	if v := s.Outcome().Response.Violation; v != nil {
		return v.Error()
	}
	return ""
}

func (s *Subject) scopes() []string { return s.Scopes }

// jsonText is a text that may be JSON. It is decoded once, when it is needed.
type jsonText struct {
	text    string
	part    *part // of a multipart body; nil for other texts
	decoded bool
	value   any
	err     error
}

func (t *jsonText) json() (any, error) {
	if !t.decoded {
		t.value, t.err = decode.Exact([]byte(t.text))
		t.decoded = true
	}
	return t.value, t.err
}

// TriggerSubject is a trigger with what criteria match. Its payload is derived
// for the first criterion that needs it.
type TriggerSubject struct {
	*recorder.Trigger
	known *journal.Payload
	whole *jsonText
}

func newTriggerSubject(t *recorder.Trigger) *TriggerSubject { return &TriggerSubject{Trigger: t} }

func (s *TriggerSubject) payload() *journal.Payload {
	if s.known == nil {
		s.known = new(s.Payload())
	}
	return s.known
}

func (s *TriggerSubject) decoded() *jsonText {
	if s.whole == nil {
		s.whole = &jsonText{decoded: true, value: s.payload().Decoded()}
		s.whole.text = short(s.whole.value)
	}
	return s.whole
}
