package api

import (
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// authenticateUser responds to auth.authenticateUser.
func (c *Call) authenticateUser() *wire.Response {
	fields := c.fields()
	email, _ := fields["email"].(string)
	password, _ := fields["password"].(string)
	userID, token, ok := c.Server.State.Tokens.LogIn(email, password, wantedToken(fields), c.At)
	if !ok {
		return loginRefused()
	}
	b := wire.AppendText([]byte(`{"userId":`), userID)
	b = wire.AppendText(append(b, `,"token":`...), token)
	if slices.Contains(c.Server.State.API.Schema("authedUser").Properties(), "needsToVerifyEmail") {
		b = append(b, `,"needsToVerifyEmail":false`...)
	}
	return &wire.Response{Status: http.StatusOK, Body: append(b, '}')}
}

// loginRefused returns the response to an email or a password that is wrong. The words of
// the real API are not public; these are ours.
func loginRefused() *wire.Response { return wire.Unauthorized("Invalid email or password") }

// wantedToken returns the token that credentials request: by default one of the
// scope all.User.
func wantedToken(credentials map[string]any) state.WantedToken {
	wanted := state.WantedToken{Scopes: []string{contract.ScopeAllUser}, Seconds: state.UserTokenSeconds}
	if scopes, _ := credentials["requestedScopes"].([]any); len(scopes) > 0 {
		wanted.Scopes = nil
		for _, scope := range scopes {
			wanted.Scopes = append(wanted.Scopes, scope.(string))
		}
	}
	if seconds, ok := credentials["tokenTTL"].(float64); ok {
		wanted.Seconds = seconds
	}
	return wanted
}
