package state

import (
	"strings"
	"sync/atomic"

	"github.com/losantmock/losantmock/scenarios"
)

// newWebhook makes a record of a webhook that has all its defaults.
func newWebhook(hook scenarios.Webhook, home *Holdings) *Webhook {
	record := &Webhook{
		Webhook: hook, IsEnabled: hook.Enabled == nil || *hook.Enabled,
		Key: ParseID(hook.ID), Home: home, lowerName: strings.ToLower(hook.Name),
	}
	record.Enabled = nil
	if len(hook.Replies) > 0 {
		record.turn = new(atomic.Uint64)
	}
	return record
}

// Changed makes the record that takes the place of this one.
func (w *Webhook) Changed(hook scenarios.Webhook) *Webhook {
	record := newWebhook(hook, w.Home)
	record.turn = w.turn
	return record
}

// Copy returns the webhook for those outside the store. It shares nothing with
// the record.
func (w *Webhook) Copy() scenarios.Webhook {
	hook := w.Webhook.Clone()
	hook.Enabled = new(w.IsEnabled)
	return hook
}

// NextReply returns the reply whose turn it is, of those that are sent in
// turn.
func (w *Webhook) NextReply() scenarios.Reply {
	return w.Replies[(w.turn.Add(1)-1)%uint64(len(w.Replies))]
}
