package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// The calls about requests have the shape of WireMock's own. What an answer
// could have needed and the journal had to let go of is told beside.

// completeness says whether an answer may lack what was evicted.
type completeness struct {
	Incomplete bool   `json:"incomplete,omitempty"`
	Evicted    uint64 `json:"evicted,omitempty"`
}

func completeAfter(evicted uint64) completeness { return completeness{evicted > 0, evicted} }

type requestList struct {
	Requests               []any    `json:"requests"` // Request, or requestSummary
	Meta                   listMeta `json:"meta"`
	RequestJournalDisabled bool     `json:"requestJournalDisabled"`
	completeness
	// RejectedBeforeHandler counts requests that were no HTTP.
	RejectedBeforeHandler uint64 `json:"rejectedBeforeHandler"`
	// LastEventID is where the stream goes on behind this list.
	LastEventID string `json:"lastEventId"`
}

type listMeta struct {
	Total int `json:"total"`
}

// listRequests answers with the newest first, as WireMock does.
func (a *Admin) listRequests(w http.ResponseWriter, r *http.Request) {
	filter, err := readListFilter(r)
	if err != nil {
		writePatternError(w, http.StatusBadRequest, err)
		return
	}
	journal := a.world(r).Era().Journal
	lastEventID := journal.LastEventID() // before looking, so that nothing is missed between
	entries, evicted := journal.Snapshot()
	list := requestList{
		LastEventID:           lastEventID,
		Requests:              []any{},
		Meta:                  listMeta{Total: len(entries)},
		completeness:          completeAfter(evicted),
		RejectedBeforeHandler: a.program.Rejected.Load(),
	}
	for i := len(entries) - 1; i >= 0 && len(list.Requests) < filter.limit; i-- {
		switch e := entries[i]; {
		case !filter.takes(e):
		case filter.summary:
			list.Requests = append(list.Requests, summaryOf(journal, e))
		default:
			list.Requests = append(list.Requests, journal.Request(e))
		}
	}
	write(w, list)
}

// listFilter is the query of a list of requests.
type listFilter struct {
	pattern   match.Pattern
	since     time.Time
	unmatched bool
	summary   bool
	limit     int
}

func (f listFilter) takes(e *recorder.Entry) bool {
	return !e.At.Before(f.since) && (!f.unmatched || !e.Matched()) && f.pattern.Match(match.NewSubject(e))
}

func readListFilter(r *http.Request) (listFilter, error) {
	query := r.URL.Query()
	f := listFilter{unmatched: query.Get("unmatched") == "true", summary: query.Get("summary") == "true", limit: math.MaxInt}
	var asked match.Pattern
	if operation := query.Get("operation"); operation != "" {
		asked = asked.And(match.OperationIs(operation))
	}
	if method := query.Get("method"); method != "" {
		asked = asked.And(match.MethodIs(method))
	}
	if text := query.Get("status"); text != "" {
		status, err := wholeNumber("status", text)
		if err != nil {
			return f, err
		}
		asked = asked.And(match.StatusIs(status))
	}
	f.pattern = asked
	if text := query.Get("limit"); text != "" {
		var err error
		if f.limit, err = wholeNumber("limit", text); err != nil {
			return f, err
		}
	}
	if text := query.Get("since"); text != "" {
		var err error
		if f.since, err = time.Parse(time.RFC3339, text); err != nil {
			return f, &match.PatternError{Pointer: "since", Detail: text + " is not a valid ISO8601 date"}
		}
	}
	return f, nil
}

func wholeNumber(name, text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, &match.PatternError{Pointer: name, Detail: text + " is not a whole number"}
	}
	return int(n), nil
}

func (a *Admin) deleteRequests(w http.ResponseWriter, r *http.Request) {
	a.world(r).Era().Journal.Remove(func(*recorder.Entry) bool { return true })
	write(w, struct{}{})
}

