package state

import (
	"errors"
	"iter"
	"maps"
	"slices"
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
	// mu is taken by the methods of the store and by nobody else. Whoever holds
	// several locks has taken them in this order: sandboxes, store, holds,
	// journal, ids.
	mu           sync.RWMutex
	applications map[ID]*Application
	webhooks     map[ID]*Webhook
	tokens       map[string]*Webhook
	list         collection[*Application]
}

// Application is a record of the store.
type Application struct {
	scenarios.Application
	Key       ID
	lowerName string
	*Holdings
}

// Holdings are what belongs to an application, whichever its record is.
type Holdings struct {
	Application ID
	webhooks    collection[*Webhook]
	Changes     atomic.Uint64 // of its webhooks; counted under the store's lock
	Lists       listCache     // responses that hold until the next change
}

// Webhook is a record of the store. It has every default.
type Webhook struct {
	scenarios.Webhook      // but for Enabled, which is nil
	IsEnabled         bool // in its place: nothing that is shared is a pointer
	Key               ID
	Home              *Holdings // of its application
	lowerName         string
	turn              *atomic.Uint64 // counts the Replies that were sent; nil without any
}

// What a store can't take in or find.
var (
	errIDTaken       = errors.New("the id is taken")
	errTokenTaken    = errors.New("the token is taken")
	ErrNoApplication = errors.New("there is no such application")
)

func newStore() *store {
	return &store{
		applications: map[ID]*Application{},
		webhooks:     map[ID]*Webhook{},
		tokens:       map[string]*Webhook{},
		list: newCollection(map[string]ordering[*Application]{
			"name":         byText(func(a *Application) string { return a.Name }, (*Application).order),
			lowerNameOrder: byText(func(a *Application) string { return a.lowerName }, (*Application).order),
			"id":           byID((*Application).order),
			"creationDate": byTime(func(a *Application) time.Time { return a.CreationDate }, (*Application).order),
			"ownerId":      byText(func(a *Application) string { return a.OwnerID }, (*Application).order),
			"lastUpdated":  byTime(func(a *Application) time.Time { return a.LastUpdated }, (*Application).order),
		}),
	}
}

func (a *Application) order() ID { return a.Key }
func (w *Webhook) order() ID     { return w.Key }

// newApplication makes a record of an application that has all its defaults.
func newApplication(a scenarios.Application) *Application {
	a.Webhooks, a.Generate = nil, nil
	return (&Holdings{
		Application: ParseID(a.ID),
		webhooks: newCollection(map[string]ordering[*Webhook]{
			"name":         byText(func(w *Webhook) string { return w.Name }, (*Webhook).order),
			lowerNameOrder: byText(func(w *Webhook) string { return w.lowerName }, (*Webhook).order),
			"id":           byID((*Webhook).order),
			"creationDate": byTime(func(w *Webhook) time.Time { return w.CreationDate }, (*Webhook).order),
			"lastUpdated":  byTime(func(w *Webhook) time.Time { return w.LastUpdated }, (*Webhook).order),
		}),
	}).of(a)
}

// of makes the record of an application that has these holdings.
func (h *Holdings) of(a scenarios.Application) *Application {
	return &Application{Application: a, Key: h.Application, lowerName: strings.ToLower(a.Name), Holdings: h}
}

func (s *store) addApplication(a *Application) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.applications[a.Key] != nil || s.webhooks[a.Key] != nil {
		return errIDTaken
	}
	s.applications[a.Key] = a
	s.list.add(a)
	return nil
}

// ChangeApplication puts another record in place of an application; nil when
// there is none.
func (s *store) ChangeApplication(id ID, change func(*Application) scenarios.Application) *Application {
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
func (s *store) addWebhook(w *Webhook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.index(w); err != nil {
		return err
	}
	w.Home.webhooks.add(w)
	w.Home.Changes.Add(1)
	return nil
}

// expect makes room for so many webhooks more.
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

// seedWebhook is addWebhook but for the lists of the application, which
// listSeeded makes afterwards of all its webhooks at once.
func (s *store) seedWebhook(w *Webhook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.index(w)
}

func (s *store) listSeeded(home *Holdings, webhooks []*Webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	home.webhooks.load(webhooks)
}

// index makes a webhook known by its id and its token. The lock must be held.
func (s *store) index(w *Webhook) error {
	switch {
	case s.webhooks[w.Key] != nil || s.applications[w.Key] != nil:
		return errIDTaken
	case s.tokens[w.Token] != nil:
		return errTokenTaken
	}
	s.webhooks[w.Key] = w
	s.tokens[w.Token] = w
	return nil
}

// Application finds an application; nil when there is none.
func (s *store) Application(id ID) *Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.applications[id]
}

