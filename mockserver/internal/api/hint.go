package api

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Hint explains a common mistake in a request that was refused; it is blank for
// any other request. The hint appears in the log and in the journal, and not in
// the response, which is that of the real API. It holds no secrets.
func (c *Call) Hint(response *wire.Response) string {
	switch {
	case c.foreignToken():
		return "the token looks like a real one of Losant: keep it out of tests, any text will do in an open world"
	case response.Status < http.StatusBadRequest:
		return c.ignoredHint()
	case response.Status == http.StatusMethodNotAllowed:
		return c.routeHint()
	case response.Status == http.StatusForbidden && c.token == "":
		return tokenHint(c.Request.Header)
	case response.Status == http.StatusForbidden && c.Caller != nil:
		return fmt.Sprintf("the token's scopes are %s: none grants %s", strings.Join(c.Caller.Scopes, ", "), c.Operation.Name)
	case response.Status == http.StatusNotFound:
		return c.missingHint()
	case response.Status == http.StatusRequestEntityTooLarge:
		return fmt.Sprintf("a body has at most %d bytes here (--max-body, WithMaxBodySize): the journal has no more of it", c.Server.MaxBody)
	case response.Violation != nil:
		return cmp.Or(c.violationHint(response.Violation), c.ignoredHint())
	case response.Status == http.StatusBadRequest && c.Body.Err == nil:
		return c.jsonHint()
	default:
		return ""
	}
}

// foreignToken reports whether a token is a JWT with scopes that this world has
// not signed.
func (c *Call) foreignToken() bool {
	if !strings.HasPrefix(c.token, "eyJ") || c.Caller != nil && c.Caller != c.Server.State.Tokens.Any {
		return false
	}
	parts := strings.Split(c.token, ".")
	if len(parts) != 3 {
		return false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Scope []string }
	return err == nil && json.Unmarshal(payload, &claims) == nil && len(claims.Scope) > 0
}

// otherTokenFields are header fields in which other APIs take a token.
var otherTokenFields = []string{"X-Auth-Token", "X-Access-Token", "X-Api-Key", "X-Api-Token", "Access-Token", "Api-Key", "Token"}

// tokenHint explains why a header has no token.
func tokenHint(header http.Header) string {
	authorization := header.Get("Authorization")
	for _, name := range otherTokenFields {
		if authorization == "" && header.Get(name) != "" {
			return "the API does not look into the header " + name + ": add the header Authorization: Bearer TOKEN"
		}
	}
	scheme, rest, _ := strings.Cut(authorization, " ")
	switch {
	case authorization == "":
		return "no token was sent: add the header Authorization: Bearer TOKEN"
	case rest == "" && !strings.EqualFold(scheme, "Bearer"):
		return "the header Authorization has no scheme: write Bearer before the token"
	case strings.EqualFold(scheme, "Bearer"):
		return "exactly one blank stands between Bearer and the token"
	default:
		return "the API accepts the schemes Bearer and JWT"
	}
}

// missingHint looks in other places for what was not found.
func (c *Call) missingHint() string {
	store := c.Server.State.Store
	if id, ok := c.values.Path["webhookId"]; ok {
		if hook := store.WebhookAnywhere(state.ParseID(id)); hook != nil {
			return fmt.Sprintf("the webhook %q is in the application %s", hook.Name, hook.ApplicationID)
		}
		if store.WebhookByToken(id) != nil {
			return "this is a webhook's token: its id goes here"
		}
	}
	if _, ok := c.values.Path["applicationId"]; ok && store.Application(c.applicationID()) == nil {
		if store.WebhookAnywhere(c.applicationID()) != nil {
			return "this is the id of a webhook, not of an application"
		}
		return "the applications of this world are listed by GET /applications"
	}
	return ""
}

// violationHint explains violations that surprise.
func (c *Call) violationHint(v *contract.Violation) string {
	header := c.Request.Header
	switch {
	case v.Field == "perPage" && c.values.Query["perPage"].Text != "":
		return fmt.Sprintf("a page holds 1 to %d items: ask for further pages with page=1, page=2, ...", contract.MaxPerPage)
	case c.looksLikeJSON() && strings.Contains(header.Get("Content-Type"), "urlencoded"):
		return "the body looks like JSON, and was sent as a form, as curl -d does: send Content-Type: application/json"
	case v.What == "is required" && len(c.Body.Raw) > 0 && header.Get("Content-Type") == "":
		return "the body has no Content-Type: send application/json"
	case len(c.Body.Raw) > 0 && strings.HasPrefix(header.Get("Content-Type"), "text/"):
		return "the body was sent as text: send Content-Type: application/json"
	case v.What == "is the wrong type" && strings.Contains(header.Get("Content-Type"), "urlencoded"):
		return "the fields of a form are texts: send JSON for numbers and booleans"
	default:
		return ""
	}
}

// looksLikeJSON reports whether the body begins as an object or a list does.
func (c *Call) looksLikeJSON() bool {
	text := bytes.TrimSpace(c.Body.Raw)
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// jsonHint says where a body is no JSON.
func (c *Call) jsonHint() string {
	plain, err := decode.Inflate(c.Body.Raw, c.Request.Header.Get("Content-Encoding"), c.Server.MaxBody)
	if err != nil || !strings.Contains(c.Request.Header.Get("Content-Type"), "json") {
		return ""
	}
	var value any
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(plain, &value), &syntax) {
		return ""
	}
	read := plain[:max(syntax.Offset, 1)-1]
	if strings.HasPrefix(syntax.Error(), "unexpected end") {
		read = plain
	}
	line := bytes.Count(read, []byte("\n")) + 1
	column := len(read) - bytes.LastIndexByte(read, '\n')
	return fmt.Sprintf("the body is no JSON at line %d, column %d: %v", line, column, syntax)
}
