package api

import (
	"strconv"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// renderer writes records as JSON: the properties that the API has at its
// version, in the order of its schema.
type renderer struct {
	webhook     []webhookField
	application []applicationField
	summary     []string // the counts of an application
}

type webhookField struct {
	key   string // `"name":`
	value func([]byte, *state.Webhook) []byte
}

type applicationField struct {
	key   string
	value func([]byte, *state.Application) []byte
}

// webhookValues says how each property of a webhook is written.
var webhookValues = map[string]func([]byte, *state.Webhook) []byte{
	"id":                func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.ID) },
	"webhookId":         func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.ID) },
	"applicationId":     func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.ApplicationID) },
	"creationDate":      func(b []byte, w *state.Webhook) []byte { return appendTime(b, w.CreationDate) },
	"lastUpdated":       func(b []byte, w *state.Webhook) []byte { return appendTime(b, w.LastUpdated) },
	"name":              func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.Name) },
	"token":             func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.Token) },
	"responseCode":      func(b []byte, w *state.Webhook) []byte { return strconv.AppendInt(b, int64(w.ResponseCode), 10) },
	"verificationType":  func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.VerificationType) },
	"verificationCode":  func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.VerificationCode) },
	"waitForReply":      func(b []byte, w *state.Webhook) []byte { return strconv.AppendBool(b, w.WaitForReply) },
	"basicAuthUsername": func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.BasicAuthUsername) },
	"basicAuthPassword": func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.BasicAuthPassword) },
	"description":       func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.Description) },
	"isWebsocket":       func(b []byte, w *state.Webhook) []byte { return strconv.AppendBool(b, w.IsWebsocket) },
	"castBuffersAs":     func(b []byte, w *state.Webhook) []byte { return wire.AppendText(b, w.CastBuffersAs) },
	"annotateMultipart": func(b []byte, w *state.Webhook) []byte { return strconv.AppendBool(b, w.AnnotateMultipart) },
	"enabled":           func(b []byte, w *state.Webhook) []byte { return strconv.AppendBool(b, w.IsEnabled) },
}

// applicationValues says how each property of an application is written; its
// summary is counted when it is asked for.
var applicationValues = map[string]func([]byte, *state.Application) []byte{
	"id":            func(b []byte, a *state.Application) []byte { return wire.AppendText(b, a.ID) },
	"applicationId": func(b []byte, a *state.Application) []byte { return wire.AppendText(b, a.ID) },
	"creationDate":  func(b []byte, a *state.Application) []byte { return appendTime(b, a.CreationDate) },
	"lastUpdated":   func(b []byte, a *state.Application) []byte { return appendTime(b, a.LastUpdated) },
	"ownerId":       func(b []byte, a *state.Application) []byte { return wire.AppendText(b, a.OwnerID) },
	"ownerType":     func(b []byte, a *state.Application) []byte { return wire.AppendText(b, a.OwnerType) },
	"name":          func(b []byte, a *state.Application) []byte { return wire.AppendText(b, a.Name) },
	"description":   func(b []byte, a *state.Application) []byte { return wire.AppendText(b, a.Description) },
}

func newRenderer(api *contract.API) *renderer {
	r := &renderer{summary: api.Schema("application").PropertiesOf("summary")}
	for _, name := range api.Schema("webhook").Properties() {
		r.webhook = append(r.webhook, webhookField{`"` + name + `":`, webhookValues[name]})
	}
	for _, name := range api.Schema("application").Properties() {
		if value := applicationValues[name]; value != nil {
			r.application = append(r.application, applicationField{`"` + name + `":`, value})
		}
	}
	return r
}

// roomFor is about how many bytes the JSON of a webhook has.
func roomFor(w *state.Webhook) int {
	return 512 + len(w.Name) + len(w.Description) + len(w.VerificationCode)
}

// appendWebhook writes a webhook with what a response adds to it.
func (r *renderer) appendWebhook(b []byte, hook *state.Webhook, added hal) []byte {
	return added.appendTo(r.webhookFields(b, hook), hook.ApplicationID, hook.ID)
}

// webhookFields writes a webhook up to the closing brace, which follows after
// what an answer adds.
func (r *renderer) webhookFields(b []byte, w *state.Webhook) []byte {
	for i, field := range r.webhook {
		b = append(b, comma(i)...)
		b = append(b, field.key...)
		b = field.value(b, w)
	}
	return b
}

func (r *renderer) applicationFields(b []byte, a *state.Application, webhookCount int) []byte {
	for i, field := range r.application {
		b = append(b, comma(i)...)
		b = append(b, field.key...)
		b = field.value(b, a)
	}
	b = append(b, `,"summary":{`...)
	for i, name := range r.summary {
		if i > 0 {
			b = append(b, ',')
		}
		count := 0
		if name == "webhookCount" {
			count = webhookCount
		}
		b = append(wire.AppendText(b, name), ':')
		b = strconv.AppendInt(b, int64(count), 10)
	}
	return append(b, '}')
}

func comma(i int) string {
	if i == 0 {
		return "{"
	}
	return ","
}

func appendTime(b []byte, t time.Time) []byte {
	return t.AppendFormat(b, `"2006-01-02T15:04:05.000Z"`)
}