// Webhook finds a webhook of an application; nil when there is none.
func (s *store) Webhook(applicationID, id ID) *Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.find(applicationID, id)
}

// WebhookAnywhere finds a webhook whichever application it is in; nil when there
// is none.
func (s *store) WebhookAnywhere(id ID) *Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.webhooks[id]
}

// WebhookByToken finds the webhook of a token; nil when there is none.
func (s *store) WebhookByToken(token string) *Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.tokens[token]
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

// firstApplication finds the first application in the order of names; nil when
// there is none.
func (s *store) firstApplication() *Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.list.page("name", false, 0, 1) {
		return a
	}
	return nil
}

// AllApplications returns every application in the order of a sortField.
func (s *store) AllApplications(sortField string) []*Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list.page(sortField, false, 0, s.list.len())
}

// ListApplications returns a page of the applications, and how many there are
// in all.
func (s *store) ListApplications(l Listing) ([]*Application, int) {
	return list(&s.mu, s.list, l, func(a *Application) string { return a.lowerName },
		func(name string) *Application { return &Application{lowerName: name} })
}

// ListWebhooks returns a page of the webhooks of an application, and how many
// there are in all.
func (s *store) ListWebhooks(home *Holdings, l Listing) ([]*Webhook, int) {
	return list(&s.mu, home.webhooks, l, func(w *Webhook) string { return w.lowerName },
		func(name string) *Webhook { return &Webhook{lowerName: name} })
}

func (s *store) find(applicationID, id ID) *Webhook {
	if w := s.webhooks[id]; w != nil && w.Home.Application == applicationID {
		return w
	}
	return nil
}

// ChangeWebhook puts another record in place of a webhook: the one that change makes
// of it, unless it gives nil. It tells which record is there afterwards, nil
// when there is no such webhook.
func (s *store) ChangeWebhook(applicationID, id ID, change func(*Webhook) *Webhook) *Webhook {
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
	was.Home.webhooks.remove(was)
	was.Home.webhooks.add(is)
	was.Home.Changes.Add(1)
	return is
}

// DeleteWebhook tells whether there was such a webhook.
func (s *store) DeleteWebhook(applicationID, id ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.find(applicationID, id)
	if w == nil {
		return false
	}
	delete(s.webhooks, id)
	delete(s.tokens, w.Token)
	w.Home.webhooks.remove(w)
	w.Home.Changes.Add(1)
	return true
}

// AllWebhooks returns every webhook there is now, by the names of applications
// and of webhooks. The lock is not held while they are looked at.
func (s *store) AllWebhooks() iter.Seq[*Webhook] {
	s.mu.Lock()
	var lists []*btree.BTreeG[*Webhook]
	s.list.snapshot("name").Scan(func(a *Application) bool {
		lists = append(lists, a.webhooks.snapshot("name"))
		return true
	})
	s.mu.Unlock()
	return func(yield func(*Webhook) bool) {
		for _, list := range lists {
			goOn := true
			list.Scan(func(w *Webhook) bool {
				goOn = yield(w)
				return goOn
			})
			if !goOn {
				return
			}
		}
	}
}

// WebhookCount is how many webhooks an application has.
func (s *store) WebhookCount(a *Application) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return a.webhooks.len()
}

// everything is every application with its webhooks, by their ids.
func (s *store) everything() []scenarios.Application {
	byID := map[ID]*scenarios.Application{}
	var order []ID
	for _, a := range s.AllApplications("id") {
		byID[a.Key] = new(a.Application)
		order = append(order, a.Key)
	}
	for h := range s.AllWebhooks() {
		if a := byID[h.Home.Application]; a != nil { // it may have come since
			written := h.Copy()
			written.ApplicationID = "" // it stands in it
			a.Webhooks = append(a.Webhooks, written)
		}
	}
	list := make([]scenarios.Application, len(order))
	for i, id := range order {
		a := byID[id]
		slices.SortFunc(a.Webhooks, func(v, w scenarios.Webhook) int { return strings.Compare(v.ID, w.ID) })
		list[i] = *a
	}
	return list
}
