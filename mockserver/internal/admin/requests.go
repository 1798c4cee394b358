package admin

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
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

// listMembers are the members behind the list of requests.
type listMembers struct {
	Meta                   listMeta `json:"meta"`
	RequestJournalDisabled bool     `json:"requestJournalDisabled"`
	completeness
	// RejectedBeforeHandler counts requests that were no HTTP.
	RejectedBeforeHandler uint64 `json:"rejectedBeforeHandler"`
	// LastEventID is where the stream goes on behind this list.
	LastEventID string `json:"lastEventId"`
}

// requestSummary is a request in the list of the page.
type requestSummary struct {
	ID        string `json:"id"`
	Sequence  uint64 `json:"sequence"`
	Time      int64  `json:"time"` // in milliseconds since 1970
	Method    string `json:"method"`
	Target    string `json:"target"`
	Operation string `json:"operation,omitempty"`
	Status    int    `json:"status"`
	Duration  int64  `json:"durationMicros"`
	Pending   bool   `json:"pending,omitempty"`
	Aborted   bool   `json:"aborted,omitempty"`
	Token     string `json:"token,omitempty"`
	Violation string `json:"violation,omitempty"`
	Fault     string `json:"fault,omitempty"`
	Hint      string `json:"hint,omitempty"`
}

func newSummary(rec *recorder.Recorder, e *recorder.Entry) requestSummary {
	o, s := e.Outcome(), match.NewSubject(e)
	return requestSummary{
		ID: rec.ID(e.Sequence), Sequence: e.Sequence, Time: e.At.UnixMilli(), Method: e.Method, Target: e.Target,
		Operation: s.Operation(), Status: o.Response.Status, Duration: o.Took.Microseconds(), Pending: e.Pending(),
		Aborted: o.Aborted, Token: e.Token, Violation: s.Violation(), Fault: o.Fault, Hint: o.Hint,
	}
}

// listRequests lists the newest first, as WireMock does.
func (a *Admin) listRequests(r *request) (any, error) {
	filter, err := readListFilter(r)
	if err != nil {
		return nil, err
	}
	era := r.world.Era()
	rec := era.Journal
	lastEventID := rec.LastEventID() // before looking, so that nothing is missed between
	found, err := filter.find(r, era)
	if err != nil {
		return nil, err
	}
	total := len(found.Kept.All)
	slices.Reverse(found.Records)
	return listing{name: "requests", list: filter.list(r, rec, found.Records), after: listMembers{
		Meta:                  listMeta{Total: total},
		completeness:          completenessOf(found),
		RejectedBeforeHandler: a.program.Rejected.Load(),
		LastEventID:           lastEventID,
	}}.streamed(), nil
}

// exportRequests returns requests in one of [journal.Formats], without their
// secrets.
func (a *Admin) exportRequests(r *request) (any, error) {
	filter, err := readListFilter(r)
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

// listFilter is the query of a list of requests.
type listFilter struct {
	pattern   match.Pattern
	unmatched bool
	summary   bool
	limit     int
}

// find finds the requests that the filter matches, oldest first.
func (f listFilter) find(r *request, era *world.Era) (requestsFound, error) {
	ctx, cancel := r.question()
	defer cancel()
	found := match.Requests(era.Journal, era).Find(ctx, f.pattern)
	if f.unmatched {
		found.Records = slices.DeleteFunc(found.Records, (*recorder.Entry).Matched)
	}
	return found, inQuery(found.Err)
}

// list yields entries in the form in which they are listed, until the client has
// left.
func (f listFilter) list(r *request, rec *recorder.Recorder, entries []*recorder.Entry) iter.Seq[any] {
	form := func(e *recorder.Entry) any { return rec.Request(e) }
	if f.summary {
		form = func(e *recorder.Entry) any { return newSummary(rec, e) }
	}
	return forms(r, entries[:min(len(entries), f.limit)], form)
}

// requestsOf returns requests as they are now: a request without a response stays
// so, however often the sequence is read. The server's address is that of the call.
// The sequence ends when the client has left.
func requestsOf(r *request, rec *recorder.Recorder, entries []*recorder.Entry) iter.Seq[journal.Request] {
	pending := map[*recorder.Entry]journal.Request{}
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
			request.ServerAddr = r.Host
			if r.Context().Err() != nil || !yield(request) {
				return
			}
		}
	}
}

func readListFilter(r *request) (f listFilter, err error) {
	if f.unmatched, err = r.truth("unmatched"); err != nil {
		return f, err
	}
	if f.summary, err = r.truth("summary"); err != nil {
		return f, err
	}
	if f.limit, err = r.wholeNumber("limit", math.MaxInt); err != nil {
		return f, err
	}
	if operation := r.query["operation"]; operation != "" {
		f.pattern = f.pattern.And(match.OperationIs(operation))
	}
	if method := r.query["method"]; method != "" {
		f.pattern = f.pattern.And(match.MethodIs(method))
	}
	if r.query["status"] != "" {
		status, err := r.wholeNumber("status", 0)
		if err != nil {
			return f, err
		}
		f.pattern = f.pattern.And(match.StatusIs(status))
	}
	if since := r.query["since"]; since != "" {
		at, err := time.Parse(time.RFC3339, since)
		if err != nil {
			return f, failure(http.StatusBadRequest, "since", since+" is not a valid ISO8601 date")
		}
		f.pattern = f.pattern.And(match.ArrivedSince(at))
	}
	return f, nil
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
	return rec.Request(e), nil
}

// curlOfRequest returns a command that sends a request again, with its secrets.
func (a *Admin) curlOfRequest(r *request) (any, error) {
	found, err := a.getRequest(r)
	if err != nil {
		return nil, err
	}
	request := found.(journal.Request)
	request.ServerAddr = r.Host
	command, err := request.Command("-i")
	if err != nil {
		return nil, withStatus(http.StatusConflict, err)
	}
	return document{map[string]string{"Content-Type": "text/plain; charset=utf-8"}, []byte(command)}, nil
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
	id := r.param("id")
	if _, ok := recorder.ParseUUID(strings.ToLower(id)); !ok {
		return "", failure(http.StatusBadRequest, "", id+" is not a valid UUID")
	}
	return strings.ToLower(id), nil
}
