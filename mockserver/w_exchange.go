package mockserver

import "github.com/losantmock/losantmock/contract/decode"

// apiExchange is a request to the API.
type apiExchange struct{ call *call }

func (x *apiExchange) respond() *reply        { return x.call.respond() }
func (x *apiExchange) finish(response *reply) { x.call.finish(response) }
func (x *apiExchange) takeOver(*reply) bool   { return false }

// faultSubject finds out what the steps of the API find out later. The request
// may lead nowhere, and its body may be anything.
func (x *apiExchange) faultSubject() faultSubject {
	c := x.call
	s := faultSubject{
		method: c.request.Method, path: c.request.URL.Path, at: c.at,
		token: decode.AccessToken(decode.ParseQuery(c.request.URL.RawQuery), c.request.Header.Get("Authorization")).Text,
		body: func() any {
			value, _ := c.body.value(c.request.Header, c.server.maxBody)
			return value.Body
		},
	}
	if endpoint, path := c.server.state.api.Find(c.request.URL); endpoint != nil {
		s.application = path["applicationId"]
		if op := endpoint.Operations[s.method]; op != nil {
			s.operation = op.Name
		}
	}
	return s
}

func (x *apiExchange) vary(p *pedant, response *reply) {
	if c := x.call; c.op != nil {
		p.vary(response, true, c.text("sortField"))
	} else {
		p.vary(response, false, "")
	}
}

func (x *apiExchange) outcome(response *reply) outcome {
	c := x.call
	o := outcome{
		body: c.body.raw, aborted: c.body.aborted(), op: c.op, token: c.token,
		answer: *response, panic: c.panic, hint: c.hint(response),
	}
	if c.bearer != nil {
		o.scopes = c.bearer.scopes
	}
	return o
}

// triggerExchange is a call of a webhook's own URL.
type triggerExchange struct{ call *triggerCall }

func (x *triggerExchange) respond() *reply               { return x.call.respond() }
func (x *triggerExchange) finish(response *reply)        { x.call.finish(response) }
func (x *triggerExchange) vary(*pedant, *reply)          {}
func (x *triggerExchange) takeOver(response *reply) bool { return x.call.takeOver(response) }

// faultSubject finds out what the steps find out later. The call may be of no
// webhook.
func (x *triggerExchange) faultSubject() faultSubject {
	c := x.call
	s := faultSubject{
		operation: triggerOperation.Name, method: c.request.Method, path: c.request.URL.Path, at: c.at,
		body: func() any {
			value, err := decode.JSON(c.body.raw)
			if err != nil {
				return nil
			}
			return value
		},
	}
	if hook := c.server.state.store.webhookOf(c.token); hook != nil {
		s.application = hook.ApplicationID
	}
	return s
}

func (x *triggerExchange) outcome(response *reply) outcome {
	c := x.call
	return outcome{
		body: c.body.raw, aborted: c.body.aborted() || response.nobody, op: triggerOperation,
		answer: *response, panic: c.panic, hint: c.hint(response),
	}
}
