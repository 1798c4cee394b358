package state

import (
	"strings"
	"sync/atomic"

	"github.com/losantmock/losantmock/scenarios"
)

// Webhook is a record of the store, with every default filled in.
type Webhook struct {
	scenarios.Webhook      // without Enabled, which is nil
	IsEnabled         bool // replaces Enabled: a record shares no pointer to a value
	Key               ID
	Home              *Holdings // of its application
	lowerName         string
	turn              *atomic.Uint64 // counts the Replies that were sent; nil for a webhook without Replies
}

// newWebhook returns the record of a webhook that has all its defaults.
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

func (hook *Webhook) order() ID { return hook.Key }

// Changed returns the record that replaces this one in the store.
func (hook *Webhook) Changed(changed scenarios.Webhook) *Webhook {
	record := newWebhook(changed, hook.Home)
	record.turn = hook.turn
	return record
}

// Copy returns the webhook for use outside the store. It shares nothing with
// the record.
func (hook *Webhook) Copy() scenarios.Webhook {
	copied := hook.Webhook.Clone()
	copied.Enabled = new(hook.IsEnabled)
	return copied
}

// NextReply returns the next of the Replies, which are sent in turn.
func (hook *Webhook) NextReply() scenarios.Reply {
	return hook.Replies[(hook.turn.Add(1)-1)%uint64(len(hook.Replies))]
}
