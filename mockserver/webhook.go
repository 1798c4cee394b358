package mockserver

import (
	"net/http"

	"github.com/losantmock/losantmock/contract"
)

// getWebhook answers webhook.get.
func (c *call) getWebhook() *reply {
	w := c.server.state.store.webhook(c.applicationID(), c.webhookID())
	if w == nil {
		return notFound("Webhook")
	}
	return c.webhookReply(http.StatusOK, w)
}

// patchWebhook answers webhook.patch: it changes what is sent, and nothing
// else but lastUpdated.
func (c *call) patchWebhook() *reply {
	var refusal *reply
	w := c.server.state.store.change(c.applicationID(), c.webhookID(), func(was *webhook) *webhook {
		wanted := was.copy()
		applyFields(&wanted, c.fields())
		if wanted.IsWebsocket != was.IsWebsocket {
			refusal = invalid(&contract.Violation{Field: "webhook.isWebsocket", What: "can not be changed"})
			return nil
		}
		wanted.LastUpdated = c.at
		return was.changed(wanted)
	})
	switch {
	case refusal != nil:
		return refusal
	case w == nil:
		return notFound("Webhook")
	default:
		return c.webhookReply(http.StatusOK, w)
	}
}

// deleteWebhook answers webhook.delete.
func (c *call) deleteWebhook() *reply {
	if !c.server.state.store.deleteWebhook(c.applicationID(), c.webhookID()) {
		return notFound("Webhook")
	}
	return &reply{status: http.StatusOK, body: success}
}

// webhookReply responds with a webhook.
func (c *call) webhookReply(status int, hook *webhook) *reply {
	b := make([]byte, 0, roomFor(hook)+halSize)
	return &reply{status: status, body: c.server.renderer.appendWebhook(b, hook, c.hal("webhook"))}
}
