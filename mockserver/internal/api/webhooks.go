package api

import (
	"errors"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/hal"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// listWebhooks responds to webhooks.get.
func (c *Call) listWebhooks() *wire.Response {
	a := c.Server.State.Store.Application(c.applicationID())
	if a == nil {
		return wire.NotFound("Application")
	}
	l := c.listing()
	return kept(a.Holdings, newListKey(l, c.hal("webhooks")), func() []byte {
		page, total := c.Server.State.Store.ListWebhooks(a.Holdings, l)
		size := listFrameSize + len(l.Filter.Text) + hal.Size
		for _, hook := range page {
			size += roomFor(hook) + hal.Size
		}
		added := c.hal("webhook")
		b := appendCollection(make([]byte, 0, size), l, len(page), total, a.ID, func(b []byte) []byte {
			for i, hook := range page {
				if i > 0 {
					b = append(b, ',')
				}
				b = c.Server.renderer.appendWebhook(b, hook, added)
			}
			return b
		})
		return c.hal("webhooks").AppendTo(b, idsOf(a.ID, ""))
	})
}

// kept returns the response that belongs to a key. It is rendered from the webhooks of an
// application, unless that was done since their last change.
func kept(home *state.Holdings, key any, render func() []byte) *wire.Response {
	changes := home.Changes.Load() // before: what is made while they change is not kept
	if known, ok := home.Responses.Find(key, changes).(*wire.Kept); ok {
		return known.Response()
	}
	made := &wire.Kept{Body: render()}
	home.Responses.Keep(key, changes, made, 2*len(made.Body)) // with its compressed form
	return made.Response()
}

// createWebhook responds to webhooks.post.
func (c *Call) createWebhook() *wire.Response {
	a := c.Server.State.Store.Application(c.applicationID())
	if a == nil {
		return wire.NotFound("Application")
	}
	var wanted scenarios.Webhook
	webhookProperties.apply(&wanted, c.fields())
	hook, err := c.Server.State.AddWebhook(wanted, a, c.At)
	switch {
	case errors.Is(err, state.ErrNoApplication): // it was deleted meanwhile
		return wire.NotFound("Application")
	case err != nil:
		return wire.LimitReached(err)
	}
	return c.webhookReply(http.StatusCreated, hook)
}

// getWebhook responds to webhook.get.
func (c *Call) getWebhook() *wire.Response {
	hook := c.Server.State.Store.Webhook(c.applicationID(), c.webhookID())
	if hook == nil {
		return wire.NotFound("Webhook")
	}
	return kept(hook.Home, webhookKey{hook, c.hal("webhook")}, func() []byte { return c.rendered(hook) })
}

// webhookKey is everything that the response of a webhook depends on.
type webhookKey struct {
	hook  *state.Webhook
	added hal.HAL
}

// patchWebhook responds to webhook.patch. It changes the properties that are
// sent, and lastUpdated.
func (c *Call) patchWebhook() *wire.Response {
	var refusal *wire.Response
	hook, err := c.Server.State.Store.ChangeWebhook(c.applicationID(), c.webhookID(), func(was *state.Webhook) *state.Webhook {
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
	case err != nil:
		return wire.LimitReached(err)
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
	return &wire.Response{Status: status, Body: c.rendered(hook)}
}

// rendered returns a webhook as JSON.
func (c *Call) rendered(hook *state.Webhook) []byte {
	return c.Server.renderer.appendWebhook(make([]byte, 0, roomFor(hook)+hal.Size), hook, c.hal("webhook"))
}
