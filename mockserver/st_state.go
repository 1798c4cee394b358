package mockserver

import (
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/scenarios"
)

// state is what there is in a world from one reset to the next.
type state struct {
	api    *contract.API
	clock  *clock
	ids    *ids
	store  *store
	tokens *tokens
	// callers and called hold access tokens and webhooks to their rate limits.
	callers throttle[string]
	called  throttle[objectID]

	ownerID string              // of applications that name no owner
	letters func(string) string // how a generated id is written
}

// newState builds the state that a checked scenario describes. The letters of
// generated ids are written as a function has them.
func newState(s *scenarios.Scenario, api *contract.API, ids *ids, letters func(string) string) (*state, error) {
	st := &state{
		api: api, clock: newClock(s.Clock), ids: ids, store: newStore(),
		tokens: newTokens(api, s.Auth, ids), letters: letters,
	}
	st.callers.limit, st.called.limit = s.API.RateLimit, s.Triggers.Settled().RateLimit
	now := st.clock.now()
	st.addUsers(s.Auth.Users, now)
	for _, a := range s.Applications {
		if err := st.seed(a, now); err != nil {
			return nil, err
		}
	}
	return st, nil
}

func (s *state) addUsers(users []scenarios.User, now time.Time) {
	s.tokens.users = slices.Clone(users)
	for i := range s.tokens.users {
		if user := &s.tokens.users[i]; user.ID == "" {
			user.ID = s.ids.id(now)
		}
	}
	if len(users) > 0 {
		s.ownerID = s.tokens.users[0].ID
	} else {
		s.ownerID = s.ids.id(now)
	}
}

// describe writes the present state into a copy of the scenario that it was
// built of.
func (s *state) describe(scenario *scenarios.Scenario) {
	scenario.API.Version = s.api.Version.String()
	scenario.Clock.At = time.Time{}
	if !s.clock.real() {
		scenario.Clock.At = s.clock.now()
	}
	scenario.Auth.Users = slices.Clone(s.tokens.users)
	scenario.Auth.Tokens = s.tokens.known()
	scenario.Applications = s.store.everything()
}

// issue makes an access token with scopes, by default of the scope all.User.
func (s *state) issue(scopes ...string) string {
	if len(scopes) == 0 {
		scopes = []string{"all.User"}
	}
	token := s.ids.token()
	s.tokens.issue(token, scopes)
	return token
}

// applicationFor finds the application of an id, with a blank one the first in
// the order of names; nil when there is none.
func (s *state) applicationFor(id string) *application {
	if id != "" {
		return s.store.application(parseID(id))
	}
	return s.store.firstApplication()
}
