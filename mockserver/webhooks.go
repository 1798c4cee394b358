package mockserver

import (
	"net/http"

	"github.com/losantmock/losantmock/scenarios"
)

// listWebhooks answers webhooks.get.
func (c *call) listWebhooks() *reply {
	a := c.server.state.store.application(c.applicationID())
	if a == nil {
		return notFound("Application")
	}
	l := c.listing()
	changes := a.changes.Load() // before looking: what changes meanwhile is not kept
	key := listKey{l.key(), c.hal("webhooks")}
	if known := a.lists.find(key, changes); known != nil {
		return &reply{status: http.StatusOK, body: known}
	}
	page, total := c.server.state.store.listWebhooks(a.holdings, l)
	size := listFrameSize + len(l.filter.Text) + halSize
	for _, hook := range page {
		size += roomFor(hook) + halSize
	}
	added := c.hal("webhook")
	b := appendCollection(make([]byte, 0, size), l, len(page), total, a.ID, func(b []byte) []byte {
		for i, hook := range page {
			if i > 0 {
				b = append(b, ',')
			}
			b = c.server.renderer.appendWebhook(b, hook, added)
		}
		return b
	})
	b = c.hal("webhooks").appendTo(b, a.ID, "")
	a.lists.keep(key, changes, b)
	return &reply{status: http.StatusOK, body: b}
}

// createWebhook answers webhooks.post.
func (c *call) createWebhook() *reply {
	a := c.server.state.store.application(c.applicationID())
	if a == nil {
		return notFound("Application")
	}
	var wanted scenarios.Webhook
	applyFields(&wanted, c.fields())
	w, err := c.server.state.addWebhook(wanted, a, c.at)
	if err != nil {
		panic("a generated id or token is taken: " + err.Error())
	}
	return c.webhookReply(http.StatusCreated, w)
}

// applyFields puts a body that the contract let pass into a webhook. What the
// body does not have stays as it is.
func applyFields(w *scenarios.Webhook, fields map[string]any) {
	for name, value := range fields {
		switch value := value.(type) {
		case string:
			if text := textField(w, name); text != nil {
				*text = value
			}
		case float64:
			w.ResponseCode = int(value) // the one number
		case bool:
			switch name {
			case "waitForReply":
				w.WaitForReply = value
			case "isWebsocket":
				w.IsWebsocket = value
			case "annotateMultipart":
				w.AnnotateMultipart = value
			case "enabled":
				w.Enabled = &value
			}
		}
	}
}

func textField(w *scenarios.Webhook, name string) *string {
	switch name {
	case "name":
		return &w.Name
	case "verificationType":
		return &w.VerificationType
	case "verificationCode":
		return &w.VerificationCode
	case "basicAuthUsername":
		return &w.BasicAuthUsername
	case "basicAuthPassword":
		return &w.BasicAuthPassword
	case "description":
		return &w.Description
	case "castBuffersAs":
		return &w.CastBuffersAs
	default:
		return nil
	}
}
