package journal

import (
	"encoding/json"
	"time"
)

// Trigger is a call of a webhook, or an event of its WebSocket, as the journal
// keeps it.
type Trigger struct {
	// Sequence counts the triggers of a world from 1.
	Sequence uint64 `json:"sequence"`
	// RequestID is the id of the request that fired it; for a WebSocket, of the
	// request that opened it.
	RequestID string `json:"requestId"`
	// WebhookName is the webhook's name when it was called.
	WebhookName string `json:"webhookName"`
	// Payload is what the workflow received.
	Payload Payload `json:"payload"`
	// Sent are the messages that were sent on the WebSocket behind this event, and before
	// the next one, in their order.
	Sent []Message `json:"sent,omitempty"`
	// Problem is why the URL that the webhook forwards to has not responded: what
	// was tried, what happened and what to do. It is for people: its words may
	// change.
	Problem string `json:"problem,omitempty"`
}

// Message is a message that was sent to the client of a WebSocket.
type Message struct {
	Time   time.Time // by the world's clock
	Data   []byte
	Binary bool // otherwise it is text, which is UTF-8
}

// messageJSON is a message in JSON: a text as it is, other bytes in base64.
type messageJSON struct {
	Time         time.Time `json:"time"`
	Data         string    `json:"data,omitempty"`
	DataAsBase64 []byte    `json:"dataAsBase64,omitempty"`
	Binary       bool      `json:"binary,omitempty"`
}

// MarshalJSON writes a text as it is, and other bytes in base64.
func (m Message) MarshalJSON() ([]byte, error) {
	if m.Binary {
		return json.Marshal(messageJSON{Time: m.Time, DataAsBase64: m.Data, Binary: true})
	}
	return json.Marshal(messageJSON{Time: m.Time, Data: string(m.Data)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Message) UnmarshalJSON(text []byte) error {
	var read messageJSON
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*m = Message{read.Time, []byte(read.Data), read.Binary}
	if read.Binary {
		m.Data = read.DataAsBase64
	}
	return nil
}

// Payload is what a workflow receives.
//
// Source: Losant's documentation of the webhook trigger. The values of flowId,
// flowName and globals without a workflow are ours.
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
	// Body is decoded JSON, an object of form fields, or the text; nil for no
	// body. JSON that is nested more than 1,000 levels deep is the text.
	Body any `json:"body"`
	// Headers have names in lower case; there are no cookies.
	Headers map[string]string `json:"headers"`
	Method  string            `json:"method"` // in lower case
	// Path is what follows the token, as sent, beginning with a slash.
	Path  string         `json:"path"`
	Query map[string]any `json:"query"`
	// ReplyID is the id to send a reply to; blank if the call waits for none.
	ReplyID string `json:"replyId,omitempty"`
	// Type is "connect", "message" or "disconnect" for an event of a WebSocket,
	// and Message is what came with it.
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

// Decoded returns the payload as decoded JSON, for templates and criteria.
func (p Payload) Decoded() any {
	text, err := json.Marshal(p)
	if err != nil {
		return nil // does not happen: it holds values of JSON alone
	}
	var value any
	_ = json.Unmarshal(text, &value) // it was just written
	return value
}
