package mockserver

import "net/http"

// authenticateUser answers auth.authenticateUser.
func (c *call) authenticateUser() *reply {
	fields := c.fields()
	email, _ := fields["email"].(string)
	password, _ := fields["password"].(string)
	userID, token, ok := c.server.state.tokens.logIn(email, password, c.at)
	if !ok {
		// The words of the real API are not public; these are ours.
		return unauthorized("Invalid email or password")
	}
	b := appendText([]byte(`{"userId":`), userID)
	b = appendText(append(b, `,"token":`...), token)
	return &reply{status: http.StatusOK, body: append(b, `,"needsToVerifyEmail":false}`...)}
}
