package mockserver

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"mime/multipart"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
)

// Trigger is a call of a webhook, or an event of its WebSocket, as the journal
// keeps it.
type Trigger struct {
	// Sequence counts the triggers of a world from 1.
	Sequence uint64 `json:"sequence"`
	// RequestID names the request in the journal that fired it; for a
	// WebSocket it is the one that opened it.
	RequestID string `json:"requestId"`
	// WebhookName is the webhook's name when it was called.
	WebhookName string `json:"webhookName"`
	// Payload is what the workflow received.
	Payload Payload `json:"payload"`
}

// Payload is what a workflow receives.
//
// Source: Losant's documentation of the webhook trigger. What flowId, flowName
// and globals are without a workflow is ours.
type Payload struct {
	Time            time.Time      `json:"-"` // written as the API writes it
	Data            TriggerData    `json:"data"`
	RelayID         string         `json:"relayId"`
	RelayType       string         `json:"relayType"`
	TriggerID       string         `json:"triggerId"` // the webhook's id
	TriggerType     string         `json:"triggerType"`
	ApplicationID   string         `json:"applicationId"`
	ApplicationName string         `json:"applicationName"`
	FlowID          string         `json:"flowId"`
	FlowName        string         `json:"flowName"`
	Globals         map[string]any `json:"globals"`
}

// TriggerData is the call itself.
type TriggerData struct {
	// Body is nil without one; decoded JSON, an object of form fields, or the
	// text.
	Body any `json:"body"`
	// Headers are by their names in lower case, without cookies.
	Headers map[string]string `json:"headers"`
	Method  string            `json:"method"` // in lower case
	// Path is what follows the token, as sent, beginning with a slash.
	Path  string         `json:"path"`
	Query map[string]any `json:"query"`
	// ReplyID is where a reply may be sent to; blank where none is waited for.
	ReplyID string `json:"replyId,omitempty"`
	// Type is "connect", "message" or "disconnect" for a WebSocket, and
	// Message what came with it.
	Type    string `json:"type,omitempty"`
	Message any    `json:"message,omitempty"`
}

const wireTime = "2006-01-02T15:04:05.000Z07:00"

type payloadFields Payload

