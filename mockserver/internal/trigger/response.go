package trigger

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/scenarios"
)

// The header fields of every response to a call. Nothing that a caller sends may
// run in a browser: the admin API has the same origin.
var (
	protective = []wire.Header{
		wire.Field("Content-Security-Policy", "sandbox; default-src 'none'"),
		wire.Field("X-Content-Type-Options", "nosniff"),
		wire.Field("X-Xss-Protection", "1; mode=block"),
	}
	asJSON  = append([]wire.Header{wire.ContentTypeJSON}, protective...)
	asXML   = append([]wire.Header{wire.Field("Content-Type", "text/xml")}, protective...)
	asPlain = append([]wire.Header{wire.Field("Content-Type", "text/plain; charset=utf-8")}, protective...)
)

var emptyTwiML = []byte(`<?xml version="1.0" encoding="UTF-8"?><Response></Response>`)

func successResponse(status int) *wire.Response {
	return &wire.Response{Status: status, Fields: asJSON, Body: wire.Success}
}

func errorResponse(status int, message string) *wire.Response {
	b := wire.AppendText([]byte(`{"error":`), message)
	return &wire.Response{Status: status, Fields: asJSON, Body: append(b, '}')}
}

// replyTypes are the content types that a reply may have.
//
// Source: Losant's documentation of the Webhook Reply.
var replyTypes = map[string]bool{
	"application/json": true, "application/xml": true, "text/plain": true, "text/xml": true, "text/csv": true,
}

// replyToCall returns the response that a reply describes. It keeps the protective
// fields, and has one of the few content types that are allowed.
func replyToCall(r scenarios.Reply) *wire.Response {
	response := &wire.Response{Status: http.StatusOK, Body: []byte(r.Body), Fields: asJSON}
	if r.Status != 0 {
		response.Status = sendable(r.Status)
	}
	var fields []wire.Header
	for name, value := range r.Headers {
		name = http.CanonicalHeaderKey(name)
		switch kind, _ := decode.MediaType(value); {
		case name == "Content-Type" && replyTypes[kind]:
			response.Fields = append([]wire.Header{wire.Field(name, value)}, protective...)
		case !ownHeaders[name]:
			fields = append(fields, wire.Field(name, value))
		}
	}
	response.Fields = append(response.Fields[:len(response.Fields):len(response.Fields)], fields...)
	return response
}

// ownHeaders are the header fields of a response that a reply can't set.
var ownHeaders = map[string]bool{
	"Content-Type": true, "Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Connection": true,
	"Upgrade": true, "Trailer": true, "Keep-Alive": true, "Date": true,
	"Content-Security-Policy": true, "X-Content-Type-Options": true, "X-Xss-Protection": true,
}

// checkReply returns what is wrong with a reply.
func checkReply(r scenarios.Reply) error {
	switch {
	case r.Status != 0 && (r.Status < 100 || r.Status > 599):
		return fmt.Errorf("status %d is not between 100 and 599", r.Status)
	case len(r.Body) > scenarios.MaxReplyBody:
		return fmt.Errorf("the body has %d bytes, and at most %d are sent", len(r.Body), scenarios.MaxReplyBody)
	}
	for name, value := range r.Headers {
		if !validHeader(name, value) {
			return fmt.Errorf("the header field %q can't be sent", name)
		}
	}
	return nil
}

// validHeader reports whether the name is a token of RFC 9110, and the value has
// no control characters.
func validHeader(name, value string) bool {
	const separators = "()<>@,;:\\\"/[]?={} \t"
	bad := func(r rune) bool { return r <= ' ' || r >= 0x7F || strings.ContainsRune(separators, r) }
	return name != "" && !strings.ContainsFunc(name, bad) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F })
}