func (a *Admin) getRequest(w http.ResponseWriter, r *http.Request) {
	id, ok := requestID(w, r)
	if !ok {
		return
	}
	journal := a.world(r).Era().Journal
	e := journal.Find(id)
	if e == nil {
		WriteError(w, http.StatusNotFound, "", "no request has the id "+id)
		return
	}
	write(w, journal.Request(e))
}

func (a *Admin) deleteRequest(w http.ResponseWriter, r *http.Request) {
	if id, ok := requestID(w, r); ok {
		journal := a.world(r).Era().Journal
		unwanted := journal.Find(id)
		journal.Remove(func(e *recorder.Entry) bool { return e == unwanted })
		write(w, struct{}{})
	}
}

func requestID(w http.ResponseWriter, r *http.Request) (string, bool) {
	id := strings.ToLower(mux.Vars(r)["id"])
	if _, ok := recorder.ParseUUID(id); !ok {
		WriteError(w, http.StatusBadRequest, "", mux.Vars(r)["id"]+" is not a valid UUID")
		return "", false
	}
	return id, true
}

// readPattern reads a request pattern from the body of a call, and answers the
// call itself where it can't.
func readPattern(w http.ResponseWriter, r *http.Request) (match.Pattern, bool) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		WriteError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return nil, false
	}
	p, err := match.ParsePattern(text)
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, err)
		return nil, false
	}
	return p, true
}

// writePatternError tells what is wrong with a pattern as WireMock does.
func writePatternError(w http.ResponseWriter, status int, err error) {
	var e *match.PatternError
	if !errors.As(err, &e) {
		e = &match.PatternError{Detail: err.Error()}
	}
	if status == http.StatusBadRequest {
		WriteError(w, status, e.Pointer, e.Detail)
		return
	}
	writeStatus(w, status, problems{Errors: []problem{{
		Code: 10, Source: &errorSource{Pointer: e.Pointer}, Title: "Error parsing JSON", Detail: e.Detail,
	}}})
}

func (a *Admin) countRequests(w http.ResponseWriter, r *http.Request) {
	if p, ok := readPattern(w, r); ok {
		kept := match.Requests(a.world(r).Era().Journal)
		write(w, struct {
			Count                  int  `json:"count"`
			RequestJournalDisabled bool `json:"requestJournalDisabled"`
			completeness
		}{len(kept.Matching(p)), false, completeAfter(kept.Evicted)})
	}
}

type foundRequests struct {
	Requests               []journal.LoggedRequest `json:"requests"`
	RequestJournalDisabled bool                    `json:"requestJournalDisabled"`
	completeness
}

func newFound(rec *recorder.Recorder, entries []*recorder.Entry, evicted uint64) foundRequests {
	found := foundRequests{Requests: []journal.LoggedRequest{}, completeness: completeAfter(evicted)}
	for _, e := range entries {
		found.Requests = append(found.Requests, journal.NewLoggedRequest(rec.Request(e), journal.InBase64))
	}
	return found
}

func (a *Admin) findRequests(w http.ResponseWriter, r *http.Request) {
	if p, ok := readPattern(w, r); ok {
		journal := a.world(r).Era().Journal
		kept := match.Requests(journal)
		write(w, newFound(journal, kept.Matching(p), kept.Evicted))
	}
}

func (a *Admin) unmatchedRequests(w http.ResponseWriter, r *http.Request) {
	journal := a.world(r).Era().Journal
	entries, evicted := journal.Snapshot()
	var unmatched []*recorder.Entry
	for i := len(entries) - 1; i >= 0; i-- { // newest first, as WireMock has it
		if !entries[i].Matched() {
			unmatched = append(unmatched, entries[i])
		}
	}
	write(w, newFound(journal, unmatched, evicted))
}

func (a *Admin) removeRequests(w http.ResponseWriter, r *http.Request) {
	if p, ok := readPattern(w, r); ok {
		rec := a.world(r).Era().Journal
		removed := struct {
			ServeEvents []journal.Request `json:"serveEvents"`
		}{[]journal.Request{}}
		for _, e := range rec.Remove(func(e *recorder.Entry) bool { return p.Match(match.NewSubject(e)) }) {
			removed.ServeEvents = append(removed.ServeEvents, rec.Request(e))
		}
		write(w, removed)
	}
}

