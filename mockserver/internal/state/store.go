package state

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
	"github.com/losantmock/losantmock/scenarios"
)

// store holds the applications and webhooks of a world. A record that it
// returns never changes: a change replaces the record, so that the lock is not
// held while a response is written to a client.
type store struct {
	mu           sync.RWMutex // taken by the methods of the store alone
	applications map[ID]*Application
	webhooks     map[ID]*Webhook
	tokens       map[string]*Webhook
	list         sorted.Collection[*Application]
	room         *limit.Reservation // for what is added; nil while the scenario is
	revision     atomic.Uint64
}

// The errors of adding to a store, and of looking something up.
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
		list: sorted.New(map[string]sorted.Order[*Application]{
			"name":         sorted.ByText(func(a *Application) string { return a.Name }, compareApplications),
			lowerNameOrder: sorted.ByText(func(a *Application) string { return a.lowerName }, compareApplications),
			"id":           {Compare: compareApplications},
			"creationDate": sorted.ByTime(func(a *Application) time.Time { return a.CreationDate }, compareApplications),
			"ownerId":      sorted.ByText(func(a *Application) string { return a.OwnerID }, compareApplications),
			"lastUpdated":  sorted.ByTime(func(a *Application) time.Time { return a.LastUpdated }, compareApplications),
		}),
	}
}

// Revision rises with every change of the applications and webhooks.
func (s *store) Revision() uint64 { return s.revision.Load() }

// addApplication adds a record whose id no application or webhook has.
func (s *store) addApplication(a *Application) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.applications[a.Key] != nil || s.webhooks[a.Key] != nil {
		return errIDTaken
	}
	if a.counted, err = s.count(a.size(), 0); err != nil {
		return err
	}
	s.applications[a.Key] = a
	s.list.Add(a)
	s.revision.Add(1)
	return nil
}

// ChangeApplication replaces an application's record, and returns the new one;
// nil if there is no such application. The error is ErrNoRoom.
func (s *store) ChangeApplication(id ID, change func(*Application) scenarios.Application) (after *Application, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.applications[id]
	if before == nil {
		return nil, nil
	}
	after = before.of(change(before))
	if after.counted, err = s.count(after.size(), before.counted); err != nil {
		return nil, err
	}
	s.list.Remove(before)
	s.applications[id] = after
	s.list.Add(after)
	s.revision.Add(1)
	return after, nil
}

// deleteApplication deletes an application with its webhooks, and reports whether
// there was one.
func (s *store) deleteApplication(id ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.applications[id]
	if a == nil {
		return false
	}
	for _, hook := range a.webhooks.Page("id", false, 0, a.webhooks.Len()) {
		delete(s.webhooks, hook.Key)
		delete(s.tokens, hook.Token)
		s.room.Return(hook.counted)
	}
	delete(s.applications, id)
	s.room.Return(a.counted)
	s.list.Remove(a)
	s.revision.Add(1)
	return true
}

// Application returns the application of an id; nil if there is none.
func (s *store) Application(id ID) *Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.applications[id]
}

// Named returns the application of an id, and the webhook of an id in it; nil for
// what there is not.
func (s *store) Named(applicationID, webhookID ID) (*Application, *Webhook) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.applications[applicationID], s.find(applicationID, webhookID)
}

// firstApplication returns the first application in the order of names; nil if
// there is none.
func (s *store) firstApplication() *Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.list.Page("name", false, 0, 1) {
		return a
	}
	return nil
}

// AllApplications returns every application in the order of a sortField.
func (s *store) AllApplications(sortField string) []*Application {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list.Page(sortField, false, 0, s.list.Len())
}

// ListApplications returns a page of the applications, and how many match in
// all.
func (s *store) ListApplications(l Listing) ([]*Application, int) {
	return list(&s.mu, s.list, l, l.hasOwner, func(a *Application) string { return a.lowerName },
		func(name string) *Application { return &Application{lowerName: name} })
}

// everything returns every application with its webhooks, sorted by id.
func (s *store) everything() []scenarios.Application {
	byID := map[ID]*scenarios.Application{}
	var order []ID
	for _, a := range s.AllApplications("id") {
		byID[a.Key] = new(a.Application)
		order = append(order, a.Key)
	}
	for hook := range s.AllWebhooks() {
		if a := byID[hook.Home.Application]; a != nil { // the application may be newer than byID
			copied := hook.Copy()
			copied.ApplicationID = "" // it is inside its application
			a.Webhooks = append(a.Webhooks, copied)
		}
	}
	list := make([]scenarios.Application, len(order))
	for i, id := range order {
		a := byID[id]
		slices.SortFunc(a.Webhooks, func(x, y scenarios.Webhook) int { return strings.Compare(x.ID, y.ID) })
		list[i] = *a
	}
	return list
}
