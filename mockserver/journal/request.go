package journal

import (
	"net/http"
	"net/url"
	"time"

	"github.com/losantmock/losantmock/contract"
)

// Request is a request that the server received, and how it was answered. The
// texts are as they were sent: secrets are not replaced.
type Request struct {
	// ID names the request in the admin API.
	ID string
	// Sequence counts the requests of a world from 1, in the order of their
	// arrival.
	Sequence uint64
	// Time is when the request arrived, by the world's clock.
	Time time.Time
	// Duration is from arrival to answer; 0 where the clock is not real.
	Duration time.Duration

	Method string
	// Target is path and query as sent.
	Target     string
	Path       string // decoded
	Query      url.Values
	Proto      string // "HTTP/1.1"
	Host       string
	RemoteAddr string
	Header     http.Header
	Body       []byte
	// Pending says that the request is not answered yet: what follows from
	// its body and its answer is not known.
	Pending bool
	// Aborted says that the client left before the body was complete.
	Aborted bool

	// Operation is the operation's name, such as "webhooks.post"; blank for a
	// request that led to none.
	Operation string
	// PathParams are the operation's path parameters, decoded.
	PathParams map[string]string
	// Token is the access token as sent. Scopes are those it holds; nil where
	// it was not looked at or not known.
	Token  string
	Scopes []string

	Status         int
	ResponseHeader http.Header
	// ResponseBody is the answer before it was compressed.
	ResponseBody []byte
	// Trigger is what the request gave to a workflow; nil for none.
	Trigger *Trigger
	// Fault is the name of the fault that the request has met. With one that
	// breaks the connection, Status is that of the answer that was lost, or 0.
	Fault string
	// Violation is what the request broke, when it was refused for that.
	Violation *contract.Violation
	// Hint says what the client may have meant, where a mistake is a common
	// one. It is for people: its words may change.
	Hint string
	// Panic is what went wrong in the server itself: a bug to report.
	Panic string
}