type nearMissJSON struct {
	Request        journal.LoggedRequest `json:"request"`
	RequestPattern json.RawMessage       `json:"requestPattern"`
	MatchResult    matchResult           `json:"matchResult"`
}

type matchResult struct {
	SubEvents        []any             `json:"subEvents"`
	DiffDescriptions []diffDescription `json:"diffDescriptions"`
	Distance         float64           `json:"distance"`
}

type diffDescription struct {
	Expected     string `json:"expected"`
	Actual       string `json:"actual"`
	ErrorMessage string `json:"errorMessage"`
}

func newNearMisses(rec *recorder.Recorder, p match.Pattern, raw json.RawMessage) []nearMissJSON {
	list := []nearMissJSON{}
	for _, miss := range match.Requests(rec).Nearest(p) {
		result := matchResult{SubEvents: []any{}, Distance: miss.Distance}
		for _, m := range miss.Missed {
			result.DiffDescriptions = append(result.DiffDescriptions, diffDescription{
				Expected: m.Want, Actual: m.Got,
				ErrorMessage: strings.TrimSpace(m.Name + " does not match\n" + m.Difference),
			})
		}
		list = append(list, nearMissJSON{journal.NewLoggedRequest(rec.Request(miss.Record), journal.InBase64), raw, result})
	}
	return list
}

func (a *Admin) nearMisses(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		WriteError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return
	}
	p, err := match.ParsePattern(text)
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, err)
		return
	}
	write(w, struct {
		NearMisses []nearMissJSON `json:"nearMisses"`
	}{newNearMisses(a.world(r).Era().Journal, p, text)})
}

// How long a call may wait for requests: what it gets when it names no time,
// and the most.
const (
	defaultWait = 5 * time.Second
	maxWait     = 10 * time.Minute
)

// waitOrder is what a call waits for.
type waitOrder struct {
	Request json.RawMessage `json:"request"` // a request pattern
	Count   *int            `json:"count"`   // at least so many; 1 when left out
	Timeout string          `json:"timeout"` // such as "500ms"; 5s when left out
}

type waitAnswer struct {
	Met   bool `json:"met"`
	Count int  `json:"count"`
	foundRequests
	NearMisses []nearMissJSON `json:"nearMisses,omitempty"`
}

// waitForRequests answers as soon as enough requests match, or when the time
// is up.
func (a *Admin) waitForRequests(w http.ResponseWriter, r *http.Request) {
	var order waitOrder
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, &match.PatternError{Pointer: "/", Detail: err.Error()})
		return
	}
	if order.Request == nil {
		order.Request = json.RawMessage("{}")
	}
	p, err := match.ParsePattern(order.Request)
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, match.ErrorAt("/request", err))
		return
	}
	timeout, err := order.timeout()
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, err)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // the call is read: the rest is waiting
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	want := 1
	if order.Count != nil {
		want = *order.Count
	}
	a.world(r).Await(ctx, func(e *world.Era) bool { return len(match.Requests(e.Journal).Matching(p)) >= want })
	journal := a.world(r).Era().Journal
	kept := match.Requests(journal)
	found := kept.Matching(p)
	answer := waitAnswer{Met: len(found) >= want, Count: len(found), foundRequests: newFound(journal, found, kept.Evicted)}
	if !answer.Met {
		answer.NearMisses = newNearMisses(journal, p, order.Request)
	}
	write(w, answer)
}

func (o waitOrder) timeout() (time.Duration, error) {
	if o.Timeout == "" {
		return defaultWait, nil
	}
	d, err := time.ParseDuration(o.Timeout)
	if err != nil || d < 0 || d > maxWait {
		return 0, &match.PatternError{Pointer: "/timeout", Detail: fmt.Sprintf("%q is no time from 0s to %s", o.Timeout, maxWait)}
	}
	return d, nil
}
