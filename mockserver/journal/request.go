// Package journal holds requests and triggers in the form in which they are read:
// their types, WireMock's JSON, journal files, and the export to HAR and curl.
package journal

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/decode"
)

// Request is a request that the server received, and its response. The texts are
// as they were sent: secrets are not replaced.
type Request struct {
	// ID is the request's id in the admin API.
	ID string
	// Sequence counts the requests of a world from 1, in the order of their
	// arrival.
	Sequence uint64
	// Time is when the request arrived, by the world's clock.
	Time time.Time
	// Duration is the time from the arrival to the response; 0 if the clock is not
	// real.
	Duration time.Duration
	// Timeline is when the parts of the request and its response were there.
	Timeline Timeline

	Method string
	// BasePath is the path of the sandbox that the request was for, such as
	// "/__sandbox/a", and comes before Target. It is blank for the main world, and
	// where the host or the token of the request led to the sandbox.
	BasePath string
	// Target is path and query as sent.
	Target     string
	Path       string // decoded; as sent where it does not decode
	Query      url.Values
	Proto      string // "HTTP/1.1" or "HTTP/2.0"
	Scheme     string // "https" for a request over TLS, otherwise "http"
	Host       string
	RemoteAddr string
	// ServerAddr is the host, with its port, at which the server is reached: what a
	// request without a Host is sent to again. It is no part of JSON.
	ServerAddr string
	Header     http.Header
	// Body is the body without its content encoding; as sent where BodyEncoded is
	// true.
	Body []byte
	// BodyEncoded reports whether Body still has its content encoding: it is no gzip,
	// or it inflates to more bytes than the server accepts.
	BodyEncoded bool
	// RawBody is the body as sent; nil where it is the same as Body.
	RawBody []byte
	// Pending reports whether the request still has no response. The body and the
	// fault are known as soon as the body was read.
	Pending bool
	// Aborted reports whether the client left before the body was complete.
	Aborted bool

	// Operation is the operation's name, such as "webhooks.post"; blank for a
	// request to none.
	Operation string
	// PathParams are the operation's path parameters, decoded.
	PathParams map[string]string
	// Token is the access token as sent; what is not UTF-8 in it is U+FFFD.
	Token string
	// Scopes are the token's when the request arrived; nil for a token that is not
	// valid. They are known whatever responds to the request.
	Scopes []string
	// NeededScopes are the scopes each of which would have granted the operation, if
	// the request was refused because the token has none of them. Only the admin API
	// has them, in its response about one request.
	NeededScopes []string

	Status         int
	ResponseHeader http.Header
	// ResponseBody is the response's body before it was compressed.
	ResponseBody []byte
	// Trigger is the trigger that the request has fired; nil for none.
	Trigger *Trigger
	// Fault is the name of the fault that was applied to the request. For a fault
	// that breaks the connection, Status is that of the lost response, or 0.
	Fault string
	// Violation is what the request broke, if it was refused for that; otherwise
	// nil.
	Violation *contract.Violation
	// Hint explains a common mistake. It is for people: its words may change.
	Hint string
	// Redacted reports whether placeholders stand in place of secrets, as in an export.
	Redacted bool
	// Panic is the text of a panic in the server itself: a bug to report.
	Panic string
}

// Timeline is when the parts of a request and its response were there, after the
// arrival. What is not known, or is still to come, is 0, and so is everything if the
// clock is not real. In JSON the times are in microseconds, and at least 1.
type Timeline struct {
	// Received is when the body of the request was read.
	Received time.Duration
	// ResponseBegun is when the response was known, and began to be sent.
	ResponseBegun time.Duration
	// Ended is when the response was sent, or its connection ended. No line of a
	// journal file has it, which is written before.
	Ended time.Duration
}

// ReadTarget sets the path and the query to those of the target.
func (r *Request) ReadTarget() {
	path, query, _ := strings.Cut(r.Target, "?")
	if decoded, err := url.PathUnescape(path); err == nil {
		path = decoded
	}
	r.Path, r.Query = path, decode.Values(query)
}
