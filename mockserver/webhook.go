package mockserver

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// getWebhook answers webhook.get.
func (c *call) getWebhook() *reply {
	w := c.world.store.webhook(c.applicationID(), c.webhookID())
	if w == nil {
		return notFound("Webhook")
	}
	return c.webhookReply(http.StatusOK, w)
}

// patchWebhook answers webhook.patch: it changes what is sent, and nothing
// else but lastUpdated.
func (c *call) patchWebhook() *reply {
	var refusal *reply
	w := c.world.store.change(c.applicationID(), c.webhookID(), func(was *webhook) *webhook {
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
	if !c.world.store.deleteWebhook(c.applicationID(), c.webhookID()) {
		return notFound("Webhook")
	}
	return &reply{status: http.StatusOK, body: success}
}

// webhookReply responds with a webhook.
func (c *call) webhookReply(status int, hook *webhook) *reply {
	b := make([]byte, 0, roomFor(hook)+halSize)
	return &reply{status: status, body: c.world.renderer.appendWebhook(b, hook, c.hal("webhook"))}
}

// newWebhook makes a record of a webhook that has all its defaults.
func newWebhook(hook scenarios.Webhook, home *holdings) *webhook {
	record := &webhook{
		Webhook: hook, enabled: hook.Enabled == nil || *hook.Enabled,
		id: parseID(hook.ID), home: home, lowerName: strings.ToLower(hook.Name),
	}
	record.Enabled = nil
	if len(hook.Replies) > 0 {
		record.turn = new(atomic.Uint64)
	}
	return record
}

// changed makes the record that takes the place of this one.
func (w *webhook) changed(hook scenarios.Webhook) *webhook {
	record := newWebhook(hook, w.home)
	record.turn = w.turn
	return record
}

// copy returns the webhook for those outside the store. It shares nothing with
// the record.
func (w *webhook) copy() scenarios.Webhook {
	hook := w.Webhook.Clone()
	hook.Enabled = new(w.enabled)
	return hook
}

// nextReply returns the reply whose turn it is, of those that are sent in
// turn.
func (w *webhook) nextReply() Reply {
	return w.Replies[(w.turn.Add(1)-1)%uint64(len(w.Replies))]
}
