package state

import (
	"cmp"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// completeWebhook fills in what was left out: documented defaults, and ids,
// tokens and dates of the world.
func (s *State) completeWebhook(hook scenarios.Webhook, a *Application, at time.Time) scenarios.Webhook {
	hook.CreationDate, hook.LastUpdated = defaultDates(hook.CreationDate, hook.LastUpdated, at)
	if hook.ID == "" {
		hook.ID = s.letters(s.IDs.ID(hook.CreationDate))
	}
	if hook.Token == "" {
		hook.Token = s.IDs.token()
	}
	hook.ApplicationID = a.ID
	hook.ResponseCode = cmp.Or(hook.ResponseCode, contract.DefaultResponseCode)
	hook.VerificationType = cmp.Or(hook.VerificationType, contract.DefaultVerificationType)
	hook.CastBuffersAs = cmp.Or(hook.CastBuffersAs, contract.DefaultCastBuffersAs)
	return hook
}

// completeApplication is completeWebhook for an application.
func (s *State) completeApplication(a scenarios.Application, at time.Time) scenarios.Application {
	a.CreationDate, a.LastUpdated = defaultDates(a.CreationDate, a.LastUpdated, at)
	if a.ID == "" {
		a.ID = s.letters(s.IDs.ID(a.CreationDate))
	}
	a.OwnerID = cmp.Or(a.OwnerID, s.ownerID)
	a.OwnerType = cmp.Or(a.OwnerType, "user")
	return a
}

// defaultDates dates a thing that was made at a time, where nobody says
// otherwise, and not changed since.
func defaultDates(created, updated, at time.Time) (time.Time, time.Time) {
	if created.IsZero() {
		created = at
	}
	if updated.IsZero() {
		updated = created
	}
	return onWire(created), onWire(updated)
}
