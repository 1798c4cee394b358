package trigger

import (
	"fmt"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Hint looks for the commonest mistakes in a call of a webhook.
func (c *Call) Hint(answer *wire.Response) string {
	switch {
	case answer.Status == http.StatusNotFound && c.webhook == nil:
		if h := c.Server.State.Store.WebhookAnywhere(state.ParseID(c.Token)); h != nil {
			return fmt.Sprintf("this is the id of the webhook %q: its URL has its token", h.Name)
		}
		return "no webhook has this token: GET /__admin/webhooks lists them with their URLs"
	case answer.Status == http.StatusTooManyRequests && c.webhook != nil:
		return "triggers.rateLimit and triggers.maxHeld in the scenario set the limits"
	case answer.Status == http.StatusUpgradeRequired:
		return "the webhook has isWebsocket: open its URL with a WebSocket client"
	case answer.Status == http.StatusGatewayTimeout:
		return "nobody replied: give the webhook a reply in the scenario, or POST /__admin/replies/{replyId}"
	default:
		return ""
	}
}
