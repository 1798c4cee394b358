// Package trigger responds to calls of webhooks' own URLs, and plays the workflows
// behind them.
//
// The lock of the holds may be held while that of the ids is taken; see package
// state for the one of the store. No lock is held while a workflow is played.
package trigger

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/limit"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// Server responds to calls of webhooks' own URLs, and plays the workflows
// behind them.
type Server struct {
	Parts
	Holds *holds
}

// Parts are what a server is built of.
type Parts struct {
	State      *state.State
	Journal    *recorder.Recorder
	Settings   scenarios.Triggers // with every default
	Life       life.Life
	Logger     *slog.Logger
	Outbound   http.RoundTripper // to URLs that payloads are forwarded to
	Background *life.Background
	Panics     *life.Panics
	Decoding   *limit.Gate // of payloads, whose bodies can take a thousand times what was sent
	// Workflow returns the function that plays every workflow; nil for none.
	Workflow func() *func(journal.Trigger) *scenarios.Reply
}

// New returns a server of its parts.
func New(p Parts) *Server {
	newID := func() string { return p.State.IDs.ID(p.State.Clock.Now()) }
	return &Server{Parts: p, Holds: newHolds(p.Settings.MaxHeld, newID)}
}

// fire records a trigger and passes it to the workflow. It reports false, and does
// neither, if the webhook of the token was deleted or disabled. A client that has
// the response to its DELETE or PATCH finds no later trigger in the journal.
func (s *Server) fire(t *recorder.Trigger, token string, held *hold, request *recorder.Entry) bool {
	var called *state.Webhook
	fired := s.State.Store.Call(token, func(hook *state.Webhook, of *state.Application) {
		called, t.Hook = hook, newCalledHook(hook, of)
		s.Journal.Fire(t, request)
	})
	if fired {
		s.Holds.fired(held, t)
		s.play(t, called, held)
	}
	return fired
}

func newCalledHook(hook *state.Webhook, of *state.Application) recorder.CalledHook {
	return recorder.CalledHook{
		ID: hook.ID, Name: hook.Name, Token: hook.Token,
		ApplicationID: of.ID, ApplicationName: of.Name,
		CastBuffersAs: hook.CastBuffersAs, AnnotateMultipart: hook.AnnotateMultipart,
	}
}

// Hint explains a common mistake in a call of a webhook; it is blank for any other
// call.
func (c *Call) Hint(response *wire.Response) string {
	if t := c.entry.Trigger.Load(); t != nil && t.Problem() != "" {
		return t.Problem()
	}
	switch {
	case response.Status == http.StatusNotFound && c.hook == nil:
		if hook := c.Server.State.Store.WebhookAnywhere(state.ParseID(c.Token)); hook != nil {
			return fmt.Sprintf("this is the id of the webhook %q: its URL has its token", hook.Name)
		}
		return "no webhook has this token: GET /__admin/webhooks lists them with their URLs"
	case c.hook != nil && !c.hook.IsEnabled:
		return "the webhook is disabled, and its calls fire nothing: enable it with PATCH and enabled: true"
	case response.Status == http.StatusUnauthorized:
		return "the webhook has a basicAuthUsername or a basicAuthPassword: send them as basic authentication"
	case response.Status == http.StatusTooManyRequests && c.hook != nil && c.hold == nil:
		return "triggers.rateLimit and triggers.maxHeld in the scenario set the limits"
	case response.Status == http.StatusUpgradeRequired:
		return "the webhook has isWebsocket: open its URL with a WebSocket client"
	case c.timedOut && c.hook.Forward != nil:
		return c.Server.noReplyFrom(*c.hook.Forward, c.hold.arrived.Load())
	case c.timedOut:
		return "no reply came: add one to the webhook in the scenario, or POST /__admin/replies/{replyId}"
	default:
		return ""
	}
}
