package mockserver

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// exchange is a request to the API, or a call of a webhook, on its way to its
// response.
type exchange interface {
	// faultSubject is the request as faults look at it.
	faultSubject() faultSubject
	// respond takes the request through the steps of the real service.
	respond() *reply
	// finish adds what a response has by its request alone, whoever responds.
	finish(*reply)
	// vary lets a pedant vary the response.
	vary(*pedant, *reply)
	// outcome is what the journal keeps of the request and its response.
	outcome(*reply) outcome
	// takeOver reports whether the exchange sends the rest by itself, as a
	// WebSocket does.
	takeOver(*reply) bool
}

// serve responds to a request, and records it: the one way of every request.
// The entry is in the journal from the request's arrival, and complete before
// the response is on its way, so that a client that has its response always
// finds the request.
func (e *era) serve(rw http.ResponseWriter, r *http.Request) {
	at, began := e.state.clock.tick(), time.Now()
	entry := newEntry(r, at)
	e.journal.open(entry)

	x := e.read(rw, r, at, entry)
	fault := e.faults.pick(x.faultSubject)
	response := fault.around(x.respond)
	x.finish(response)
	x.vary(e.pedant, response)
	fault.wait(r.Context(), e.life)

	o := x.outcome(response)
	o.took, o.fault = e.state.clock.took(began), fault.named()
	response = e.record(entry, o, response)
	if x.takeOver(response) {
		return
	}
	fault.send(response, rw, r.Context(), e.life, e.state.ids.bytes)
}

// read reads the body of a request, and tells a call of a webhook from a
// request to the API.
func (e *era) read(rw http.ResponseWriter, r *http.Request, at time.Time, entry *entry) exchange {
	if token, ok := triggerToken(r); ok {
		body := readBody(rw, r, e.triggers.settings.MaxBody)
		return &triggerExchange{e.triggers.newCall(rw, r, token, at, body, entry)}
	}
	return &apiExchange{e.api.newCall(r, at, readBody(rw, r, e.api.maxBody))}
}

// record records a request with its response, and returns the response to
// send: where a strict journal file can't be written, it is another one.
func (e *era) record(entry *entry, o outcome, response *reply) *reply {
	if e.file != nil && !e.file.write(e.journal.request(entry.answeredWith(o))) && e.file.strict {
		response = notJournaled(response)
		o.answer = *response
	}
	e.journal.close(entry, o)
	e.log(entry)
	return response
}

// notJournaled takes the place of a response that is in no journal file. Its
// request has had its effect.
func notJournaled(meant *reply) *reply {
	r := apiError(http.StatusServiceUnavailable, "JournalUnavailable", "The request was carried out, and the journal file could not be written")
	r.origin, r.gzipped, r.bodiless = meant.origin, meant.gzipped, meant.bodiless
	return r
}

// log writes one line for a request. Tokens and bodies stay out of it.
func (e *era) log(entry *entry) {
	o, logger := entry.known(), e.worlds.settings.logger
	level := slog.LevelInfo
	if o.panic != "" {
		level = slog.LevelError
	}
	if !logger.Enabled(context.Background(), level) {
		return
	}
	path, _, _ := strings.Cut(entry.target, "?") // a query can hold a token
	fields := []slog.Attr{
		slog.String("method", entry.method),
		slog.String("path", path),
		slog.Int("status", o.answer.status),
		slog.Duration("took", o.took),
	}
	if o.op != nil {
		fields = append(fields, slog.String("operation", o.op.Name))
	}
	if v := o.answer.violation; v != nil {
		fields = append(fields, slog.String("why", v.Error()))
	}
	if o.hint != "" {
		fields = append(fields, slog.String("hint", o.hint))
	}
	if o.panic != "" {
		fields = append(fields, slog.String("panic", o.panic))
	}
	logger.LogAttrs(context.Background(), level, "request", fields...)
}
