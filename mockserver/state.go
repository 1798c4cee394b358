package mockserver

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/scenarios"
)

// Scenario returns the world as it is now, as a scenario: one that is loaded
// again comes to the same state. What the journal holds, how often faults have
// matched, and where a seeded sequence of ids stands are not part of it.
func (v *World) Scenario() *scenarios.Scenario {
	w := v.world()
	s := w.scenario.Clone()
	s.API.Version = w.api.Version.String()
	s.Clock.At = time.Time{}
	if !w.clock.real() {
		s.Clock.At = w.clock.now()
	}
	s.Auth.Users = slices.Clone(w.doorkeeper.users)
	s.Auth.Tokens = w.doorkeeper.known()
	s.Faults = nil
	for _, f := range v.Faults() {
		s.Faults = append(s.Faults, f.Fault)
	}
	s.Applications = w.store.everything()
	return s
}

// known are the tokens that the world knows, sorted.
func (d *doorkeeper) known() []scenarios.Token {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var list []scenarios.Token
	for _, token := range slices.Sorted(maps.Keys(d.tokens)) {
		b := d.tokens[token]
		list = append(list, scenarios.Token{Token: token, Scopes: slices.Clone(b.scopes), Expires: b.expires})
	}
	return list
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

// Replace puts a copy of another scenario in place of the world's own, as if
// the world had been made of it. The journal goes on. The error says what is
// wrong with the scenario; the world stays as it is then.
func (v *World) Replace(s *scenarios.Scenario) error {
	s = s.Clone()
	if err := s.Check(); err != nil {
		return err
	}
	return v.replace(s)
}

// replace is [World.Replace] with a scenario that was checked and belongs to
// the world.
func (v *World) replace(s *scenarios.Scenario) error {
	if err := v.life.cause(); err != nil {
		return err
	}
	w, err := newWorld(v, s)
	if err != nil {
		return err
	}
	w.journal = v.world().journal
	return v.swap(w)
}

// SetClock puts the world's clock to an instant. A real clock goes on from
// there; a fixed one stays there until it is put on.
func (v *World) SetClock(now time.Time) { v.world().clock.set(now) }

// AdvanceClock puts the world's clock on by a time, or back.
func (v *World) AdvanceClock(d time.Duration) { v.world().clock.advance(d) }
