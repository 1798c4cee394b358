package state

import (
	"iter"
	"maps"

	"github.com/tidwall/btree"
)

// addWebhook adds a record. It fails if its application was deleted.
func (s *store) addWebhook(hook *Webhook) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.applications[hook.Home.Application] == nil {
		return ErrNoApplication
	}
	if err := s.taken(hook); err != nil {
		return err
	}
	if hook.counted, err = s.count(hook.size(), 0); err != nil {
		return err
	}
	s.index(hook)
	hook.Home.webhooks.Add(hook)
	hook.Home.Changes.Add(1)
	s.revision.Add(1)
	return nil
}

// expect makes room for so many more webhooks.
func (s *store) expect(count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const worthIt = 1000
	if count < worthIt {
		return
	}
	webhooks, tokens := make(map[ID]*Webhook, len(s.webhooks)+count), make(map[string]*Webhook, len(s.tokens)+count)
	maps.Copy(webhooks, s.webhooks)
	maps.Copy(tokens, s.tokens)
	s.webhooks, s.tokens = webhooks, tokens
}

// seedWebhook adds a record as addWebhook does, but not to the lists of its
// application: listSeeded then builds those from all webhooks at once.
func (s *store) seedWebhook(hook *Webhook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.taken(hook)
	if err == nil {
		s.index(hook)
	}
	return err
}

func (s *store) listSeeded(home *Holdings, webhooks []*Webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	home.webhooks.Load(webhooks)
}

// taken returns an error if the id or the token of a new webhook is taken. The lock
// must be held.
func (s *store) taken(hook *Webhook) error {
	switch {
	case s.webhooks[hook.Key] != nil || s.applications[hook.Key] != nil:
		return errIDTaken
	case s.tokens[hook.Token] != nil:
		return errTokenTaken
	default:
		return nil
	}
}

// index adds a webhook to the maps of ids and tokens. The lock must be held.
func (s *store) index(hook *Webhook) {
	s.webhooks[hook.Key] = hook
	s.tokens[hook.Token] = hook
}

// Webhook returns a webhook of an application; nil if there is none.
func (s *store) Webhook(applicationID, id ID) *Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.find(applicationID, id)
}

// find is Webhook for a caller that holds the lock.
func (s *store) find(applicationID, id ID) *Webhook {
	if hook := s.webhooks[id]; hook != nil && hook.Home.Application == applicationID {
		return hook
	}
	return nil
}

// WebhookAnywhere returns the webhook of an id in any application; nil if there
// is none.
func (s *store) WebhookAnywhere(id ID) *Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.webhooks[id]
}

// WebhookByToken returns the webhook of a token; nil if there is none.
func (s *store) WebhookByToken(token string) *Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.tokens[token]
}

// Called returns the webhook of a token and its application, also if the webhook
// is disabled; nil if there is none.
func (s *store) Called(token string) (hook *Webhook, of *Application) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if hook = s.tokens[token]; hook == nil {
		return nil, nil
	}
	return hook, s.applications[hook.Home.Application]
}

// Call runs a function with the webhook of a token and its application as they
// are now, and reports whether there is such a webhook and it is enabled. The
// webhook is neither deleted nor changed before the function has returned.
func (s *store) Call(token string, do func(hook *Webhook, of *Application)) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	hook := s.tokens[token]
	if hook == nil || !hook.IsEnabled {
		return false
	}
	do(hook, s.applications[hook.Home.Application])
	return true
}

// ListWebhooks returns a page of the webhooks of an application, and how many
// match in all.
func (s *store) ListWebhooks(home *Holdings, l Listing) ([]*Webhook, int) {
	return list(&s.mu, home.webhooks, l, nil, func(hook *Webhook) string { return hook.lowerName },
		func(name string) *Webhook { return &Webhook{lowerName: name} })
}

// ChangeWebhook replaces a webhook's record by the one that change returns; nil
// leaves it as it is. It returns the record that is then in the store; nil if
// there is no such webhook. The error is ErrNoRoom.
func (s *store) ChangeWebhook(applicationID, id ID, change func(*Webhook) *Webhook) (after *Webhook, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.find(applicationID, id)
	if before == nil {
		return nil, nil
	}
	if after = change(before); after == nil {
		return before, nil
	}
	if after.counted, err = s.count(after.size(), before.counted); err != nil {
		return nil, err
	}
	s.index(after)
	before.Home.webhooks.Remove(before)
	before.Home.webhooks.Add(after)
	before.Home.Changes.Add(1)
	s.revision.Add(1)
	return after, nil
}

// DeleteWebhook deletes a webhook, and reports whether there was one.
func (s *store) DeleteWebhook(applicationID, id ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	hook := s.find(applicationID, id)
	if hook == nil {
		return false
	}
	delete(s.webhooks, id)
	delete(s.tokens, hook.Token)
	s.room.Return(hook.counted)
	hook.Home.webhooks.Remove(hook)
	hook.Home.Changes.Add(1)
	s.revision.Add(1)
	return true
}

// AllWebhooks returns every webhook that there is now, sorted by the names of
// applications and then of webhooks. The lock is not held during the iteration.
func (s *store) AllWebhooks() iter.Seq[*Webhook] {
	s.mu.Lock()
	var lists []*btree.BTreeG[*Webhook]
	s.list.Snapshot("name").Scan(func(a *Application) bool {
		lists = append(lists, a.webhooks.Snapshot("name"))
		return true
	})
	s.mu.Unlock()
	return func(yield func(*Webhook) bool) {
		for _, list := range lists {
			wanted := true
			list.Scan(func(hook *Webhook) bool {
				wanted = yield(hook)
				return wanted
			})
			if !wanted {
				return
			}
		}
	}
}

// CountWebhooks returns how many webhooks all applications have.
func (s *store) CountWebhooks() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.webhooks)
}

// WebhookCount returns how many webhooks an application has.
func (s *store) WebhookCount(a *Application) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return a.webhooks.Len()
}
