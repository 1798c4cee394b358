package state

import (
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/scenarios"
)

// State is what there is in a world from one reset to the next.
type State struct {
	API    *contract.API
	Clock  *clock
	IDs    *ids
	Store  *store
	Tokens *tokens
	// callers and called hold access tokens and webhooks to their rate limits.
	Callers limit.Throttle[string]
	Called  limit.Throttle[ID]

	ownerID string              // of applications that name no owner
	letters func(string) string // how a generated id is written
}

// New builds the state that a checked scenario describes. The letters of
// generated ids are written as a function has them.
func New(s *scenarios.Scenario, api *contract.API, ids *ids, letters func(string) string) (*State, error) {
	st := &State{
		API: api, Clock: newClock(s.Clock), IDs: ids, Store: newStore(),
		Tokens: newTokens(api, s.Auth, ids), letters: letters,
	}
	st.Callers.Limit, st.Called.Limit = s.API.RateLimit, s.Triggers.WithDefaults().RateLimit
	now := st.Clock.Now()
	st.addUsers(s.Auth.Users, now)
	for _, a := range s.Applications {
		if err := st.seed(a, now); err != nil {
			return nil, err
		}
	}
	return st, nil
}

func (s *State) addUsers(users []scenarios.User, now time.Time) {
	s.Tokens.users = slices.Clone(users)
	for i := range s.Tokens.users {
		if user := &s.Tokens.users[i]; user.ID == "" {
			user.ID = s.IDs.ID(now)
		}
	}
	if len(users) > 0 {
		s.ownerID = s.Tokens.users[0].ID
	} else {
		s.ownerID = s.IDs.ID(now)
	}
}

// Describe writes the present state into a copy of the scenario that it was
// built of.
func (s *State) Describe(scenario *scenarios.Scenario) {
	scenario.API.Version = s.API.Version.String()
	scenario.Clock.At = time.Time{}
	if !s.Clock.real() {
		scenario.Clock.At = s.Clock.Now()
	}
	scenario.Auth.Users = slices.Clone(s.Tokens.users)
	scenario.Auth.Tokens = s.Tokens.known()
	scenario.Applications = s.Store.everything()
}

// Issue makes an access token with scopes, by default of the scope all.User.
func (s *State) Issue(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = []string{"all.User"}
	}
	token := s.IDs.token()
	s.Tokens.issue(token, scopes)
	return token
}

// ApplicationFor finds the application of an id, with a blank one the first in
// the order of names; nil when there is none.
func (s *State) ApplicationFor(id string) *Application {
	if id != "" {
		return s.Store.Application(ParseID(id))
	}
	return s.Store.firstApplication()
}
