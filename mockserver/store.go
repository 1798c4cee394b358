package mockserver

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
	applications map[objectID]*application
	webhooks     map[objectID]*webhook
	tokens       map[string]*webhook
	list         collection[*application]
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
	application objectID
	webhooks    collection[*webhook]
	changes     atomic.Uint64 // of its webhooks; counted under the store's lock
	lists       listCache     // responses that hold until the next change
}

// webhook is a record of the store. It has every default.
type webhook struct {
	scenarios.Webhook      // but for Enabled, which is nil
	enabled           bool // in its place: nothing that is shared is a pointer
	id                objectID
	home              *holdings // of its application
	lowerName         string
	turn              *atomic.Uint64 // counts the Replies that were sent; nil without any
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

// newApplication makes a record of an application that has all its defaults.
func newApplication(a scenarios.Application) *application {
	a.Webhooks, a.Generate = nil, nil
	return (&holdings{
		application: parseID(a.ID),
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
	return &application{Application: a, id: h.application, lowerName: strings.ToLower(a.Name), holdings: h}
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
	if err := s.index(w); err != nil {
		return err
	}
	w.home.webhooks.add(w)
	w.home.changes.Add(1)
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
	webhooks, tokens := make(map[objectID]*webhook, len(s.webhooks)+count), make(map[string]*webhook, len(s.tokens)+count)
	maps.Copy(webhooks, s.webhooks)
	maps.Copy(tokens, s.tokens)
	s.webhooks, s.tokens = webhooks, tokens
}

// seedWebhook is addWebhook but for the lists of the application, which
// listSeeded makes afterwards of all its webhooks at once.
func (s *store) seedWebhook(w *webhook) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.index(w)
}

func (s *store) listSeeded(home *holdings, webhooks []*webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	home.webhooks.load(webhooks)
}

// index makes a webhook known by its id and its token. The lock must be held.
func (s *store) index(w *webhook) error {
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

// call runs a function with the webhook of a token and its application as they
// are now, and reports whether there is such a webhook and it is enabled. The
// webhook is neither deleted nor changed before the function has returned.
func (s *store) call(token string, do func(hook *webhook, of *application)) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	hook := s.tokens[token]
	if hook == nil || !hook.enabled {
		return false
	}
	do(hook, s.applications[hook.home.application])
	return true
}

// firstApplication finds the first application in the order of names; nil when
// there is none.
func (s *store) firstApplication() *application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.list.page("name", false, 0, 1) {
		return a
	}
	return nil
}

// allApplications returns every application in the order of a sortField.
func (s *store) allApplications(sortField string) []*application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list.page(sortField, false, 0, s.list.len())
}

// listApplications returns a page of the applications, and how many there are
// in all.
func (s *store) listApplications(l listing) ([]*application, int) {
	return list(&s.mu, s.list, l, func(a *application) string { return a.lowerName },
		func(name string) *application { return &application{lowerName: name} })
}

// listWebhooks returns a page of the webhooks of an application, and how many
// there are in all.
func (s *store) listWebhooks(home *holdings, l listing) ([]*webhook, int) {
	return list(&s.mu, home.webhooks, l, func(w *webhook) string { return w.lowerName },
		func(name string) *webhook { return &webhook{lowerName: name} })
}

func (s *store) find(applicationID, id objectID) *webhook {
	if w := s.webhooks[id]; w != nil && w.home.application == applicationID {
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
	was.home.webhooks.remove(was)
	was.home.webhooks.add(is)
	was.home.changes.Add(1)
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
	w.home.webhooks.remove(w)
	w.home.changes.Add(1)
	return true
}

// allWebhooks returns every webhook there is now, by the names of applications
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

// everything is every application with its webhooks, by their ids.
func (s *store) everything() []scenarios.Application {
	byID := map[objectID]*scenarios.Application{}
	var order []objectID
	for _, a := range s.allApplications("id") {
		byID[a.id] = new(a.Application)
		order = append(order, a.id)
	}
	for h := range s.allWebhooks() {
		if a := byID[h.home.application]; a != nil { // it may have come since
			written := h.copy()
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
