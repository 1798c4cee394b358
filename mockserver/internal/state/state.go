// Package state holds what there is in a world: applications, webhooks, users,
// tokens, the clock and the source of ids. It knows no HTTP.
//
// Each lock belongs to one type and is taken by its methods alone. Under it only that
// of a share or a reservation of the memory budget is taken; package limit has the
// order. The function that is passed to the store's Call, which
// runs under the store's lock, may take a lock of another package.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/resources"
	"github.com/losantmock/losantmock/scenarios"
)

// State is everything that there is in a world from one reset to the next.
type State struct {
	API    *contract.API
	Clock  *clock
	IDs    *ids
	Store  *store
	Tokens *tokens
	// Resources are the items of a definition from outside.
	Resources *resources.Store
	Seeds     []Seeds                   // that package generic adds to them
	Callers   limit.Throttle[limit.Key] // the rate limit of access tokens
	Called    limit.Throttle[ID]        // the rate limit of webhooks

	ownerID string              // the default of applications
	letters func(string) string // returns a generated id in the case it is written in
}

// New returns the state that a checked scenario describes, with the tokens that
// were issued in the world before. The function letters decides the case of the
// letters in generated ids.
func New(s *scenarios.Scenario, api *contract.API, ids *ids, issued *Issued, letters func(string) string) (*State, error) {
	st := &State{
		API: api, Clock: newClock(s.Clock), IDs: ids, Store: newStore(), Resources: resources.New(),
		Tokens: newTokens(api, s.Auth, ids, issued), letters: letters,
	}
	st.Callers.Limit, st.Called.Limit = s.API.RateLimit, s.Triggers.WithDefaults().RateLimit
	now := st.Clock.Now()
	st.addUsers(s, now)
	st.Seeds = []Seeds{{"", s.Resources}}
	for _, a := range s.Applications {
		if err := st.seed(a, now); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// Throttle counts a request with an access token, and returns how long it has to
// wait; 0 for one that is within the rate limit.
func (s *State) Throttle(token string, at time.Time) time.Duration {
	if s.Callers.Limit.Calls == 0 {
		return 0
	}
	return s.Callers.Wait(limit.KeyOf(token), at)
}

// addUsers adds the users of a scenario. The first is the owner of what names no other one.
// A scenario without users, such as that of a world that was saved, may name the owner of
// its applications.
func (s *State) addUsers(scenario *scenarios.Scenario, now time.Time) {
	users := scenario.Auth.Users
	s.Tokens.users = slices.Clone(users)
	for i := range s.Tokens.users {
		if user := &s.Tokens.users[i]; user.ID == "" {
			user.ID = s.Tokens.issued.userID(user.Email, s.IDs.ID(now))
		}
	}
	if len(users) > 0 {
		s.ownerID = s.Tokens.users[0].ID
		return
	}
	s.ownerID = s.Tokens.issued.userID("", s.IDs.ID(now))
	for _, a := range scenario.Applications {
		if a.OwnerID != "" && a.OwnerType != OwnedByOrganization {
			s.ownerID = a.OwnerID
			break
		}
	}
}

// Describe writes the present state into a scenario, which is a copy of the one
// that the state was built of.
func (s *State) Describe(scenario *scenarios.Scenario) {
	scenario.API.Version = s.API.Version.String()
	scenario.Clock.At = time.Time{}
	if !s.Clock.real() {
		scenario.Clock.At = s.Clock.Now()
	}
	scenario.Auth.Users = slices.Clone(s.Tokens.users)
	scenario.Auth.Tokens = slices.DeleteFunc(s.Tokens.known(), func(t scenarios.Token) bool {
		_, isItem, _ := s.Tokens.OfItem(t.Token, s.Clock.Now()) // which stands among the resources
		return isItem
	})
	scenario.Applications = s.Store.everything()
	scenario.Resources = described(s.Resources.Tree(nil))
	webhook := s.API.Schema("webhook").Properties()
	for i := range scenario.Applications {
		a := &scenario.Applications[i]
		for k := range a.Webhooks {
			withoutNewer(&a.Webhooks[k], webhook)
		}
		a.Resources = described(s.Resources.Tree(new(ThingOf(a.ID))))
	}
}

// withoutNewer removes the defaults of properties that the API does not have yet, which
// no scenario of its version can have.
func withoutNewer(hook *scenarios.Webhook, properties []string) {
	if !slices.Contains(properties, "castBuffersAs") {
		hook.CastBuffersAs = ""
	}
	if !slices.Contains(properties, "enabled") {
		hook.Enabled = nil
	}
}

// described returns what there is in collections as a scenario has it.
func described(tree resources.Tree) scenarios.Resources {
	if tree == nil {
		return nil
	}
	list := scenarios.Resources{}
	for name, branches := range tree {
		list[name] = []scenarios.Item{}
		for _, b := range branches {
			list[name] = append(list[name], scenarios.Item{Value: json.RawMessage(slices.Clone(b.Item.JSON)), Resources: described(b.Below)})
		}
	}
	return list
}

// ThingOf returns an application, on the way to its resources.
func ThingOf(applicationID string) resources.Thing {
	return resources.Thing{Collection: "applications", ID: applicationID, Owned: true}
}

// Count returns how many webhooks and items of other collections there are.
func (s *State) Count() int { return s.Store.CountWebhooks() + s.Resources.Count() }

// Seeds are the resources of a scenario below an application; below none for a blank id.
type Seeds struct {
	ApplicationID string
	Resources     scenarios.Resources
}

// Issue returns a new access token with scopes; the default is all.User. If the
// scenario has the token or it was issued before, the next one is tried: a seeded
// sequence comes to such tokens after a reset, and in a world that was saved and
// loaded again.
func (s *State) Issue(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = []string{contract.ScopeAllUser}
	}
	for {
		token := s.Tokens.issued.prefix() + s.IDs.token()
		if s.Tokens.byToken[token] == nil && s.Tokens.issued.add(token, scopes) {
			return token
		}
	}
}

// IssueToItem returns a new access token for an item, which says itself what the token
// grants. With again, it is for an item of the scenario: a token that was issued before a
// reset is returned once more.
func (s *State) IssueToItem(again bool) string {
	for {
		token := s.Tokens.issued.prefix() + s.IDs.token()
		if s.Tokens.issued.addToItem(token) && s.Tokens.byToken[token] == nil || again {
			return token
		}
	}
}

// OwnerID returns the id of the user who owns what no other owner is known of.
func (s *State) OwnerID() string { return s.ownerID }

// OwnerEmail returns the email of that user; blank where the scenario has no users.
func (s *State) OwnerEmail() string {
	if len(s.Tokens.users) == 0 {
		return ""
	}
	return s.Tokens.users[0].Email
}

// NewID returns a new id of a time.
func (s *State) NewID(at time.Time) string { return s.letters(s.IDs.ID(at)) }

// NewToken returns a new token of a thing that has one. It is no access token.
func (s *State) NewToken() string { return s.IDs.token() }

// DeleteApplication deletes an application with everything in it, and reports whether
// there was one.
func (s *State) DeleteApplication(id string) bool {
	deleted := s.Store.deleteApplication(ParseID(id))
	if deleted {
		s.Resources.Drop(ThingOf(id))
	}
	return deleted
}

// DeleteApplicationsOf deletes the applications that a thing of a kind, such as an
// organization, owns.
func (s *State) DeleteApplicationsOf(kind, id string) {
	for _, a := range s.ApplicationsOf(kind, id) {
		s.DeleteApplication(a.ID)
	}
}

// ApplicationsOf returns the applications that a thing of a kind owns.
func (s *State) ApplicationsOf(kind, id string) []*Application {
	return slices.DeleteFunc(s.Store.AllApplications("ownerId"), func(a *Application) bool {
		return a.OwnerType != kind || !strings.EqualFold(a.OwnerID, id)
	})
}

// ApplicationFor returns the application of an id, or for a blank id the first
// one in the order of names; nil if there is none.
func (s *State) ApplicationFor(id string) *Application {
	if id != "" {
		return s.Store.Application(ParseID(id))
	}
	return s.Store.firstApplication()
}

// seed adds an application of a scenario with its webhooks.
func (s *State) seed(a scenarios.Application, now time.Time) error {
	record, err := s.AddApplication(a, now)
	if err != nil {
		return fmt.Errorf("application %s: %w", a.ID, err)
	}
	s.Seeds = append(s.Seeds, Seeds{record.ID, a.Resources})
	count := len(a.Webhooks)
	for _, g := range a.Generate {
		count += g.Count
	}
	records := make([]*Webhook, 0, count)
	s.Store.expect(count)
	for hook := range a.AllWebhooks() {
		added, err := s.placeWebhook(hook, record, now, s.Store.seedWebhook)
		if err != nil {
			return fmt.Errorf("webhook %q: %w", hook.Name, err)
		}
		records = append(records, added)
	}
	s.Store.listSeeded(record.Holdings, records)
	return nil
}

// AddApplication adds an application, and returns its record. If a generated id
// is taken, the next one is tried: a seeded sequence comes to such ids in a world
// that was saved and loaded again.
func (s *State) AddApplication(a scenarios.Application, at time.Time) (*Application, error) {
	s.IDs.Follow(a.ID)
	for {
		record := newApplication(s.completeApplication(a, at))
		err := s.Store.addApplication(record)
		if a.ID != "" || !errors.Is(err, errIDTaken) {
			return record, err
		}
	}
}

// AddWebhook adds a webhook to an application, and returns its record. If a
// generated id or token is taken, the next one is tried.
func (s *State) AddWebhook(hook scenarios.Webhook, a *Application, at time.Time) (*Webhook, error) {
	return s.placeWebhook(hook, a, at, s.Store.addWebhook)
}

func (s *State) placeWebhook(hook scenarios.Webhook, a *Application, at time.Time, place func(*Webhook) error) (*Webhook, error) {
	s.IDs.Follow(hook.ID)
	for {
		record := newWebhook(s.completeWebhook(hook, a, at), a.Holdings)
		err := place(record)
		generated := hook.ID == "" && errors.Is(err, errIDTaken) || hook.Token == "" && errors.Is(err, errTokenTaken)
		if !generated {
			return record, err
		}
	}
}
