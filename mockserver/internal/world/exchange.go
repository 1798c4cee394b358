package world

import (
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/api"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// apiExchange is a request to the API.
type apiExchange struct{ call *api.Call }

func (x *apiExchange) Respond() *wire.Response        { return x.call.Respond() }
func (x *apiExchange) Finish(response *wire.Response) { x.call.Finish(response) }
func (x *apiExchange) TakeOver(*wire.Response) bool   { return false }

// faultSubject finds out what the steps of the API find out later. The request
// may lead nowhere, and its body may be anything.
func (x *apiExchange) faultSubject() faults.Subject {
	c := x.call
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

func (x *apiExchange) vary(p *faults.Pedant, response *wire.Response) {
	if c := x.call; c.Operation != nil {
		p.Vary(response, true, c.Text("sortField"))
	} else {
		p.Vary(response, false, "")
	}
}

func (x *apiExchange) outcome(response *wire.Response) recorder.Outcome {
	c := x.call
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
type triggerExchange struct{ call *trigger.Call }

func (x *triggerExchange) Respond() *wire.Response               { return x.call.Respond() }
func (x *triggerExchange) Finish(response *wire.Response)        { x.call.Finish(response) }
func (x *triggerExchange) vary(*faults.Pedant, *wire.Response)   {}
func (x *triggerExchange) TakeOver(response *wire.Response) bool { return x.call.TakeOver(response) }

// faultSubject finds out what the steps find out later. The call may be of no
// webhook.
func (x *triggerExchange) faultSubject() faults.Subject {
	c := x.call
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

func (x *triggerExchange) outcome(response *wire.Response) recorder.Outcome {
	c := x.call
	return recorder.Outcome{
		Body: c.Body.Raw, Aborted: c.Body.Aborted() || response.ClientGone, Operation: recorder.TriggerOperation,
		Response: *response, Panic: c.Panic, Hint: c.Hint(response),
	}
}
