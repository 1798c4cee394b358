package world

import (
	"context"
	"errors"
	"net/http"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// Replay sends a request once more, from an address, on the way of every request. It
// returns the id of its entry and the status of its response; 0 if a fault kept it from
// being sent. A call that waits for a reply waits until the context is done. The error
// says why the request can't be sent again.
func (w *World) Replay(ctx context.Context, request *journal.Request, from string) (id string, status int, err error) {
	// The request has no values of the context: a fault that breaks a connection must
	// not find that of who asks for the replay.
	own, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	if request.BasePath != "" {
		own = context.WithValue(own, prefixKey{}, true)
	}
	r, err := request.Arriving(own)
	if err != nil {
		return "", 0, err
	}
	r.RemoteAddr = from
	defer w.Use()()
	e := w.Era()
	entry := e.newEntry(r)
	wire.Captured(func(rw http.ResponseWriter) { untilAborted(func() { e.serve(rw, r, entry) }) })
	return e.Journal.ID(entry.Sequence), entry.Outcome().Response.Status, nil
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
