package suite

import (
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/curl"
)

// TokenVariable is the environment variable that holds the token of the real
// API.
const TokenVariable = "LOSANT_API_TOKEN"

// curl returns a command that sends the request of an exchange again and shows
// the header of the response. The client's own token is taken from the
// environment. It is blank for a request that no command can send.
func (c *Client) curl(e *contract.Exchange) string {
	again := curl.Request{
		Method: e.Method, Scheme: c.base.Scheme, Host: c.base.Host, Target: c.base.EscapedPath() + e.URL.RequestURI(),
		Header: http.Header{}, Body: e.RequestBody,
	}
	authorization, own := e.RequestHeader["Authorization"]
	switch {
	case !own:
		again.TokenVariable = TokenVariable
	case authorization[0] != "":
		again.Header["Authorization"] = authorization
	}
	for _, name := range []string{"Accept", "Origin", "Content-Type"} {
		if value := e.RequestHeader.Get(name); value != "" && (name != "Accept" || value != "application/json") {
			again.Header.Set(name, value)
		}
	}
	command, err := again.Command("-i")
	if err != nil {
		return ""
	}
	return command
}
