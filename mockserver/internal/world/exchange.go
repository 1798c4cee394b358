package world

import (
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/api"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// exchange is a request to the API, or a call of a webhook, and how to respond to
// it.
type exchange interface {
	// faultSubject returns the request with what faults match.
	faultSubject() faults.Subject
	// Respond takes the request through the steps of the real service.
	Respond() *wire.Response
	// Finish adds to a response what depends on the request alone.
	Finish(*wire.Response)
	// vary lets a pedant vary the response.
	vary(*faults.Pedant, *wire.Response)
	// outcome returns what the journal keeps of the request and its response.
	outcome(*wire.Response) recorder.Outcome
	// TakeOver reports whether the exchange sends the rest by itself, as a
	// WebSocket does.
	TakeOver(*wire.Response) bool
}

// apiExchange is a request to the API.
type apiExchange struct{ *api.Call }

// TakeOver reports false: the API has no WebSockets.
func (c apiExchange) TakeOver(*wire.Response) bool { return false }

// faultSubject finds out what the steps of the API find out later. The request
// may be to no operation, and its body may be anything.
func (c apiExchange) faultSubject() faults.Subject {
	s := faults.Subject{
		Method: c.Request.Method, Path: c.Request.URL.Path, At: c.At,
		Token: decode.AccessToken(decode.ParseQuery(c.Request.URL.RawQuery), c.Request.Header.Get("Authorization")).Text,
		Body: func() any {
			value, _ := c.Body.Value(c.Request.Header, c.Server.MaxBody)
			return value.Body
		},
	}
	if endpoint, path := c.Server.State.API.Find(c.Request.URL); endpoint != nil {
		s.Application = path["applicationId"]
		if op := endpoint.Operations[s.Method]; op != nil {
			s.Operation = op.Name
		}
	}
	return s
}

func (c apiExchange) vary(p *faults.Pedant, response *wire.Response) {
	if c.Operation != nil {
		p.Vary(response, true, c.Text("sortField"))
	} else {
		p.Vary(response, false, "")
	}
}

func (c apiExchange) outcome(response *wire.Response) recorder.Outcome {
	o := recorder.Outcome{
		Body: c.Body.Raw, Aborted: c.Body.Aborted(), Operation: c.Operation, Token: c.Token,
		Response: *response, Panic: c.Panic, Hint: c.Hint(response),
	}
	if c.Caller != nil {
		o.Scopes = c.Caller.Scopes
	}
	return o
}

// triggerExchange is a call of a webhook's own URL.
type triggerExchange struct{ *trigger.Call }

// vary does nothing: what varies is objects of the API.
func (triggerExchange) vary(*faults.Pedant, *wire.Response) {}

// faultSubject finds out what the steps find out later. There may be no webhook
// with the token.
func (c triggerExchange) faultSubject() faults.Subject {
	s := faults.Subject{
		Operation: recorder.TriggerOperation.Name, Method: c.Request.Method, Path: c.Request.URL.Path, At: c.At,
		Body: func() any {
			value, err := decode.JSON(c.Body.Raw)
			if err != nil {
				return nil
			}
			return value
		},
	}
	if hook := c.Server.State.Store.WebhookByToken(c.Token); hook != nil {
		s.Application = hook.ApplicationID
	}
	return s
}

func (c triggerExchange) outcome(response *wire.Response) recorder.Outcome {
	return recorder.Outcome{
		Body: c.Body.Raw, Aborted: c.Body.Aborted() || response.ClientGone, Operation: recorder.TriggerOperation,
		Response: *response, Panic: c.Panic, Hint: c.Hint(response),
	}
}
