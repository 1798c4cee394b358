// Package trigger calls webhooks' own URLs as third parties do, and says what their
// responses must be.
//
// The rules are a table: a [Case] is a webhook with calls, and a [Call] has the rules of
// its response, each with its source. Much of what is known of these URLs nobody but
// Losant can confirm: a rule that is not documented has a check of its own, which passes
// once for each that a server confirms.
package trigger

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/contract/live"
)

// The times of calls.
const (
	callTime = 10 * time.Second
	longTime = 85 * time.Second // for a response to a call that is held for a minute
)

// Case is a webhook and the calls of its URL.
type Case struct {
	Title string
	// Webhook has the properties that the webhook is created with, beside its name.
	Webhook map[string]any
	// Slow says that the case takes a minute.
	Slow  bool
	Calls []Call
}

// Call is a call of the webhook's URL, and what its response must be.
type Call struct {
	Title string
	// Change has properties that the webhook is changed to before the call. Those that
	// it lacks stay as they are.
	Change map[string]any
	// Deleted says that the webhook is deleted before the call.
	Deleted bool

	request request
	rules   []Rule
}

// request is what a call sends.
type request struct {
	method string // blank is POST
	path   string // behind the token, with its query
	header map[string]string
	auth   string // of the header Authorization
	body   string
	typed  string // the content type of the body; blank is application/json, untyped none
	to     place  // nil is the webhook's own URL
	// signedAt is the age of the Timestamp that Alexa sends beside its signature; nil
	// sends none.
	signedAt *time.Duration

	held     time.Duration // in which no response is to come
	long     bool          // whether the response takes a minute
	messages []string      // to send over the WebSocket that the call opens
}

// Outcome is what came of a call.
type Outcome struct {
	// Exchange has the status 0 where there was no response while the call was held.
	Exchange *contract.Exchange
	took     time.Duration // to the head of the response
	age      time.Duration // of the webhook
	http2    bool
	closed   int // the code with which a WebSocket was closed; 0 where it stayed open, -1 where there was none
}

// IsRepeatable reports whether the call may be sent again to see whether what it found
// lasts.
func (c *Call) IsRepeatable() bool { return !c.request.long }

// Send sends the call to a webhook. It fails where there is no response, unless the call
// is to be held. It fails with an outcome where the response is that of a service which
// is overloaded, or a page of a proxy.
func (c *Call) Send(ctx context.Context, client *live.Client, hook Webhook) (*Outcome, error) {
	limit := callTime
	switch {
	case c.request.held > 0:
		limit = c.request.held
	case c.request.long:
		limit = longTime
	}
	limited, cancel := context.WithTimeout(ctx, limit+client.Pace())
	defer cancel()
	call := c.call(hook)
	if c.request.messages != nil {
		return talk(limited, client, call, c.request.messages)
	}
	var seen head
	began := time.Now()
	e, err := client.Do(seen.trace(limited), call)
	for try := 0; err != nil && try < 3 && c.request.held > 0 && limited.Err() == nil; try++ { // the connection broke
		e, err = client.Do(seen.trace(limited), call)
	}
	if c.request.held > 0 && err != nil && errors.Is(limited.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		e, err = exchangeOf(call), nil
	}
	if err != nil {
		return nil, err
	}
	o := &Outcome{Exchange: e, age: time.Since(hook.made)}
	o.took, o.http2 = seen.after(began)
	return o, c.loss(o)
}

// loss returns an error where the response is not that of a webhook: one of a service that is
// overloaded, and a page where the status is not that of a refusal which is wanted.
func (c *Call) loss(o *Outcome) error {
	status := o.Exchange.Status
	waited := c.request.long || c.request.held > 0 && status == http.StatusGatewayTimeout
	if contract.Unavailable(status) && !waited {
		return errors.New("the response is " + contract.StatusText(status))
	}
	findings, _ := c.Judge(o)
	breaks := func(f contract.Finding) bool { return f.Verdict == contract.Breaks }
	if o.Exchange.IsPage() && slices.ContainsFunc(findings, breaks) {
		return errors.New("the response is HTML, as of a proxy, and not that of a webhook: " + contract.StatusText(status))
	}
	return nil
}

// IsKnown reports whether the host knows the webhook of an outcome. One that does not
// has the same status for a token of no webhook.
func (c *Call) IsKnown(ctx context.Context, client *live.Client, o *Outcome) bool {
	other := *c
	other.request.to = byUnknown
	unknown, err := other.Send(ctx, client, Webhook{})
	return err != nil || unknown.Exchange.Status != o.Exchange.Status
}

// call returns the call of a webhook's URL.
func (c *Call) call(hook Webhook) live.Call {
	r := &c.request
	to := r.to
	if to == nil {
		to = byToken
	}
	call := live.Call{
		Method: r.method, Target: to(hook) + r.path, Header: http.Header{}, Auth: &r.auth,
		Safe: r.held == 0 && !r.long, // of those, 504 says something
	}
	if call.Method == "" {
		call.Method = http.MethodPost
	}
	for name, value := range r.header {
		call.Header.Set(name, value)
	}
	if r.body != "" {
		call.Body = []byte(r.body)
	}
	switch r.typed {
	case "":
	case untyped:
		call.Header["Content-Type"] = nil
	default:
		call.Header.Set("Content-Type", r.typed)
	}
	if r.signedAt != nil {
		call.Header.Set("Timestamp", hook.now.Add(-*r.signedAt).UTC().Format(time.RFC3339))
	}
	return call
}

// exchangeOf returns the exchange of a call without a response.
func exchangeOf(call live.Call) *contract.Exchange {
	target, err := url.Parse(call.Target)
	if err != nil {
		panic(err) // targets are made here
	}
	header := call.Header.Clone()
	header.Set("Authorization", *call.Auth)
	return &contract.Exchange{Method: call.Method, URL: target, RequestHeader: header, RequestBody: call.Body, Header: http.Header{}}
}

// Judge holds an outcome of the call against its rules. It returns the findings, and
// for each rule that the outcome confirms its check.
func (c *Call) Judge(o *Outcome) (found []contract.Finding, confirmed []contract.CheckName) {
	for _, r := range c.rules {
		problem := r.problem(o)
		if problem == "" {
			confirmed = append(confirmed, r.check())
			continue
		}
		f := contract.NewFinding(r.check(), r.source, r.field, c.Title+": "+problem)
		f.Operation = contract.OperationTrigger
		found = append(found, f)
	}
	return found, confirmed
}

// Cases returns all cases. The first one shows that webhooks can be called at all.
func Cases() []Case {
	return slices.Concat(plainCases(), sizeCases(), authenticationCases(), handshakeCases(), originCases(), socketCases(), heldCases())
}
