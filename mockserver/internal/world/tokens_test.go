package world_test

import (
	"testing"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// A token keeps its scopes when the world is built again, whether the world
// accepts any token or those alone that it knows.
func TestTokensKeepTheirScopesOverAReset(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"default", "strict-auth"} {
		srv := mockserver.Start(t, mockserver.WithScenario(scenario))
		fromGo := srv.Token(contract.OperationWebhooksGet)
		response := mocktest.Send(t, srv.URL, "POST /__admin/tokens", `{"scopes":["webhooks.get"]}`, "Content-Type: application/json")
		overHTTP := mocktest.Decode[struct{ Token string }](t, response).Token
		wantScopes := func(after string) {
			t.Helper()
			for _, token := range []string{fromGo, overHTTP} {
				for method, want := range map[string]int{"GET": 200, "POST": 403} {
					r := mocktest.Send(t, srv.URL, method+" "+mocktest.WebhooksPath, `{"name":"w"}`, "Content-Type: application/json", "Authorization: Bearer "+token)
					if r.Status != want {
						t.Errorf("%s, after %s: %s responds with %d %s, want %d", scenario, after, method, r.Status, r.Body, want)
					}
				}
			}
		}
		wantScopes("it was made")
		srv.Reset()
		wantScopes("a reset")
		srv.Replace(srv.Scenario())
		wantScopes("the scenario was replaced")
		if tokens := srv.Scenario().Auth.Tokens; count(tokens, fromGo) != 1 || count(tokens, overHTTP) != 1 {
			t.Errorf("%s: the scenario has the tokens %v", scenario, tokens)
		}
		srv.Reset()
		wantScopes("another reset")
	}
}

// A token that was made before a reset keeps its scopes, also where a seed repeats
// what is drawn.
func TestTokensAreNotRepeatedAfterAReset(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithWorld(&scenarios.Scenario{IDs: scenarios.IDs{Seed: new(uint64(7))}}))
	before := srv.Token("webhooks.get")
	srv.Reset()
	if after := srv.Token("webhooks.post"); after == before {
		t.Errorf("%s was issued twice", after)
	}
}

func count(tokens []scenarios.Token, token string) (n int) {
	for _, t := range tokens {
		if t.Token == token {
			n++
		}
	}
	return n
}

// made returns a new token of a server.
func made(t *testing.T, s *mockserver.Server, scopes ...string) string {
	t.Helper()
	token, err := s.Token(scopes...)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// A seeded world that was saved and loaded again makes a new token, and not one
// that it has.
func TestASeededWorldRepeatsNoToken(t *testing.T) {
	t.Parallel()
	seed := uint64(7)
	first, err := mockserver.New(mockserver.WithWorld(&scenarios.Scenario{IDs: scenarios.IDs{Seed: &seed}}))
	if err != nil {
		t.Fatal(err)
	}
	token := made(t, first, contract.OperationWebhooksGet)
	second, err := mockserver.New(mockserver.WithWorld(first.Scenario()))
	if err != nil {
		t.Fatal(err)
	}
	if again := made(t, second); again == token {
		t.Errorf("the token %s is made again, with other scopes", again)
	}
}

// The tokens that a world keeps are bounded.
func TestTheLatestTokensAreKept(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	first := made(t, s)
	for range state.MaxIssued {
		made(t, s)
	}
	if tokens := s.Scenario().Auth.Tokens; len(tokens) != state.MaxIssued || count(tokens, first) != 0 {
		t.Errorf("%d tokens are kept, %d times the first", len(tokens), count(tokens, first))
	}
}
