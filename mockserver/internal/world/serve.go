package world

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/losantmock/losantmock/contract/visible"
	"github.com/losantmock/losantmock/mockserver/internal/faults"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/trigger"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// Serve responds to a request, and records it: the one way of every request to the
// API and of every call of a webhook.
//
// The entry is added to the journal when the request arrives. The body and the
// fault are noted before the response is held back, and the entry is completed before
// the response is sent: a client that has its response always finds the request.
func (e *Era) Serve(rw http.ResponseWriter, r *http.Request) {
	e.serve(rw, r, e.newEntry(r), func() {})
}

// serve is Serve with the entry of the request, and with what is called when that is in
// the journal.
func (e *Era) serve(rw http.ResponseWriter, r *http.Request, entry *recorder.Entry, arrived func()) {
	began := time.Now()
	defer e.recordPanic(entry)
	x := e.identify(rw, r, entry)
	defer x.Close()
	defer func() { entry.End(e.State.Clock.Took(began)) }()
	e.Journal.Arrive(entry)
	arrived()

	x.ReadBody()
	fault := e.Faults.Pick(func() faults.Subject { return faultSubject(x, r, entry) }) // nil for none, which leaves everything as it is
	noted := x.sent()
	noted.Fault, noted.Received = fault.Name(), e.State.Clock.Took(began)
	e.Journal.Note(entry, noted)
	var panicked string
	response := fault.Around(func() (response *wire.Response) {
		response, panicked = e.respond(x)
		return response
	})
	x.Finish(response)
	x.vary(e.Pedant, response)
	fault.Wait(r.Context(), e.Life)

	o := x.outcome(response)
	o.Took, o.Received, o.Fault, o.Panic = e.State.Clock.Took(began), noted.Received, fault.Name(), panicked
	response = e.record(entry, o, response)
	if !fault.Breaks() && x.TakeOver(response) {
		return
	}
	fault.Send(response, rw, r.Context(), e.Life, e.State.IDs.Bytes)
}

// newEntry returns the entry of a request that arrives.
func (e *Era) newEntry(r *http.Request) *recorder.Entry {
	entry := recorder.NewEntry(r, e.State.Clock.Tick())
	entry.Prefixed = hadPrefix(r)
	return entry
}

// identify finds out what a request is about: whether it is a call of a webhook or
// a request to the API, to what, and which scopes its token has.
func (e *Era) identify(rw http.ResponseWriter, r *http.Request, entry *recorder.Entry) (x exchange) {
	if token, ok := trigger.TokenOf(r); ok {
		x = triggerExchange{e.Triggers.NewCall(rw, r, token, entry)}
		entry.MaxBody = e.Triggers.Settings.MaxBody
	} else {
		x = apiExchange{e.api.NewCall(rw, r, entry.At)}
		entry.MaxBody = e.worlds.Settings.MaxBody
	}
	entry.Identify(x.Identity())
	entry.Scopes = x.Scopes()
	return x
}

// respond lets an exchange respond. If that panics it returns the text of the panic
// too, and the rest of the way is the usual one.
func (e *Era) respond(x exchange) (response *wire.Response, panicked string) {
	panicked = e.worlds.Panics.Catch(func() { response = x.Respond() })
	if panicked != "" {
		response = x.Failed()
	}
	return response, panicked
}

// record records a request with its response, and returns the response to send:
// another one if the journal file is strict and can't be written.
func (e *Era) record(entry *recorder.Entry, o recorder.Outcome, response *wire.Response) *wire.Response {
	if e.file != nil && !e.file.Write(e.Journal.Request(entry.With(o))) && e.file.Strict {
		response = notJournaled(response)
		o.Response = *response
	}
	e.Journal.Complete(entry, o)
	e.log(entry)
	return response
}

// recordPanic is deferred around a request. It records one whose way ends with a
// panic outside respond; the panic goes on to the server, which responds to it.
// Whatever else panics meanwhile, no request stays pending.
func (e *Era) recordPanic(entry *recorder.Entry) {
	problem := recover()
	if problem == nil {
		return
	}
	if entry.Sequence == 0 {
		e.Journal.Arrive(entry)
	}
	if entry.Pending() {
		response := wire.ServerError()
		o := *entry.Outcome()
		o.Panic, o.Response = fmt.Sprint(problem), *response
		defer func() {
			if entry.Pending() {
				e.Journal.Complete(entry, o)
			}
		}()
		e.record(entry, o, response)
	}
	panic(problem)
}

// RecordRefused records a request that no step of the API sees, with its response,
// and returns the response to send. What it is about is known from its request line
// and its header all the same.
func (e *Era) RecordRefused(refused *wire.Refusal) *wire.Response {
	r := refused.Request
	entry := e.newEntry(r)
	defer e.recordPanic(entry)
	entry.Target = refused.Target
	e.identify(nil, r, entry)
	e.Journal.Arrive(entry)
	return e.record(entry, recorder.Outcome{Body: refused.Body, Aborted: refused.Aborted, Response: *refused.Response, Hint: refused.Hint}, refused.Response)
}

// notJournaled replaces a response that is in no journal file. The request has
// taken effect.
func notJournaled(meant *wire.Response) *wire.Response {
	r := wire.Error(http.StatusServiceUnavailable, "JournalUnavailable", "The request was carried out, and the journal file could not be written")
	r.Origin, r.Gzipped, r.Bodiless = meant.Origin, meant.Gzipped, meant.Bodiless
	return r
}

// log writes one line for a request, without tokens and bodies.
func (e *Era) log(entry *recorder.Entry) {
	o, logger := entry.Outcome(), e.worlds.Settings.Logger
	level := slog.LevelInfo
	if o.Panic != "" {
		level = slog.LevelError
	}
	if !logger.Enabled(context.Background(), level) {
		return
	}
	fields := []slog.Attr{
		slog.String("method", visible.Text(entry.Method())),
		slog.String("path", visible.Text(entry.Path())), // a query can hold a token
		slog.Int("status", o.Response.Status),
		slog.Duration("took", o.Took),
	}
	if entry.Operation != nil {
		fields = append(fields, slog.String("operation", entry.Operation.Name))
	}
	if v := o.Response.Violation; v != nil {
		fields = append(fields, slog.String("why", visible.Text(v.Error())))
	}
	if o.Hint != "" {
		fields = append(fields, slog.String("hint", visible.Text(o.Hint)))
	}
	if o.Panic != "" {
		fields = append(fields, slog.String("panic", visible.Lines(o.Panic)))
	}
	logger.LogAttrs(context.Background(), level, "request", fields...)
}
