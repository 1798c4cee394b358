package api

import (
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// getWebhook responds to webhook.get.
func (c *Call) getWebhook() *wire.Response {
	hook := c.Server.State.Store.Webhook(c.applicationID(), c.webhookID())
	if hook == nil {
		return wire.NotFound("Webhook")
	}
	return c.webhookReply(http.StatusOK, hook)
}

// patchWebhook responds to webhook.patch. It changes the properties that are
// sent, and lastUpdated.
func (c *Call) patchWebhook() *wire.Response {
	var refusal *wire.Response
	hook := c.Server.State.Store.ChangeWebhook(c.applicationID(), c.webhookID(), func(was *state.Webhook) *state.Webhook {
		wanted := was.Copy()
		webhookProperties.apply(&wanted, c.fields())
		if wanted.IsWebsocket != was.IsWebsocket {
			refusal = wire.Invalid(&contract.Violation{Field: "webhook.isWebsocket", What: "can not be changed"})
			return nil
		}
		wanted.LastUpdated = c.At
		return was.Changed(wanted)
	})
	switch {
	case refusal != nil:
		return refusal
	case hook == nil:
		return wire.NotFound("Webhook")
	default:
		return c.webhookReply(http.StatusOK, hook)
	}
}

// deleteWebhook responds to webhook.delete.
func (c *Call) deleteWebhook() *wire.Response {
	if !c.Server.State.Store.DeleteWebhook(c.applicationID(), c.webhookID()) {
		return wire.NotFound("Webhook")
	}
	return &wire.Response{Status: http.StatusOK, Body: wire.Success}
}

// webhookReply responds with a webhook.
func (c *Call) webhookReply(status int, hook *state.Webhook) *wire.Response {
	b := make([]byte, 0, roomFor(hook)+halSize)
	return &wire.Response{Status: status, Body: c.Server.renderer.appendWebhook(b, hook, c.hal("webhook"))}
}
