package api

import (
	"strconv"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// renderer writes records as JSON: the properties that the API has at its
// version, in the order of its schema.
type renderer struct {
	webhook     []property[scenarios.Webhook]
	application []property[scenarios.Application]
	summary     []string // the counts of an application
}

func newRenderer(api *contract.API) *renderer {
	return &renderer{
		webhook:     webhookProperties.inOrder(api.Schema("webhook").Properties()),
		application: applicationProperties.inOrder(api.Schema("application").Properties()),
		summary:     api.Schema("application").PropertiesOf("summary"),
	}
}

// roomFor returns about how many bytes the JSON of a webhook has.
func roomFor(hook *state.Webhook) int {
	return 512 + len(hook.Name) + len(hook.Description) + len(hook.VerificationCode)
}

// appendWebhook writes a webhook with what a response adds to it.
func (r *renderer) appendWebhook(b []byte, hook *state.Webhook, added hal) []byte {
	return added.appendTo(r.webhookFields(b, hook), hook.ApplicationID, hook.ID)
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

// applicationFields writes an application up to the closing brace.
func (r *renderer) applicationFields(b []byte, a *state.Application, webhookCount int) []byte {
	for i, p := range r.application {
		b = append(b, comma(i)...)
		b = append(b, p.key...)
		b = appendField(b, p.field(&a.Application))
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
