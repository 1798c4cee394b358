package admin

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// completeness reports whether a response may lack what was evicted.
type completeness struct {
	Incomplete bool   `json:"incomplete,omitempty"`
	Evicted    uint64 `json:"evicted,omitempty"`
}

func completeAfter(evicted uint64) completeness { return completeness{evicted > 0, evicted} }

// completenessOf returns what the verdict goes by: a name that a question mentions
// may have been evicted with a record of the other kind.
func completenessOf[R, S any](found match.Found[R, S]) completeness {
	return completeness{found.Incomplete, found.Kept.Evicted}
}

type listMeta struct {
	Total int `json:"total"`
}

// exportRequests returns requests in one of [journal.Formats], without their
// secrets.
func (a *Admin) exportRequests(r *request) (any, error) {
	filter, err := readFilter(r)
	if err != nil {
		return nil, err
	}
	format := cmp.Or(journal.Format(r.query["format"]), journal.HAR)
	if !slices.Contains(journal.Formats(), format) {
		return nil, failure(http.StatusBadRequest, "", fmt.Sprintf("%q is no format to export, use one of %q", format, journal.Formats()))
	}
	rec := r.world.Era().Journal
	found, err := filter.find(r, r.world.Era())
	if err != nil {
		return nil, err
	}
	header := map[string]string{
		"Content-Type":        "application/octet-stream",
		"Content-Disposition": `attachment; filename="requests.` + string(format) + `"`,
	}
	requests := requestsOf(r, rec, found.Records)
	return streamed{header, func(w io.Writer) error { return journal.ExportSeq(w, format, requests, false) }}, nil
}

// requestsOf returns requests as they are now: a request without a response stays
// so, however often the sequence is read. The server's address is that of the call.
// The sequence ends when the client has left.
func requestsOf(r *request, rec *recorder.Recorder, entries []*recorder.Entry) iter.Seq[journal.Request] {
	pending, server := map[*recorder.Entry]journal.Request{}, serverOf(r, rec)
	for _, e := range entries {
		if e.Pending() {
			request := rec.Request(e)
			request.Trigger = nil // whose payload may be large, and is in no export
			pending[e] = request
		}
	}
	return func(yield func(journal.Request) bool) {
		for _, e := range entries {
			request, ok := pending[e]
			if !ok {
				request = rec.Request(e)
			}
			request.ServerAddr = server
			if r.Context().Err() != nil || !yield(request) {
				return
			}
		}
	}
}

// serverOf returns where a call has reached the server that a journal is of; blank for a
// journal that was read from a file.
func serverOf(r *request, rec *recorder.Recorder) string {
	if rec.IsRestored() {
		return ""
	}
	return wire.Reached(r.Request)
}

func (a *Admin) deleteRequests(r *request) (any, error) {
	r.world.Era().Journal.Clear()
	return done{}, nil
}

func (a *Admin) getRequest(r *request) (any, error) {
	id, err := requestID(r)
	if err != nil {
		return nil, err
	}
	rec := r.world.Era().Journal
	e := rec.Find(id)
	if e == nil {
		return nil, failure(http.StatusNotFound, "", "no request has the id "+id)
	}
	request := rec.Request(e)
	request.NeededScopes = neededScopes(r.world.Era().State.API, e)
	return request, nil
}

// neededScopes returns the scopes each of which would have granted the operation of a
// request; nil unless the request was refused for the lack of them.
func neededScopes(api *contract.API, e *recorder.Entry) (needed []string) {
	o, op := e.Outcome(), e.Operation
	if o.Response.Status != http.StatusForbidden || o.Fault != "" || op == nil || api.Operation(op.Name) != op || api.Grants(e.Scopes).Allows(op) {
		return nil
	}
	for _, scope := range api.Scopes() {
		if api.Grants([]string{scope}).Allows(op) {
			needed = append(needed, scope)
		}
	}
	return needed
}

// deleteRequest removes a request, if it is there.
func (a *Admin) deleteRequest(r *request) (any, error) {
	id, err := requestID(r)
	if err != nil {
		return nil, err
	}
	rec := r.world.Era().Journal
	unwanted := rec.Find(id)
	rec.Remove(func(e *recorder.Entry) bool { return e == unwanted })
	return done{}, nil
}

// requestID returns the id in the path of a call, in lower case.
func requestID(r *request) (string, error) {
	id, err := uuidOf(r.param("id"))
	return id, withStatus(http.StatusBadRequest, err)
}

// uuidOf returns the UUID that a text is, in lower case.
func uuidOf(text string) (string, error) {
	id := strings.ToLower(text)
	if _, ok := recorder.ParseUUID(id); !ok {
		return "", fmt.Errorf("%s is not a valid UUID", text)
	}
	return id, nil
}
