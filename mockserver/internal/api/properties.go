package api

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/derived"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/hal"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/summary"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// properties is the table of a resource's properties: by the name in JSON, a
// pointer to the field of a T that keeps it. Responses are rendered and request
// bodies are read by the same table.
type properties[T any] map[string]func(*T) any

var webhookProperties = properties[scenarios.Webhook]{
	"id":                func(hook *scenarios.Webhook) any { return &hook.ID },
	"webhookId":         func(hook *scenarios.Webhook) any { return &hook.ID },
	"applicationId":     func(hook *scenarios.Webhook) any { return &hook.ApplicationID },
	"creationDate":      func(hook *scenarios.Webhook) any { return &hook.CreationDate },
	"lastUpdated":       func(hook *scenarios.Webhook) any { return &hook.LastUpdated },
	"name":              func(hook *scenarios.Webhook) any { return &hook.Name },
	"token":             func(hook *scenarios.Webhook) any { return &hook.Token },
	"responseCode":      func(hook *scenarios.Webhook) any { return &hook.ResponseCode },
	"verificationType":  func(hook *scenarios.Webhook) any { return &hook.VerificationType },
	"verificationCode":  func(hook *scenarios.Webhook) any { return &hook.VerificationCode },
	"waitForReply":      func(hook *scenarios.Webhook) any { return &hook.WaitForReply },
	"basicAuthUsername": func(hook *scenarios.Webhook) any { return &hook.BasicAuthUsername },
	"basicAuthPassword": func(hook *scenarios.Webhook) any { return &hook.BasicAuthPassword },
	"description":       func(hook *scenarios.Webhook) any { return &hook.Description },
	"isWebsocket":       func(hook *scenarios.Webhook) any { return &hook.IsWebsocket },
	"castBuffersAs":     func(hook *scenarios.Webhook) any { return &hook.CastBuffersAs },
	"annotateMultipart": func(hook *scenarios.Webhook) any { return &hook.AnnotateMultipart },
	"enabled":           func(hook *scenarios.Webhook) any { return &hook.Enabled },
}

// applicationProperties has the properties that are fields: their names are those that
// they have in a scenario. The others are in Properties, but for the summary, which is
// counted for each response.
var applicationProperties = fieldsOf[scenarios.Application]("applicationId")

// fieldsOf returns the table of a resource whose properties are the fields that a
// scenario has, and a second name of its id.
func fieldsOf[T any](secondID string) properties[T] {
	table := properties[T]{}
	for field := range reflect.TypeFor[T]().Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); name != "-" {
			table[name] = func(resource *T) any {
				return reflect.ValueOf(resource).Elem().FieldByIndex(field.Index).Addr().Interface()
			}
		}
	}
	table[secondID] = table["id"]
	return table
}

// apply puts a request body, which the contract has checked, into a resource.
// Properties that the body does not have stay as they are, and those that the
// table does not have are left to the caller.
func (p properties[T]) apply(resource *T, body map[string]any) {
	for name, value := range body {
		if p[name] == nil {
			continue
		}
		switch field := p[name](resource).(type) {
		case *string:
			*field = value.(string)
		case *int:
			*field = int(value.(float64))
		case *bool:
			*field = value.(bool)
		case **bool:
			*field = new(value.(bool))
		}
	}
}

// property is one entry of a table, ready to render.
type property[T any] struct {
	key   string // `"name":`
	field func(*T) any
}

// inOrder returns the entries of the table that have one of the names.
func (p properties[T]) inOrder(names []string) []property[T] {
	var list []property[T]
	for _, name := range names {
		if field := p[name]; field != nil {
			list = append(list, property[T]{`"` + name + `":`, field})
		}
	}
	return list
}

// appendField writes the value of a field as JSON.
func appendField(b []byte, field any) []byte {
	switch field := field.(type) {
	case *string:
		return wire.AppendText(b, *field)
	case *int:
		return strconv.AppendInt(b, int64(*field), 10)
	case *bool:
		return strconv.AppendBool(b, *field)
	default:
		return wire.AppendTime(b, *field.(*time.Time))
	}
}

// renderer writes records as JSON: the properties that the API has at its
// version, in the order of its schema.
type renderer struct {
	webhook     []property[scenarios.Webhook]
	application []string // the names of all properties
	summary     summary.Summary
}

// renderers has the renderer of each API: every world needs one.
var renderers = derived.By(newRenderer)

func newRenderer(api *contract.API) *renderer {
	return &renderer{
		webhook:     webhookProperties.inOrder(api.Schema("webhook").Properties()),
		application: api.Schema("application").Properties(),
		summary:     summary.Of(pairs.Of(api), api.Schema("application"), "application"),
	}
}

// roomFor returns about how many bytes the JSON of a webhook has.
func roomFor(hook *state.Webhook) int {
	return 512 + len(hook.Name) + len(hook.Description) + len(hook.VerificationCode)
}

// appendWebhook writes a webhook with what a response adds to it.
func (r *renderer) appendWebhook(b []byte, hook *state.Webhook, added hal.HAL) []byte {
	return added.AppendTo(r.webhookFields(b, hook), idsOf(hook.ApplicationID, hook.ID))
}

// webhookFields writes a webhook up to the closing brace, which follows after
// what a response adds.
func (r *renderer) webhookFields(b []byte, hook *state.Webhook) []byte {
	for i, p := range r.webhook {
		b = append(b, comma(i)...)
		b = append(b, p.key...)
		if field := p.field(&hook.Webhook); field == &hook.Enabled {
			b = strconv.AppendBool(b, hook.IsEnabled) // a record keeps it as a plain bool
		} else {
			b = appendField(b, field)
		}
	}
	return b
}

func comma(i int) string {
	if i == 0 {
		return "{"
	}
	return ","
}
