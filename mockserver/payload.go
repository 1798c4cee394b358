package mockserver

import (
	"encoding/base64"
	"encoding/hex"
	"mime/multipart"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
)

// The kinds of events of a WebSocket.
//
// Source: Losant's documentation of the webhook trigger.
const (
	connectEvent    = "connect"
	messageEvent    = "message"
	disconnectEvent = "disconnect"
)

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
