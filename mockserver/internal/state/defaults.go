package state

import (
	"cmp"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// completeWebhook returns a webhook with everything that was left out: the
// documented defaults, and an id, a token and dates of the world.
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

// completeApplication returns an application with everything that was left out.
func (s *State) completeApplication(a scenarios.Application, at time.Time) scenarios.Application {
	a.CreationDate, a.LastUpdated = defaultDates(a.CreationDate, a.LastUpdated, at)
	if a.ID == "" {
		a.ID = s.letters(s.IDs.ID(a.CreationDate))
	}
	a.OwnerID = cmp.Or(a.OwnerID, s.ownerID)
	a.OwnerType = cmp.Or(a.OwnerType, "user")
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
