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
	callTime = 30 * time.Second
	heldTime = 500 * time.Millisecond // without a response, of a call that is held
	longTime = 85 * time.Second       // for a response to a call that is held for a minute
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
	// Change has properties that the webhook is changed to before the call.
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
	typed  string // the content type of the body; blank is application/json
	to     place
	// signedAt is the age of the Timestamp that Alexa sends beside its signature; nil
	// sends none.
	signedAt *time.Duration

	held    bool   // whether no response is to come
	long    bool   // whether the response takes a minute
	message []byte // to send over the WebSocket that the call opens
}

// place is the URL that is called.
type place int

const (
	byToken   place = iota
	byID            // the webhook's id in place of its token
	byUnknown       // a token of no webhook
)

// Webhook is what calls need to know of a webhook.
type Webhook struct {
	Token, ID string
	// Now is when it was created, by the clock of the server.
	Now time.Time
}

// Outcome is what came of a call.
type Outcome struct {
	// Exchange has the status 0 where there was no response while the call was held.
	Exchange *contract.Exchange
	took     time.Duration
	closed   int // the code with which a WebSocket was closed; 0 where it stayed open, -1 where there was none
}

// IsRepeatable reports whether the call may be sent again to see whether what it found
// lasts.
func (c *Call) IsRepeatable() bool { return !c.request.long }

// Send sends the call to a webhook. It fails where there is no response, unless the call
// is to be held.
func (c *Call) Send(ctx context.Context, client *live.Client, hook Webhook) (*Outcome, error) {
	limit := callTime
	switch {
	case c.request.held:
		limit = heldTime
	case c.request.long:
		limit = longTime
	}
	limited, cancel := context.WithTimeout(ctx, limit+client.Pace())
	defer cancel()
	call := c.call(hook)
	if c.request.message != nil {
		return talk(limited, client, call, c.request.message)
	}
	began := time.Now()
	e, err := client.Do(limited, call)
	if c.request.held && err != nil && errors.Is(limited.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		e, err = exchangeOf(call), nil
	}
	return &Outcome{Exchange: e, took: time.Since(began)}, err
}

// call returns the call of a webhook's URL.
func (c *Call) call(hook Webhook) live.Call {
	r := &c.request
	token := hook.Token
	switch r.to {
	case byID:
		token = hook.ID
	case byUnknown:
		token = "losantmock-check-token-of-no-webhook-0000"
	}
	call := live.Call{Method: r.method, Target: "/webhooks/" + url.PathEscape(token) + r.path, Header: http.Header{}, Auth: &r.auth}
	if call.Method == "" {
		call.Method = http.MethodPost
	}
	for name, value := range r.header {
		call.Header.Set(name, value)
	}
	if r.body != "" {
		call.Body = []byte(r.body)
	}
	if r.typed != "" {
		call.Header.Set("Content-Type", r.typed)
	}
	if r.signedAt != nil {
		call.Header.Set("Timestamp", hook.Now.Add(-*r.signedAt).UTC().Format(time.RFC3339))
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
	return slices.Concat(plainCases(), authenticationCases(), handshakeCases(), originCases(), socketCases(), heldCases())
}
