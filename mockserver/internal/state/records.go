package state

import (
	"cmp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/sorted"
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
	counted           int64          // in the memory budget; 0 for one of the scenario
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

func compareWebhooks(a, b *Webhook) int { return compareIDs(a.Key, b.Key) }

// Changed returns the record that replaces this one in the store.
func (hook *Webhook) Changed(changed scenarios.Webhook) *Webhook {
	record := newWebhook(changed, hook.Home)
	record.turn = hook.turn
	return record
}

// Copy returns the webhook for use outside the store. It shares nothing with
// the record.
func (hook *Webhook) Copy() scenarios.Webhook {
	copied := hook.Clone()
	copied.Enabled = new(hook.IsEnabled)
	return copied
}

// NextReply returns the next of the Replies, which are sent in turn.
func (hook *Webhook) NextReply() scenarios.Reply {
	return hook.Replies[(hook.turn.Add(1)-1)%uint64(len(hook.Replies))]
}

// The types of the owners of applications.
const (
	OwnedByOrganization = "organization"
	ownedByUser         = "user"
)

// Application is a record of the store.
type Application struct {
	scenarios.Application
	Key       ID
	lowerName string
	counted   int64 // in the memory budget; 0 for one of the scenario
	*Holdings
}

// Holdings are what belongs to an application. A changed application has
// another record, and the same holdings.
type Holdings struct {
	Application ID
	webhooks    sorted.Collection[*Webhook]
	Changes     atomic.Uint64 // of its webhooks; counted under the store's lock
	Responses   responseCache // that are valid until the next change
}

// newApplication returns the record of an application that has all its
// defaults.
func newApplication(a scenarios.Application) *Application {
	a.Webhooks, a.Generate, a.Resources = nil, nil, nil
	return (&Holdings{
		Application: ParseID(a.ID),
		webhooks: sorted.New(map[string]sorted.Order[*Webhook]{
			"name":         sorted.ByText(func(hook *Webhook) string { return hook.Name }, compareWebhooks),
			lowerNameOrder: sorted.ByText(func(hook *Webhook) string { return hook.lowerName }, compareWebhooks),
			"id":           {Compare: compareWebhooks},
			"creationDate": sorted.ByTime(func(hook *Webhook) time.Time { return hook.CreationDate }, compareWebhooks),
			"lastUpdated":  sorted.ByTime(func(hook *Webhook) time.Time { return hook.LastUpdated }, compareWebhooks),
		}),
	}).of(a)
}

// of returns the record of an application that has these holdings.
func (h *Holdings) of(a scenarios.Application) *Application {
	return &Application{Application: a, Key: h.Application, lowerName: strings.ToLower(a.Name), Holdings: h}
}

func compareApplications(a, b *Application) int { return compareIDs(a.Key, b.Key) }

// completeWebhook returns a webhook with everything that it lacks: the
// documented defaults, and an id, a token and dates of the world.
func (s *State) completeWebhook(hook scenarios.Webhook, a *Application, at time.Time) scenarios.Webhook {
	hook.CreationDate, hook.LastUpdated = defaultDates(hook.CreationDate, hook.LastUpdated, at)
	if hook.ID == "" {
		hook.ID = s.NewID(hook.CreationDate)
	}
	if hook.Token == "" {
		hook.Token = s.NewToken()
	}
	hook.ApplicationID = a.ID
	hook.ResponseCode = cmp.Or(hook.ResponseCode, contract.DefaultResponseCode)
	hook.VerificationType = cmp.Or(hook.VerificationType, contract.DefaultVerificationType)
	hook.CastBuffersAs = cmp.Or(hook.CastBuffersAs, contract.DefaultCastBuffersAs)
	return hook
}

// completeApplication returns an application with everything that it lacks.
func (s *State) completeApplication(a scenarios.Application, at time.Time) scenarios.Application {
	a.CreationDate, a.LastUpdated = defaultDates(a.CreationDate, a.LastUpdated, at)
	if a.ID == "" {
		a.ID = s.NewID(a.CreationDate)
	}
	a.OwnerID = cmp.Or(a.OwnerID, s.ownerID)
	a.OwnerType = cmp.Or(a.OwnerType, ownedByUser)
	return a
}

// defaultDates returns the dates of a thing. By default it was created at a
// time, and has not been updated since.
func defaultDates(created, updated, at time.Time) (time.Time, time.Time) {
	if created.IsZero() {
		created = at
	}
	if updated.IsZero() {
		updated = created
	}
	return onWire(created), onWire(updated)
}
