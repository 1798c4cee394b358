package match

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/matcher"
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
	plain  *plainBody
	body   *matcher.Text
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
		return []string{s.Host()}
	}
	var values []string
	for line := range strings.Lines(s.Header()) {
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

func (s *Subject) methodText() string { return s.Method() }
func (s *Subject) fault() string      { return s.Outcome().Fault }

// pending returns why what depends on the response is not known; nil if it is.
func (s *Subject) pending() error {
	if s.Pending() {
		return errPending
	}
	return nil
}

// unread returns why what is known with the body is not known; nil if it is.
func (s *Subject) unread() error {
	if !s.Noted() {
		return errUnread
	}
	return nil
}

// unreadable returns why the text of the body is not known; nil if it is.
func (s *Subject) unreadable() error {
	if err := s.unread(); err != nil {
		return err
	}
	var refusal *decode.Error
	if _, err := s.plainBody(); errors.As(err, &refusal) && refusal.Status == http.StatusRequestEntityTooLarge {
		return errEncoded
	}
	return nil
}

// plainBody returns the body without its content encoding. Where that can't be
// undone, it is the body as sent, with the reason.
func (s *Subject) plainBody() ([]byte, error) {
	if s.plain == nil {
		s.plain = &plainBody{text: s.Outcome().Body}
		if encoding := s.headerValues("Content-Encoding"); len(encoding) > 0 {
			s.plain.text, s.plain.err = journal.PlainBody(s.plain.text, encoding[0], s.MaxBody)
		}
	}
	return s.plain.text, s.plain.err
}

// plainBody is a body without its content encoding, or why there is none.
type plainBody struct {
	text []byte
	err  error
}

func (s *Subject) bodyText() *matcher.Text {
	if s.body == nil {
		plain, _ := s.plainBody()
		s.body = matcher.NewText(string(plain))
	}
	return s.body
}

// partTexts returns the parts of a multipart body with their contents as texts.
func (s *Subject) partTexts() []*matcher.Text {
	return matcher.Parts(strings.Join(s.headerValues("Content-Type"), ","), s.bodyText().String())
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

// TriggerSubject is a trigger with what criteria match. Its payload is derived
// for the first criterion that needs it.
type TriggerSubject struct {
	*recorder.Trigger
	known *journal.Payload
	whole *matcher.Text
}

func newTriggerSubject(t *recorder.Trigger) *TriggerSubject { return &TriggerSubject{Trigger: t} }

func (s *TriggerSubject) payload() *journal.Payload {
	if s.known == nil {
		s.known = new(s.Payload())
	}
	return s.known
}

func (s *TriggerSubject) decoded() *matcher.Text {
	if s.whole == nil {
		s.whole = matcher.OfValue(s.payload().Decoded())
	}
	return s.whole
}

// namesOf returns the names of a kind that a request has: what an application or
// a webhook is called, its id first.
func (s *Subject) namesOf(kind string) []string {
	switch kind {
	case "operation":
		return known(s.Operation())
	case "scope":
		return s.scopes()
	case "fault":
		return known(s.fault())
	case "application":
		return s.applicationKeys()
	case "webhook":
		return s.webhookKeys()
	default:
		return nil
	}
}

// namesOf is [Subject.namesOf] for a trigger.
func (s *TriggerSubject) namesOf(kind string) []string {
	switch kind {
	case "application":
		return []string{s.Hook.ApplicationID, s.Hook.ApplicationName}
	case "webhook":
		return []string{s.Hook.ID, s.Hook.Name, s.Hook.Token}
	default:
		return nil
	}
}