// MarshalJSON writes the payload as a workflow receives it.
func (p Payload) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Time string `json:"time"`
		payloadFields
	}{p.Time.UTC().Format(wireTime), payloadFields(p)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Payload) UnmarshalJSON(text []byte) error {
	var read struct {
		Time time.Time `json:"time"`
		payloadFields
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*p = Payload(read.payloadFields)
	p.Time = read.Time
	return nil
}

// decoded is the payload as JSON decodes it, for templates and questions.
func (p Payload) decoded() any {
	text, err := json.Marshal(p)
	if err != nil {
		return nil // it is made of what JSON has
	}
	var value any
	_ = json.Unmarshal(text, &value) // it was just written
	return value
}

// trigger is a trigger as the journal keeps it: what its payload is made of
// when somebody asks. The texts are those of the request's entry.
type trigger struct {
	sequence uint64
	revision uint64 // of the journal, when it was fired
	request  uint64 // the sequence of the entry that fired it
	at       time.Time
	hook     calledHook

	method, target, host, header string
	body                         []byte // of the call, or the message of a WebSocket
	replyID                      string

	event socketEvent // the zero value for a call
}

// calledHook is what a trigger reports of its webhook and application: their
// values when it fired.
type calledHook struct {
	id, name, token                string
	applicationID, applicationName string
	castBuffersAs                  string
	annotateMultipart              bool
}

func newCalledHook(hook *webhook, of *application) calledHook {
	return calledHook{
		id: hook.ID, name: hook.Name, token: hook.Token,
		applicationID: of.ID, applicationName: of.Name,
		castBuffersAs: hook.CastBuffersAs, annotateMultipart: hook.AnnotateMultipart,
	}
}

// socketEvent is an event of a WebSocket, but for the message, which is the
// trigger's body.
type socketEvent struct {
	kind   string // blank for none
	binary bool   // of a message
	reason string // of a disconnect
	code   int    // of a disconnect
}

// trigger works out a trigger for those who read it. They may change what they
// get: the journal has its own.
func (j *journal) trigger(t *trigger) Trigger {
	return Trigger{
		Sequence:    t.sequence,
		RequestID:   j.id(t.request),
		WebhookName: t.hook.name,
		Payload:     t.payload(),
	}
}

const nobodysID = "000000000000000000000000"

func (t *trigger) payload() Payload {
	_, raw, _ := strings.Cut(t.target, "?")
	data := TriggerData{
		Headers: t.headers(),
		Method:  strings.ToLower(t.method),
		Path:    t.path(),
		Query:   decode.Fields(raw),
		ReplyID: t.replyID,
		Type:    t.event.kind,
		Message: t.message(),
	}
	if t.event.kind == "" {
		data.Body = t.parsedBody(data.Headers["content-type"])
	}
	return Payload{
		Time:            t.at,
		Data:            data,
		RelayID:         nobodysID,
		RelayType:       "public",
		TriggerID:       t.hook.id,
		TriggerType:     "webhook",
		ApplicationID:   t.hook.applicationID,
		ApplicationName: t.hook.applicationName,
		FlowID:          nobodysID,
		FlowName:        "losantmock",
		Globals:         map[string]any{},
	}
}

// message is what came with an event of a WebSocket; nil for a call.
func (t *trigger) message() any {
	switch t.event.kind {
	case connectEvent:
		return map[string]any{}
	case messageEvent:
		var data any = decode.Text(t.body)
		if t.event.binary {
			data = castBuffer(t.body, t.hook.castBuffersAs)
		}
		return map[string]any{"data": data, "length": len(t.body)}
	case disconnectEvent:
		return map[string]any{"reason": t.event.reason, "statusCode": t.event.code}
	default:
		return nil
	}
}

func (t *trigger) headers() map[string]string {
	headers := map[string]string{"host": t.host}
	for name, values := range unpackHeader(t.header) {
		if name = strings.ToLower(name); name != "cookie" {
			headers[name] = strings.Join(values, ", ")
		}
	}
	return headers
}

func (t *trigger) path() string {
	target, _, _ := strings.Cut(t.target, "?")
	_, rest, _ := strings.Cut(strings.TrimPrefix(target, "/webhooks/"), "/")
	return "/" + rest
}

// parsedBody reads the body by its content type. What can't be read as its type
// says stays the text that it is.
func (t *trigger) parsedBody(contentType string) any {
	body := t.body
	if len(body) == 0 {
		return nil
	}
	switch kind, parameters := decode.KindOf(contentType); kind {
	case decode.KindJSON, decode.KindJSONLike:
		if value, err := decode.JSON(body); err == nil {
			return value
		}
	case decode.KindForm:
		return decode.Fields(string(body))
	case decode.KindMultipart:
		if fields, err := t.parseParts(parameters["boundary"]); err == nil {
			return fields
		}
	case decode.KindBytes:
		return castBuffer(body, t.hook.castBuffersAs)
	}
	return decode.Text(body)
}

// parseParts reads a multipart body: text fields are texts, files are buffers.
func (t *trigger) parseParts(boundary string) (map[string]any, error) {
	fields := decode.NewCollector()
	err := decode.Parts(t.body, boundary, func(part *multipart.Part, content []byte) {
		fields.Add(decode.Text([]byte(part.FormName())), t.partValue(part, content))
	})
	return fields.Fields(), err
}

func (t *trigger) partValue(part *multipart.Part, content []byte) any {
	if part.FileName() == "" {
		return decode.Text(content)
	}
	data := castBuffer(content, t.hook.castBuffersAs)
	if !t.hook.annotateMultipart {
		return data
	}
	return map[string]any{
		"filename":    decode.Text([]byte(part.FileName())),
		"contentType": part.Header.Get("Content-Type"),
		"data":        data,
	}
}

// castBuffer is a buffer as castBuffersAs has it.
func castBuffer(b []byte, as string) any {
	switch as {
	case "binary":
		runes := make([]rune, len(b)) // a character for each byte
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes)
	case "utf8":
		return decode.Text(b)
	case "base64":
		return base64.StdEncoding.EncodeToString(b)
	case "hex":
		return hex.EncodeToString(b)
	default:
		list := make([]any, len(b))
		for i, c := range b {
			list[i] = float64(c)
		}
		return list
	}
}
