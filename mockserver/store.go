package mockserver

import (
	"errors"
	"iter"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/scenarios"
	"github.com/tidwall/btree"
)

// store holds the applications and webhooks of a world. What it hands out is
// never changed: a change puts a new record in place of the old one, so that
// nobody holds the lock while writing to a client.
type store struct {
	mu           sync.RWMutex
	applications map[objectID]*application
	webhooks     map[objectID]*webhook
	tokens       map[string]*webhook
	list         collection[*application]

	called callLog
}

// application is a record of the store.
type application struct {
	scenarios.Application
	id        objectID
	lowerName string
	*holdings
}

// holdings are what belongs to an application, whichever its record is.
type holdings struct {
	webhooks collection[*webhook]
	changes  atomic.Uint64 // of its webhooks; counted under the store's lock
	lists    listCache     // answers that hold until the next change
	latest   atomic.Pointer[application]
}

// webhook is a record of the store, every property settled.
type webhook struct {
	scenarios.Webhook
	id          objectID
	application *application // as it was; latest has it as it is
	lowerName   string
}

// What a store can't take in or find.
var (
	errIDTaken       = errors.New("the id is taken")
	errTokenTaken    = errors.New("the token is taken")
	errNoApplication = errors.New("there is no such application")
)

func newStore() *store {
	return &store{
		applications: map[objectID]*application{},
		webhooks:     map[objectID]*webhook{},
		tokens:       map[string]*webhook{},
		list: newCollection(map[string]ordering[*application]{
			"name":         byText(func(a *application) string { return a.Name }, (*application).key),
			lowerNameOrder: byText(func(a *application) string { return a.lowerName }, (*application).key),
			"id":           byID((*application).key),
			"creationDate": byTime(func(a *application) time.Time { return a.CreationDate }, (*application).key),
			"ownerId":      byText(func(a *application) string { return a.OwnerID }, (*application).key),
			"lastUpdated":  byTime(func(a *application) time.Time { return a.LastUpdated }, (*application).key),
		}),
	}
}

func (a *application) key() objectID { return a.id }
func (w *webhook) key() objectID     { return w.id }

// newApplication makes a record of a settled application.
func newApplication(a scenarios.Application) *application {
	a.Webhooks, a.Generate = nil, nil
	return (&holdings{
		webhooks: newCollection(map[string]ordering[*webhook]{
			"name":         byText(func(w *webhook) string { return w.Name }, (*webhook).key),
			lowerNameOrder: byText(func(w *webhook) string { return w.lowerName }, (*webhook).key),
			"id":           byID((*webhook).key),
			"creationDate": byTime(func(w *webhook) time.Time { return w.CreationDate }, (*webhook).key),
			"lastUpdated":  byTime(func(w *webhook) time.Time { return w.LastUpdated }, (*webhook).key),
		}),
	}).of(a)
}

// of makes the record of an application that has these holdings.
func (h *holdings) of(a scenarios.Application) *application {
	record := &application{Application: a, id: parseID(a.ID), lowerName: strings.ToLower(a.Name), holdings: h}
	h.latest.Store(record)
	return record
}

func (s *store) addApplication(a *application) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.applications[a.id] != nil || s.webhooks[a.id] != nil {
		return errIDTaken
	}
	s.applications[a.id] = a
	s.list.add(a)
	return nil
}

// changeApplication puts another record in place of an application; nil when
// there is none.
func (s *store) changeApplication(id objectID, change func(*application) scenarios.Application) *application {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.applications[id]
	if was == nil {
		return nil
	}
	s.list.remove(was)
	is := was.of(change(was))
	s.applications[id] = is
	s.list.add(is)
	return is
}

// addWebhook takes in a record whose application is in the store.
func (s *store) addWebhook(w *webhook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.note(w); err != nil {
		return err
	}
	w.application.webhooks.add(w)
	w.application.changes.Add(1)
	return nil
}

// expect makes room for so many webhooks more.
func (s *store) expect(count int) {
	const worthIt = 1000
	if count < worthIt {
		return
	}
	webhooks, tokens := make(map[objectID]*webhook, len(s.webhooks)+count), make(map[string]*webhook, len(s.tokens)+count)
	maps.Copy(webhooks, s.webhooks)
	maps.Copy(tokens, s.tokens)
	s.webhooks, s.tokens = webhooks, tokens
}

// note takes in a record but for the lists of its application. The lock must
// be held, or the store be nobody else's yet.
func (s *store) note(w *webhook) error {
	switch {
	case s.webhooks[w.id] != nil || s.applications[w.id] != nil:
		return errIDTaken
	case s.tokens[w.Token] != nil:
		return errTokenTaken
	}
	s.webhooks[w.id] = w
	s.tokens[w.Token] = w
	return nil
}

// application finds an application; nil when there is none.
func (s *store) application(id objectID) *application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.applications[id]
}

// webhook finds a webhook of an application; nil when there is none.
func (s *store) webhook(applicationID, id objectID) *webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.find(applicationID, id)
}

// webhookAnywhere finds a webhook whichever application it is in; nil when there
// is none.
func (s *store) webhookAnywhere(id objectID) *webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.webhooks[id]
}

// webhookOf finds the webhook of a token; nil when there is none.
func (s *store) webhookOf(token string) *webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.tokens[token]
}

func (s *store) find(applicationID, id objectID) *webhook {
	if w := s.webhooks[id]; w != nil && w.application.id == applicationID {
		return w
	}
	return nil
}

// change puts another record in place of a webhook: the one that change makes
// of it, unless it gives nil. It tells which record is there afterwards, nil
// when there is no such webhook.
func (s *store) change(applicationID, id objectID, change func(*webhook) *webhook) *webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.find(applicationID, id)
	if was == nil {
		return nil
	}
	is := change(was)
	if is == nil {
		return was
	}
	s.webhooks[id] = is
	s.tokens[is.Token] = is
	was.application.webhooks.remove(was)
	was.application.webhooks.add(is)
	was.application.changes.Add(1)
	return is
}

// deleteWebhook tells whether there was such a webhook.
func (s *store) deleteWebhook(applicationID, id objectID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.find(applicationID, id)
	if w == nil {
		return false
	}
	delete(s.webhooks, id)
	delete(s.tokens, w.Token)
	s.called.forget(w.id)
	w.application.webhooks.remove(w)
	w.application.changes.Add(1)
	return true
}

// allWebhooks gives every webhook there is now, by the names of applications
// and of webhooks. The lock is not held while they are looked at.
func (s *store) allWebhooks() iter.Seq[*webhook] {
	s.mu.Lock()
	var lists []*btree.BTreeG[*webhook]
	s.list.snapshot("name").Scan(func(a *application) bool {
		lists = append(lists, a.webhooks.snapshot("name"))
		return true
	})
	s.mu.Unlock()
	return func(yield func(*webhook) bool) {
		for _, list := range lists {
			goOn := true
			list.Scan(func(w *webhook) bool {
				goOn = yield(w)
				return goOn
			})
			if !goOn {
				return
			}
		}
	}
}

// webhookCount is how many webhooks an application has.
func (s *store) webhookCount(a *application) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return a.webhooks.len()
}
