package state

import (
	"strings"
	"sync/atomic"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// Application is a record of the store.
type Application struct {
	scenarios.Application
	Key       ID
	lowerName string
	*Holdings
}

// Holdings are what belongs to an application. A changed application has
// another record, and the same holdings.
type Holdings struct {
	Application ID
	webhooks    collection[*Webhook]
	Changes     atomic.Uint64 // of its webhooks; counted under the store's lock
	Lists       listCache     // responses that are valid until the next change
}

// newApplication returns the record of an application that has all its
// defaults.
func newApplication(a scenarios.Application) *Application {
	a.Webhooks, a.Generate = nil, nil
	return (&Holdings{
		Application: ParseID(a.ID),
		webhooks: newCollection(map[string]ordering[*Webhook]{
			"name":         byText(func(hook *Webhook) string { return hook.Name }, (*Webhook).order),
			lowerNameOrder: byText(func(hook *Webhook) string { return hook.lowerName }, (*Webhook).order),
			"id":           byID((*Webhook).order),
			"creationDate": byTime(func(hook *Webhook) time.Time { return hook.CreationDate }, (*Webhook).order),
			"lastUpdated":  byTime(func(hook *Webhook) time.Time { return hook.LastUpdated }, (*Webhook).order),
		}),
	}).of(a)
}

// of returns the record of an application that has these holdings.
func (h *Holdings) of(a scenarios.Application) *Application {
	return &Application{Application: a, Key: h.Application, lowerName: strings.ToLower(a.Name), Holdings: h}
}

func (a *Application) order() ID { return a.Key }
