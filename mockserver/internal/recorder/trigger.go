package recorder

import (
	"encoding/base64"
	"encoding/hex"
	"mime/multipart"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// The kinds of events of a WebSocket.
//
// Source: Losant's documentation of the webhook trigger.
const (
	ConnectEvent    = "connect"
	MessageEvent    = "message"
	DisconnectEvent = "disconnect"
)

// Trigger is a trigger as the journal keeps it: what its payload is made of
// when somebody asks. The texts are those of the request's entry.
type Trigger struct {
	Sequence uint64
	revision uint64 // of the journal, when it was fired
	Request  uint64 // the sequence of the entry that fired it
	At       time.Time
	Hook     CalledHook

	Method, Target, Host, Header string
	Body                         []byte // of the call, or the message of a WebSocket
	ReplyID                      string

	Event SocketEvent // the zero value for a call
}

// CalledHook is what a trigger reports of its webhook and application: their
// values when it fired.
type CalledHook struct {
	ID, Name, Token                string
	ApplicationID, ApplicationName string
	CastBuffersAs                  string
	AnnotateMultipart              bool
}

// SocketEvent is an event of a WebSocket, but for the message, which is the
// trigger's body.
type SocketEvent struct {
	Kind   string // blank for none
	Binary bool   // of a message
	Reason string // of a disconnect
	Code   int    // of a disconnect
}

// Trigger works out a trigger for those who read it. They may change what they
// get: the journal has its own.
func (r *Recorder) Trigger(t *Trigger) journal.Trigger {
	return journal.Trigger{
		Sequence:    t.Sequence,
		RequestID:   r.ID(t.Request),
		WebhookName: t.Hook.Name,
		Payload:     t.Payload(),
	}
}

const nobodysID = "000000000000000000000000"

func (t *Trigger) Payload() journal.Payload {
	_, raw, _ := strings.Cut(t.Target, "?")
	data := journal.TriggerData{
		Headers: t.headers(),
		Method:  strings.ToLower(t.Method),
		Path:    t.Path(),
		Query:   decode.Fields(raw),
		ReplyID: t.ReplyID,
		Type:    t.Event.Kind,
		Message: t.message(),
	}
	if t.Event.Kind == "" {
		data.Body = t.parsedBody(data.Headers["content-type"])
	}
	return journal.Payload{
		Time:            t.At,
		Data:            data,
		RelayID:         nobodysID,
		RelayType:       "public",
		TriggerID:       t.Hook.ID,
		TriggerType:     "webhook",
		ApplicationID:   t.Hook.ApplicationID,
		ApplicationName: t.Hook.ApplicationName,
		FlowID:          nobodysID,
		FlowName:        "losantmock",
		Globals:         map[string]any{},
	}
}

// message is what came with an event of a WebSocket; nil for a call.
func (t *Trigger) message() any {
	switch t.Event.Kind {
	case ConnectEvent:
		return map[string]any{}
	case MessageEvent:
		var data any = decode.Text(t.Body)
		if t.Event.Binary {
			data = castBuffer(t.Body, t.Hook.CastBuffersAs)
		}
		return map[string]any{"data": data, "length": len(t.Body)}
	case DisconnectEvent:
		return map[string]any{"reason": t.Event.Reason, "statusCode": t.Event.Code}
	default:
		return nil
	}
}

func (t *Trigger) headers() map[string]string {
	headers := map[string]string{"host": t.Host}
	for name, values := range unpackHeader(t.Header) {
		if name = strings.ToLower(name); name != "cookie" {
			headers[name] = strings.Join(values, ", ")
		}
	}
	return headers
}

func (t *Trigger) Path() string {
	target, _, _ := strings.Cut(t.Target, "?")
	_, rest, _ := strings.Cut(strings.TrimPrefix(target, "/webhooks/"), "/")
	return "/" + rest
}

// parsedBody reads the body by its content type. What can't be read as its type
// says stays the text that it is.
func (t *Trigger) parsedBody(contentType string) any {
	body := t.Body
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
		return castBuffer(body, t.Hook.CastBuffersAs)
	}
	return decode.Text(body)
}

// parseParts reads a multipart body: text fields are texts, files are buffers.
func (t *Trigger) parseParts(boundary string) (map[string]any, error) {
	fields := decode.NewCollector()
	err := decode.Parts(t.Body, boundary, func(part *multipart.Part, content []byte) {
		fields.Add(decode.Text([]byte(part.FormName())), t.partValue(part, content))
	})
	return fields.Fields(), err
}

func (t *Trigger) partValue(part *multipart.Part, content []byte) any {
	if part.FileName() == "" {
		return decode.Text(content)
	}
	data := castBuffer(content, t.Hook.CastBuffersAs)
	if !t.Hook.AnnotateMultipart {
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
