package recorder

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"mime/multipart"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// unsetID takes the place of the ids of a caller and of a workflow.
const unsetID = "000000000000000000000000"

// Payload returns what the workflow receives. It is made at each call: a body that
// is inflated or decoded can be a thousand times as large as the one that is kept.
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
		RelayID:         unsetID,
		RelayType:       "public",
		TriggerID:       t.Hook.ID,
		TriggerType:     "webhook",
		ApplicationID:   t.Hook.ApplicationID,
		ApplicationName: t.Hook.ApplicationName,
		FlowID:          unsetID,
		FlowName:        "losantmock",
		Globals:         map[string]any{},
	}
}

// message returns what came with an event of a WebSocket; nil for a call.
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
			headers[name] = decode.Text([]byte(strings.Join(values, ", ")))
		}
	}
	return headers
}

// Path returns what follows the token in the path.
func (t *Trigger) Path() string {
	target, _, _ := strings.Cut(t.Target, "?")
	_, rest, _ := strings.Cut(strings.TrimPrefix(target, "/webhooks/"), "/")
	return decode.Text([]byte("/" + rest))
}

// maxDepth is how deeply JSON in the body of a payload is nested at most. A deeper
// body stays a text: no list of payloads could be read back if one held it decoded,
// since encoding/json reads 10,000 levels.
const maxDepth = 1000

// parsedBody decodes the body by its content type. A body that can't be decoded or
// is nested more deeply than maxDepth stays a text.
func (t *Trigger) parsedBody(contentType string) any {
	body := t.plainBody()
	if len(body) == 0 {
		return nil
	}
	name, parameters := decode.MediaType(contentType)
	kind := decode.KindOf(name)
	if strings.HasSuffix(name, "+json") {
		kind = decode.KindJSON
	}
	switch kind {
	case decode.KindJSON:
		if value, err := decode.JSON(body); err == nil && decode.Depth(body) <= maxDepth {
			return sendable(value)
		}
	case decode.KindForm:
		return decode.Fields(string(body))
	case decode.KindMultipart:
		if fields, err := t.parseParts(body, parameters["boundary"]); err == nil {
			return fields
		}
	case decode.KindBytes:
		return castBuffer(body, t.Hook.CastBuffersAs)
	}
	return decode.Text(body)
}

// plainBody returns the body without its encoding. The call was refused if the
// body could not be inflated within the limit, so that there is none here.
func (t *Trigger) plainBody() []byte {
	plain, err := decode.Inflate(t.Body, unpackHeader(t.Header).Get("Content-Encoding"), math.MaxInt64-1)
	if err != nil {
		return t.Body
	}
	return plain
}

// sendable returns decoded JSON as Node writes it again: a number that is too
// large for it is null, and there is no negative zero.
func sendable(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsInf(v, 0) {
			return nil
		}
		return v + 0 // -0 + 0 is 0
	case map[string]any:
		for key := range v {
			v[key] = sendable(v[key])
		}
	case []any:
		for i := range v {
			v[i] = sendable(v[i])
		}
	}
	return v
}

// parseParts decodes a multipart body: text fields are texts, files are buffers.
func (t *Trigger) parseParts(body []byte, boundary string) (map[string]any, error) {
	fields := decode.NewCollector()
	err := decode.Parts(body, boundary, func(part *multipart.Part, content []byte) {
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

// castBuffer returns a buffer in the form that castBuffersAs names.
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
