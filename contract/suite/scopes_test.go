package suite_test

import (
	"strings"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
	"github.com/losantmock/losantmock/contract/suite"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/scenarios"
)

// withScopes returns a suite whose token has some scopes, on a server with webhooks and
// another application.
func withScopes(t *testing.T, scopes string) *suite.Suite {
	t.Helper()
	world := &scenarios.Scenario{Applications: []scenarios.Application{{ID: app, Name: "My Application", Webhooks: []scenarios.Webhook{{Name: "A"}, {Name: "B"}, {Name: "C"}}}}}
	world.Auth.Mode, world.Auth.Tokens = scenarios.AuthStrict, []scenarios.Token{{Token: allUser, Scopes: strings.Fields(scopes)}}
	server, err := mockserver.New(mockserver.WithWorld(world))
	if err != nil {
		t.Fatal(err)
	}
	return newSuite(t, serve(t, server).URL)
}

// A run that only reads conforms with any token that may read, also with one that is shown
// fewer links.
func TestTokensThatMayRead(t *testing.T) {
	size.SkipUnderRace(t)
	t.Parallel()
	for _, scopes := range []string{"webhooks.get webhook.get", "webhooks.get webhook.get application.get", "all.Application.read", "all.User.read", "all.Application"} {
		s := withScopes(t, scopes)
		if result := s.Run(t.Context()); result.Verdict != contract.Conforms {
			t.Errorf("%s: %s", scopes, text(result))
		}
	}
}

// A run that writes makes nothing with a token that may not do all that it needs, and that
// is no break.
func TestTokensThatMayNotWrite(t *testing.T) {
	t.Parallel()
	for scopes, missing := range map[string]string{
		"all.User.read": "PATCH",
		"webhooks.get webhook.get webhooks.post webhook.patch": "DELETE",
		"webhooks.* webhook.get webhook.delete":                "PATCH",
		"webhooks.get webhook.*":                               "POST",
	} {
		s := withScopes(t, scopes)
		s.Write = true
		result := s.Run(t.Context())
		if result.Verdict != contract.CouldNotCheck || !strings.Contains(text(result), "the token may not "+missing+" webhooks: take one with the scopes") {
			t.Errorf("%s: %s", scopes, text(result))
		}
		if list, err := s.Client.Do(t.Context(), live.Call{Method: "GET", Target: hooks}); err != nil || !strings.Contains(string(list.Body), `"totalCount":3`) {
			t.Errorf("%s: %v %s", scopes, err, list.Body)
		}
	}
}

// An application that the token does not see shows nothing about borders.
func TestAnotherApplicationThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newSuite(t, serve(t, standIn(t, "strict-auth")).URL)
	s.Write, s.Only, s.OtherApplicationID = true, []contract.CheckName{contract.CheckIdentity}, "575ec8687ae143cd83dc4aff"
	result := s.Run(t.Context())
	if want := "the other application, 575ec8687ae143cd83dc4aff, is not shown to the holder of this token: 404 Not Found"; result.Verdict != contract.CouldNotCheck || !strings.Contains(text(result), want) {
		t.Errorf("%s", text(result))
	}
}
