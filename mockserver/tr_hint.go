package mockserver

import (
	"fmt"
	"net/http"
)

// hint looks for the commonest mistakes in a call of a webhook.
func (c *triggerCall) hint(answer *reply) string {
	switch {
	case answer.status == http.StatusNotFound && c.webhook == nil:
		if h := c.server.state.store.webhookAnywhere(parseID(c.token)); h != nil {
			return fmt.Sprintf("this is the id of the webhook %q: its URL has its token", h.Name)
		}
		return "no webhook has this token: GET /__admin/webhooks lists them with their URLs"
	case answer.status == http.StatusTooManyRequests && c.webhook != nil:
		return "triggers.rateLimit and triggers.maxHeld in the scenario set the limits"
	case answer.status == http.StatusUpgradeRequired:
		return "the webhook has isWebsocket: open its URL with a WebSocket client"
	case answer.status == http.StatusGatewayTimeout:
		return "nobody replied: give the webhook a reply in the scenario, or POST /__admin/replies/{replyId}"
	default:
		return ""
	}
}
