package mockserver

import (
	"cmp"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// settleWebhook fills in what was left out: documented defaults, and ids,
// tokens and dates of the world.
func (w *world) settleWebhook(hook scenarios.Webhook, a *application, at time.Time) scenarios.Webhook {
	hook.CreationDate, hook.LastUpdated = settleDates(hook.CreationDate, hook.LastUpdated, at)
	if hook.ID == "" {
		hook.ID = w.pedant.letters(w.ids.id(hook.CreationDate))
	}
	if hook.Token == "" {
		hook.Token = w.ids.token()
	}
	hook.ApplicationID = a.ID
	hook.ResponseCode = cmp.Or(hook.ResponseCode, contract.DefaultResponseCode)
	hook.VerificationType = cmp.Or(hook.VerificationType, contract.DefaultVerificationType)
	hook.CastBuffersAs = cmp.Or(hook.CastBuffersAs, contract.DefaultCastBuffersAs)
	return hook
}

func (w *world) settleApplication(a scenarios.Application, at time.Time) scenarios.Application {
	a.CreationDate, a.LastUpdated = settleDates(a.CreationDate, a.LastUpdated, at)
	if a.ID == "" {
		a.ID = w.pedant.letters(w.ids.id(a.CreationDate))
	}
	a.OwnerID = cmp.Or(a.OwnerID, w.ownerID)
	a.OwnerType = cmp.Or(a.OwnerType, "user")
	return a
}

// settleDates dates a thing that was made at a time, where nobody says
// otherwise, and not changed since.
func settleDates(created, updated, at time.Time) (time.Time, time.Time) {
	if created.IsZero() {
		created = at
	}
	if updated.IsZero() {
		updated = created
	}
	return onWire(created), onWire(updated)
}
