package trigger

import (
	"net/http"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Browsers call webhooks from pages of any origin. Nothing public says how the real
// service responds to them: this file is ours. Every response may be read by the
// page, and no page may send cookies.

// preflight responds to a browser that asks, before a call, whether the page may
// send it. The question is no call: it fires no workflow, needs no password, and does
// not count toward the rate limit.
func (c *Call) preflight() *wire.Response {
	h := c.Request.Header
	method, headers := h.Get("Access-Control-Request-Method"), h.Get("Access-Control-Request-Headers")
	if c.Request.Method != http.MethodOptions || method == "" {
		return nil
	}
	fields := append(slices.Clone(protective), wire.Field("Access-Control-Allow-Methods", method), wire.Field("Access-Control-Max-Age", "86400"))
	if headers != "" {
		fields = append(fields, wire.Field("Access-Control-Allow-Headers", headers))
	}
	return &wire.Response{Status: http.StatusNoContent, Fields: fields}
}

// allowOrigin lets the page of a call read the response, unless the reply of the
// workflow names the origins that may.
func (c *Call) allowOrigin(response *wire.Response) {
	named := func(h wire.Header) bool { return h.Name == "Access-Control-Allow-Origin" }
	if response.Status != http.StatusSwitchingProtocols && !slices.ContainsFunc(response.Fields, named) {
		response.Origin = wire.Origin(c.Request)
	}
}
