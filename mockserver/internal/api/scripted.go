package api

import (
	"cmp"
	"net/http"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/pairs"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// scripted returns the response that the scenario has for the operation; nil if it has
// none for this request.
func (c *Call) scripted() *wire.Response {
	content := c.Server.responses.Pick(func() faults.Subject {
		return faults.Subject{
			Operation: c.Operation.Name, Method: c.Request.Method, Path: c.Request.URL.Path,
			Application: c.values.Path["applicationId"], Token: c.values.Token.Text, At: c.At, Body: c.DecodedBody,
		}
	})
	if content == nil {
		return nil
	}
	status := cmp.Or(content.Status, pairs.ResponseOf(c.Operation).Status)
	r := &wire.Response{Status: status}
	switch {
	case !content.Body.IsZero():
		body, err := content.Body.Render(c.templateRequest())
		if err != nil {
			return wire.Error(http.StatusBadRequest, "Scenario", "The scenario's response can't be made: "+err.Error())
		}
		r.Body = body
	case status == http.StatusUnauthorized && c.Operation.Name == contract.OperationAuthAuthenticateUser:
		r = loginRefused()
	case status >= http.StatusBadRequest:
		r = c.Server.Generic.Refusal(c.Operation, status)
	}
	for name, value := range content.Headers {
		r.More = append(r.More, wire.Field(http.CanonicalHeaderKey(name), value))
	}
	return r
}

// templateRequest returns the request as templates see it.
func (c *Call) templateRequest() scenarios.Request {
	r := scenarios.Request{
		Path: c.values.Path, Query: map[string]string{}, Body: c.values.Body.Body,
		Now: c.At.UTC().Format(decode.DateForm), ID: c.Server.State.NewID(c.At),
	}
	for name, value := range c.values.Query {
		r.Query[name] = value.Text
	}
	return r
}
