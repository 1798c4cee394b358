package mockserver

import (
	"strings"
	"sync/atomic"

	"github.com/losantmock/losantmock/scenarios"
)

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
func (w *webhook) nextReply() scenarios.Reply {
	return w.Replies[(w.turn.Add(1)-1)%uint64(len(w.Replies))]
}
