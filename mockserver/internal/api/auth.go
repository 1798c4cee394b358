package api

import (
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// authenticateUser responds to auth.authenticateUser.
func (c *Call) authenticateUser() *wire.Response {
	fields := c.fields()
	email, _ := fields["email"].(string)
	password, _ := fields["password"].(string)
	userID, token, ok := c.Server.State.Tokens.LogIn(email, password, c.At)
	if !ok {
		// The words of the real API are not public; these are ours.
		return wire.Unauthorized("Invalid email or password")
	}
	b := wire.AppendText([]byte(`{"userId":`), userID)
	b = wire.AppendText(append(b, `,"token":`...), token)
	return &wire.Response{Status: http.StatusOK, Body: append(b, `,"needsToVerifyEmail":false}`...)}
}
