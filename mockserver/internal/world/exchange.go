package world

import (
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/api"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// exchange is a request to the API, or a call of a webhook, and how to respond to
// it.
type exchange interface {
	// Identity returns what the request is about.
	Identity() recorder.Identity
	// Scopes returns the scopes of the request's token; nil for none.
	Scopes() []string
	// ReadBody reads the body of the request.
	ReadBody()
	// DecodedBody returns the body as faults match it; nil if it can't be decoded.
	DecodedBody() any
	// Respond takes the request through the steps of the real service.
	Respond() *wire.Response
	// Failed returns the response to a request that ends with a panic.
	Failed() *wire.Response
	// Finish adds to a response what depends on the request alone.
	Finish(*wire.Response)
	// vary lets a pedant vary the response.
	vary(*faults.Pedant, *wire.Response)
	// outcome returns what the journal keeps of the request and its response.
	outcome(*wire.Response) recorder.Outcome
	// sent returns what the journal keeps of the request before it has a response.
	sent() recorder.Outcome
	// TakeOver reports whether the exchange sends the rest by itself, as a
	// WebSocket and a stream do.
	TakeOver(*wire.Response) bool
	// Close ends what the exchange has begun and not taken over, whatever the reason.
	Close()
}

// faultSubject returns a request with what faults match.
func faultSubject(x exchange, r *http.Request, entry *recorder.Entry) faults.Subject {
	return faults.Subject{
		Operation: entry.OperationName(), Method: r.Method, Path: r.URL.Path,
		Application: entry.ApplicationID, Token: entry.Token,
		At: entry.At, Body: x.DecodedBody,
	}
}

// apiExchange is a request to the API.
type apiExchange struct{ *api.Call }

func (c apiExchange) vary(p *faults.Pedant, response *wire.Response) {
	if c.Operation != nil {
		p.Vary(response, true, c.Text("sortField"))
	} else {
		p.Vary(response, false, "")
	}
}

func (c apiExchange) outcome(response *wire.Response) recorder.Outcome {
	o := c.sent()
	o.Aborted = o.Aborted || response.ClientGone
	o.Response, o.Hint = *response, c.Hint(response)
	return o
}

func (c apiExchange) sent() recorder.Outcome {
	return recorder.Outcome{Body: c.Body.Raw, Aborted: c.Body.Aborted()}
}

// triggerExchange is a call of a webhook's own URL.
type triggerExchange struct{ *trigger.Call }

// Scopes returns none: calls have no access tokens.
func (triggerExchange) Scopes() []string { return nil }

// vary does nothing: what varies is objects of the API.
func (triggerExchange) vary(*faults.Pedant, *wire.Response) {}

func (c triggerExchange) outcome(response *wire.Response) recorder.Outcome {
	o := c.sent()
	o.Aborted = o.Aborted || response.ClientGone
	o.Response, o.Hint = *response, c.Hint(response)
	return o
}

func (c triggerExchange) sent() recorder.Outcome {
	return recorder.Outcome{Body: c.Body.Raw, Aborted: c.Body.Aborted()}
}
