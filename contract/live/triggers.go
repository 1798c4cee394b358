package live

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/outbound"
	"github.com/losantmock/losantmock/contract/secret"
)

// TriggersURL is the base URL of webhooks' own URLs at Losant.
//
// Source: Losant's documentation of webhooks.
const TriggersURL = "https://triggers.losant.com"

// heldTimeout is how long a client of webhooks' own URLs waits for a response, which a
// workflow may keep back for a minute.
const heldTimeout = 90 * time.Second

// ParseTriggersURL reads the base URL of webhooks' own URLs, which have the tokens of the
// webhooks in them. It fails as [ParseBaseURL] does.
func ParseTriggersURL(text string) (*url.URL, error) {
	return parseURL(text, "the token of the webhook")
}

// ForTriggers returns a client for the host that serves webhooks' own URLs. It differs
// from c in that it sends neither the token nor Accept-Version, as third parties don't,
// and waits up to 90 seconds for a response. It trusts
// the same authorities, has the same pace to a host that is not loopback, and fails as
// [NewClient] does. The caller closes it.
func (c *Client) ForTriggers(baseURL string) (*Client, error) {
	base, err := ParseTriggersURL(baseURL)
	if err != nil {
		return nil, err
	}
	transport, err := outbound.Pinned(base, c.roots)
	if err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = heldTimeout
	client := newClient(base, secret.Secret{}, c.roots, transport, heldTimeout)
	client.ofThirdParty = true
	return client, nil
}

// Dial opens a WebSocket below the base URL. It sends no token, and tries again, 3 times
// at most, where a limit or the network stood in the way. The caller closes the connection.
func (c *Client) Dial(ctx context.Context, target string, header http.Header) (*websocket.Conn, error) {
	options := &websocket.DialOptions{HTTPClient: c.http, HTTPHeader: header}
	for try := 0; ; try++ {
		if err := c.wait(ctx); err != nil {
			return nil, err
		}
		conn, response, err := websocket.Dial(ctx, c.base.String()+target, options) //nolint:bodyclose // which the connection has
		refused := response != nil && !contract.Unavailable(response.StatusCode)
		if err == nil || refused || try == maxRetries || ctx.Err() != nil {
			return conn, c.clean(err)
		}
		pause, _ := c.pauseBefore(try, nil)
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}
