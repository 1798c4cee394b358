package world

import (
	"context"
	"errors"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/life"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// Sending is a request that has arrived without a client.
type Sending struct {
	ID    string          // of its entry
	Done  <-chan struct{} // closed when it has its response
	Leave func()          // disconnects the client

	entry *recorder.Entry
}

// Status returns the status of the response, at the end; 0 if a fault kept it from
// being sent.
func (s *Sending) Status() int { return s.entry.Outcome().Response.Status }

// Send sends a request, such as one that was recorded, from an address, on the way of
// every request. It returns when the request has arrived. The error says why it can't be
// sent.
func (w *World) Send(request *journal.Request, from string) (*Sending, error) {
	// The request has no values of another context: a fault that breaks a connection must
	// not find that of who sends it.
	own, leave := context.WithCancel(context.Background())
	if request.BasePath != "" {
		own = context.WithValue(own, prefixKey{}, true)
	}
	r, err := request.Arriving(own)
	if err == nil && !w.all.Background.Begin() {
		err = life.ErrShutdown
	}
	if err != nil {
		leave()
		return nil, err
	}
	r.RemoteAddr = from
	e, unused := w.Era(), w.Use()
	entry := e.newEntry(r)
	arrived, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer w.all.Background.Done()
		defer leave()
		defer unused()
		defer close(done)
		panicked := w.all.Panics.Catch(func() {
			wire.Captured(func(rw http.ResponseWriter) {
				untilAborted(func() { e.serve(rw, r, entry, func() { close(arrived) }) })
			})
		})
		if panicked != "" {
			w.all.Panics.Log(r.Method, request.Target, panicked)
		}
	}()
	select {
	case <-arrived:
	case <-done: // a panic
	}
	sent := &Sending{e.Journal.ID(entry.Sequence), done, leave, entry}
	w.all.sendings.add(sendingID{e, sent.ID}, sent)
	return sent, nil
}

// untilAborted does work that a fault may end with [http.ErrAbortHandler].
func untilAborted(work func()) {
	defer func() {
		problem := recover()
		if err, _ := problem.(error); problem != nil && !errors.Is(err, http.ErrAbortHandler) {
			panic(problem)
		}
	}()
	work()
}
