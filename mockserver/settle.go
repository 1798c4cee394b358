package mockserver

import (
	"cmp"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// What a property is when nobody says otherwise.
//
// Source: Losant's documentation of webhooks.
const (
	defaultResponseCode     = 200
	defaultVerificationType = "none"
	defaultCastBuffersAs    = "array"
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
	if h.CreationDate.IsZero() {
		h.CreationDate = at
	}
	if h.LastUpdated.IsZero() {
		h.LastUpdated = h.CreationDate
	}
	h.CreationDate, h.LastUpdated = onWire(h.CreationDate), onWire(h.LastUpdated)
	if h.ID == "" {
		h.ID = w.ids.id(h.CreationDate)
	}
	if h.Token == "" {
		h.Token = w.ids.token()
	}
	h.ApplicationID = a.ID
	h.ResponseCode = cmp.Or(h.ResponseCode, defaultResponseCode)
	h.VerificationType = cmp.Or(h.VerificationType, defaultVerificationType)
	h.CastBuffersAs = cmp.Or(h.CastBuffersAs, defaultCastBuffersAs)
	h.Enabled = pointer(h.Enabled == nil || *h.Enabled)
	return h
}

func (w *world) settleApplication(a scenarios.Application, at time.Time) scenarios.Application {
	if a.CreationDate.IsZero() {
		a.CreationDate = at
	}
	if a.LastUpdated.IsZero() {
		a.LastUpdated = a.CreationDate
	}
	a.CreationDate, a.LastUpdated = onWire(a.CreationDate), onWire(a.LastUpdated)
	if a.ID == "" {
		a.ID = w.ids.id(a.CreationDate)
	}
	a.OwnerID = cmp.Or(a.OwnerID, w.ownerID)
	a.OwnerType = cmp.Or(a.OwnerType, "user")
	return a
}
