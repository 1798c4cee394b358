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
	"github.com/losantmock/losantmock/mockserver/journal"
)

// completeness reports whether a response may lack what was evicted.
type completeness struct {
	Incomplete bool   `json:"incomplete,omitempty"`
	Evicted    uint64 `json:"evicted,omitempty"`
}

func completeAfter(evicted uint64) completeness { return completeness{evicted > 0, evicted} }

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
	rec := filter.journal
	lastEventID := rec.LastEventID() // before looking, so that nothing is missed between
	entries, evicted := rec.Snapshot()
	slices.Reverse(entries)
	return listing{name: "requests", list: filter.list(r, entries), after: listMembers{
		Meta:                  listMeta{Total: len(entries)},
		completeness:          completeAfter(evicted),
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
	header := map[string]string{
		"Content-Type":        "application/octet-stream",
		"Content-Disposition": `attachment; filename="requests.` + string(format) + `"`,
	}
	requests := filter.requests(r)
	return streamed{header, func(w io.Writer) error { return journal.ExportSeq(w, format, requests, false) }}, nil
}

// listFilter is the query of a list of requests, with the journal that is listed.
type listFilter struct {
	journal   *recorder.Recorder
	pattern   match.Pattern
	unmatched bool
	summary   bool
	limit     int
}

func (f listFilter) matches(e *recorder.Entry) bool {
	matched, _ := f.pattern.Match(match.NewSubject(e)) // whole texts can always be compared
	return matched && (!f.unmatched || !e.Matched())
}

// list yields the entries that match in the form in which they are listed, until
// the client has left.
func (f listFilter) list(r *request, entries []*recorder.Entry) iter.Seq[any] {
	return func(yield func(any) bool) {
		listed := 0
		for _, e := range entries {
			if listed == f.limit || r.Context().Err() != nil {
				return
			}
			if !f.matches(e) {
				continue
			}
			listed++
			form := any(nil)
			if f.summary {
				form = newSummary(f.journal, e)
			} else {
				form = f.journal.Request(e)
			}
			if !yield(form) {
				return
			}
		}
	}
}

// requests returns the requests that match, as they are now: a request without a
// response stays so, however often the sequence is read. The sequence ends when the
// client has left.
func (f listFilter) requests(r *request) iter.Seq[journal.Request] {
	entries, _ := f.journal.Snapshot()
	entries = slices.DeleteFunc(entries, func(e *recorder.Entry) bool { return !f.matches(e) })
	pending := map[*recorder.Entry]journal.Request{}
	for _, e := range entries {
		if e.Pending() {
			pending[e] = f.journal.Request(e)
		}
	}
	return func(yield func(journal.Request) bool) {
		for _, e := range entries {
			request, ok := pending[e]
			if !ok {
				request = f.journal.Request(e)
			}
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
	era := r.world.Era()
	f.journal = era.Journal
	f.pattern, _, err = keptRequests(era).Resolve(f.pattern)
	return f, inQuery(err)
}

func (a *Admin) deleteRequests(r *request) (any, error) {
	r.world.Era().Journal.Remove(func(*recorder.Entry) bool { return true })
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
