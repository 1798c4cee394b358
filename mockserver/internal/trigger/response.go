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

// reply is a reply on its way to a call or a WebSocket.
type reply struct {
	status int // 0 for the default
	header http.Header
	body   string
}

// newReply returns a reply of a scenario, of a function in Go or of the admin API. It
// shares nothing with what it is made of.
func newReply(r scenarios.Reply) reply {
	made := reply{r.Status, http.Header{}, r.Body}
	for name, value := range r.Headers {
		made.header.Add(name, value)
	}
	return made
}

// replyToCall returns the response that a reply describes. It keeps the protective
// fields, and has one of the few content types that are allowed.
func replyToCall(r reply) *wire.Response {
	response := &wire.Response{Status: http.StatusOK, Body: []byte(r.body), Fields: asJSON}
	if r.status != 0 {
		response.Status = sendable(r.status)
	}
	if kind, _ := decode.MediaType(r.header.Get("Content-Type")); replyTypes[kind] {
		response.Fields = append([]wire.Header{wire.Field("Content-Type", r.header.Get("Content-Type"))}, protective...)
	}
	var fields []wire.Header
	for name, values := range r.header {
		if !ownHeaders[name] {
			fields = append(fields, wire.Header{Name: name, Values: values})
		}
	}
	response.Fields = append(response.Fields[:len(response.Fields):len(response.Fields)], fields...)
	return response
}

// ownHeaders are the header fields of a response that a reply can't set.
var ownHeaders = map[string]bool{
	"Content-Type": true, "Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Connection": true,
	"Upgrade": true, "Trailer": true, "Keep-Alive": true, "Te": true, "Proxy-Connection": true, "Date": true,
	"Content-Security-Policy": true, "X-Content-Type-Options": true, "X-Xss-Protection": true,
}

// checkReply returns what is wrong with a reply.
func checkReply(r reply) error {
	switch {
	case r.status != 0 && (r.status < 100 || r.status > 599):
		return fmt.Errorf("status %d is not between 100 and 599", r.status)
	case len(r.body) > scenarios.MaxReplyBody:
		return fmt.Errorf("the body has %d bytes, and at most %d are sent", len(r.body), scenarios.MaxReplyBody)
	}
	for name, values := range r.header {
		for _, value := range values {
			if !ValidHeader(name, value) {
				return fmt.Errorf("the header field %q can't be sent", name)
			}
		}
	}
	return nil
}

// ValidHeader reports whether the name is a token of RFC 9110, and the value has
// no control characters.
func ValidHeader(name, value string) bool {
	const separators = "()<>@,;:\\\"/[]?={} \t"
	bad := func(r rune) bool { return r <= ' ' || r >= 0x7F || strings.ContainsRune(separators, r) }
	return name != "" && !strings.ContainsFunc(name, bad) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F })
}
