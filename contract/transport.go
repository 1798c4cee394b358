package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract/decode"
	"github.com/losantmock/losantmock/contract/internal/capture"
	"github.com/losantmock/losantmock/contract/internal/validate"
	"github.com/losantmock/losantmock/contract/secret"
)

// LosantHost is where the real API is.
const LosantHost = "api.losant.com"

// Transport checks the traffic of a client as it passes. A client uses it as
// its http.RoundTripper:
//
//	transport := &contract.Transport{OnFinding: func(f contract.Finding) { t.Error(f.Message) }}
//	client := &http.Client{Transport: transport}
//
// Requests and responses pass unchanged, and responses arrive as they are
// sent. A response is checked when the client has read it to its end. Requests
// that lead to no operation of the contract pass unchecked. A Transport is safe
// for concurrent use; its fields must not change once it is used.
//
// Package report collects a report from the functions.
type Transport struct {
	// Base sends the requests; nil is [http.DefaultTransport].
	Base http.RoundTripper
	// Hosts are those whose traffic is checked, with their port where the URL
	// has one; nil is [LosantHost].
	Hosts []string
	// API is the contract; nil is that of [Newest].
	API *API
	// OnFinding, when it is set, is called with each finding. What the API
	// would refuse of a request is found before the request is sent, where its
	// body can be read twice. Calls may be concurrent.
	OnFinding func(Finding)
	// OnPass, when it is set, is called with the name of each check that found
	// nothing in a request or in an exchange. Calls may be concurrent.
	OnPass func(check CheckName)
	// OnExchange, when it is set, is called with each exchange of an operation
	// when it is complete, and its findings are known. Calls may be concurrent.
	OnExchange func(*Exchange)
}

func (t *Transport) api() *API {
	if t.API != nil {
		return t.API
	}
	return AtNewest()
}

func (t *Transport) hosts() []string {
	if t.Hosts != nil {
		return t.Hosts
	}
	return []string{LosantHost}
}

// RoundTrip sends a request as Base does.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	op := t.operation(request)
	if op == nil {
		return base.RoundTrip(request)
	}
	e := &Exchange{Method: cmp.Or(request.Method, http.MethodGet), URL: request.URL, RequestHeader: request.Header}
	passing := &passing{transport: t, op: op, e: e, token: secret.New(decode.AccessToken(decode.ParseQuery(request.URL.RawQuery), request.Header.Get("Authorization")).Text)}
	request = passing.captureRequest(request)
	response, err := base.RoundTrip(request)
	if err == nil {
		err = usable(base, request, response)
	}
	if err != nil {
		passing.note(Findings{{Check: CheckServerError, Verdict: CouldNotCheck, Operation: op.Name, Message: err.Error()}})
		return nil, err
	}
	passing.captureResponse(response)
	return response, nil
}

// usable returns an error for what no [http.Client] accepts of a RoundTripper: no
// response, or one with a length and no body. As a client does, it gives a response
// without a length an empty body.
func usable(base http.RoundTripper, request *http.Request, response *http.Response) error {
	switch {
	case response == nil:
		return fmt.Errorf("the RoundTripper (%T) returned neither a response nor an error", base)
	case response.Body != nil:
		return nil
	case response.ContentLength > 0 && request.Method != http.MethodHead:
		return fmt.Errorf("the RoundTripper (%T) returned a response of %d bytes without a body", base, response.ContentLength)
	default:
		response.Body = http.NoBody
		return nil
	}
}

func (t *Transport) operation(request *http.Request) *Operation {
	if request.URL == nil || !slices.ContainsFunc(t.hosts(), func(host string) bool { return strings.EqualFold(host, request.URL.Host) }) {
		return nil
	}
	op, _ := t.api().OperationAt(cmp.Or(request.Method, http.MethodGet), request.URL)
	return op
}

// passing is an exchange on its way through a Transport.
type passing struct {
	transport *Transport
	op        *Operation
	e         *Exchange
	token     secret.Secret
	sent      *capture.Body // nil where the request's body was read beforehand
	checked   bool          // whether the request has been checked
}

// captureRequest reads the request's body, where it can be read twice, and
// else copies it as it is sent.
func (p *passing) captureRequest(request *http.Request) *http.Request {
	if request.Body == nil || request.Body == http.NoBody {
		p.checkRequest()
		return request
	}
	if request.GetBody != nil {
		if body, err := request.GetBody(); err == nil && body != nil {
			p.e.RequestBody, _ = decode.ReadResponse(body)
			_ = body.Close()
			p.checkRequest()
			return request
		}
	}
	p.sent = capture.New(request.Body, nil)
	copied := request.WithContext(request.Context()) // a RoundTripper must not change the request
	copied.Body = p.sent
	return copied
}

func (p *passing) checkRequest() {
	p.checked = true
	c := newChecking(p.transport.api(), p.e)
	if c == nil || c.refusal == nil {
		p.pass(CheckOfRequest)
		return
	}
	message := c.refusal.Field + " " + c.refusal.detailed()
	f := Finding{Check: CheckOfRequest, Verdict: Breaks, Operation: p.op.Name, Field: c.refusal.Field, Message: "the API would refuse this: " + message}
	if c.refusedBy() == Ours && c.refusal.What == validate.MoreThanMaximum { // the least page is documented
		f.Verdict, f.Source, f.Message = News, Ours, "the API may refuse this, by a rule that is not public: "+message
	}
	p.note(Findings{f})
}

// captureResponse copies the response's body as the client reads it, and checks
// it at its end.
func (p *passing) captureResponse(response *http.Response) {
	p.e.Status, p.e.Header = response.StatusCode, response.Header
	if response.StatusCode == http.StatusSwitchingProtocols {
		return // its body is the connection, to write to as well
	}
	response.Body = capture.New(response.Body, p.complete)
}

// complete checks the exchange.
func (p *passing) complete(received *capture.Body) {
	if p.sent != nil {
		p.e.RequestBody = p.sent.Copied()
	}
	if !p.checked {
		p.checkRequest()
	}
	body, err := decode.InflateResponse(received.Copied(), p.e.Header.Get("Content-Encoding"))
	if err == nil && received.TooLarge() {
		err = decode.ErrResponseTooLarge
	}
	// A client may stop reading behind the last brace.
	if _, broken := decode.JSON(body); err == nil && broken != nil && !received.Whole() {
		p.note(Findings{{Check: CheckSchema, Verdict: CouldNotCheck, Operation: p.op.Name, Message: "the client did not read the response to its end"}})
		return
	}
	if err != nil {
		p.note(Findings{{Check: CheckSchema, Verdict: CouldNotCheck, Operation: p.op.Name, Message: err.Error()}})
		return
	}
	p.e.Body = body
	findings := p.transport.api().Check(p.e)
	for _, check := range ExchangeChecks() {
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Check == check }) {
			p.pass(check)
		}
	}
	p.note(findings)
	if p.transport.OnExchange != nil {
		p.transport.OnExchange(p.e)
	}
}

func (p *passing) pass(check CheckName) {
	if p.transport.OnPass != nil {
		p.transport.OnPass(check)
	}
}

func (p *passing) note(findings Findings) {
	if p.transport.OnFinding == nil {
		return
	}
	for _, f := range findings {
		f.Field, f.Message = p.token.Scrub(f.Field), p.token.Scrub(f.Message) // a server may repeat it
		p.transport.OnFinding(f)
	}
}
