package mockserver

import (
	"cmp"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// Both values that a pointer to a switch can have, shared by all records.
var yes, no = new(true), new(false)

func pointer(b bool) *bool {
	if b {
		return yes
	}
	return no
}

// settleWebhook fills in what was left out: documented defaults, and ids,
// tokens and dates of the world.
func (w *world) settleWebhook(h scenarios.Webhook, a *application, at time.Time) scenarios.Webhook {
	h.CreationDate, h.LastUpdated = settleDates(h.CreationDate, h.LastUpdated, at)
	if h.ID == "" {
		h.ID = w.pedant.letters(w.ids.id(h.CreationDate))
	}
	if h.Token == "" {
		h.Token = w.ids.token()
	}
	h.ApplicationID = a.ID
	h.ResponseCode = cmp.Or(h.ResponseCode, contract.DefaultResponseCode)
	h.VerificationType = cmp.Or(h.VerificationType, contract.DefaultVerificationType)
	h.CastBuffersAs = cmp.Or(h.CastBuffersAs, contract.DefaultCastBuffersAs)
	h.Enabled = pointer(h.Enabled == nil || *h.Enabled)
	return h
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
