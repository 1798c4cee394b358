package trigger

import (
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Hint explains a common mistake in a call of a webhook; it is blank for any other
// call.
func (c *Call) Hint(response *wire.Response) string {
	switch {
	case response.Status == http.StatusNotFound && c.hook == nil:
		if hook := c.Server.State.Store.WebhookAnywhere(state.ParseID(c.Token)); hook != nil {
			return fmt.Sprintf("this is the id of the webhook %q: its URL has its token", hook.Name)
		}
		return "no webhook has this token: GET /__admin/webhooks lists them with their URLs"
	case response.Status == http.StatusTooManyRequests && c.hook != nil:
		return "triggers.rateLimit and triggers.maxHeld in the scenario set the limits"
	case response.Status == http.StatusUpgradeRequired:
		return "the webhook has isWebsocket: open its URL with a WebSocket client"
	case response.Status == http.StatusGatewayTimeout:
		return "no reply came: add one to the webhook in the scenario, or POST /__admin/replies/{replyId}"
	default:
		return ""
	}
}
