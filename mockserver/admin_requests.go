package mockserver

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
func (a *admin) listRequests(w http.ResponseWriter, r *http.Request) {
	filter, err := readListFilter(r)
	if err != nil {
		writePatternError(w, http.StatusBadRequest, err)
		return
	}
	journal := a.world(r).era().journal
	lastEventID := journal.lastEventID() // before looking, so that nothing is missed between
	entries, evicted := journal.snapshot()
	list := requestList{
		LastEventID:           lastEventID,
		Requests:              []any{},
		Meta:                  listMeta{Total: len(entries)},
		completeness:          completeAfter(evicted),
		RejectedBeforeHandler: a.program.rejected.Load(),
	}
	for i := len(entries) - 1; i >= 0 && len(list.Requests) < filter.limit; i-- {
		switch e := entries[i]; {
		case !filter.takes(e):
		case filter.summary:
			list.Requests = append(list.Requests, summaryOf(journal, e))
		default:
			list.Requests = append(list.Requests, journal.request(e))
		}
	}
	writeAdmin(w, list)
}

// listFilter is the query of a list of requests.
type listFilter struct {
	pattern   pattern
	since     time.Time
	unmatched bool
	summary   bool
	limit     int
}

func (f listFilter) takes(e *entry) bool {
	return !e.at.Before(f.since) && (!f.unmatched || !e.matched()) && f.pattern.match(newSubject(e))
}

func readListFilter(r *http.Request) (listFilter, error) {
	query := r.URL.Query()
	f := listFilter{unmatched: query.Get("unmatched") == "true", summary: query.Get("summary") == "true", limit: math.MaxInt}
	var asked pattern
	if operation := query.Get("operation"); operation != "" {
		asked = asked.and(operationIs(operation))
	}
	if method := query.Get("method"); method != "" {
		asked = asked.and(methodIs(method))
	}
	if text := query.Get("status"); text != "" {
		status, err := wholeNumber("status", text)
		if err != nil {
			return f, err
		}
		asked = asked.and(statusIs(status))
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
			return f, &patternError{"since", text + " is not a valid ISO8601 date"}
		}
	}
	return f, nil
}

func wholeNumber(name, text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, &patternError{name, text + " is not a whole number"}
	}
	return int(n), nil
}

func (a *admin) deleteRequests(w http.ResponseWriter, r *http.Request) {
	a.world(r).era().journal.remove(func(*entry) bool { return true })
	writeAdmin(w, struct{}{})
}

func (a *admin) getRequest(w http.ResponseWriter, r *http.Request) {
	id, ok := requestID(w, r)
	if !ok {
		return
	}
	journal := a.world(r).era().journal
	e := journal.find(id)
	if e == nil {
		writeAdminError(w, http.StatusNotFound, "", "no request has the id "+id)
		return
	}
	writeAdmin(w, journal.request(e))
}

func (a *admin) deleteRequest(w http.ResponseWriter, r *http.Request) {
	if id, ok := requestID(w, r); ok {
		journal := a.world(r).era().journal
		unwanted := journal.find(id)
		journal.remove(func(e *entry) bool { return e == unwanted })
		writeAdmin(w, struct{}{})
	}
}

func requestID(w http.ResponseWriter, r *http.Request) (string, bool) {
	id := strings.ToLower(mux.Vars(r)["id"])
	if _, ok := parseUUID(id); !ok {
		writeAdminError(w, http.StatusBadRequest, "", mux.Vars(r)["id"]+" is not a valid UUID")
		return "", false
	}
	return id, true
}

// readPattern reads a request pattern from the body of a call, and answers the
// call itself where it can't.
func readPattern(w http.ResponseWriter, r *http.Request) (pattern, bool) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		writeAdminError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return nil, false
	}
	p, err := parsePattern(text)
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, err)
		return nil, false
	}
	return p, true
}

// writePatternError tells what is wrong with a pattern as WireMock does.
func writePatternError(w http.ResponseWriter, status int, err error) {
	var e *patternError
	if !errors.As(err, &e) {
		e = &patternError{detail: err.Error()}
	}
	if status == http.StatusBadRequest {
		writeAdminError(w, status, e.pointer, e.detail)
		return
	}
	writeAdminStatus(w, status, adminErrors{Errors: []adminError{{
		Code: 10, Source: &errorSource{Pointer: e.pointer}, Title: "Error parsing JSON", Detail: e.detail,
	}}})
}

func (a *admin) countRequests(w http.ResponseWriter, r *http.Request) {
	if p, ok := readPattern(w, r); ok {
		kept := keptRequests(a.world(r).era().journal)
		writeAdmin(w, struct {
			Count                  int  `json:"count"`
			RequestJournalDisabled bool `json:"requestJournalDisabled"`
			completeness
		}{len(kept.matching(p)), false, completeAfter(kept.evicted)})
	}
}

type foundRequests struct {
	Requests               []loggedRequest `json:"requests"`
	RequestJournalDisabled bool            `json:"requestJournalDisabled"`
	completeness
}

func newFound(journal *journal, entries []*entry, evicted uint64) foundRequests {
	found := foundRequests{Requests: []loggedRequest{}, completeness: completeAfter(evicted)}
	for _, e := range entries {
		found.Requests = append(found.Requests, newLoggedRequest(journal.request(e), inBase64))
	}
	return found
}

func (a *admin) findRequests(w http.ResponseWriter, r *http.Request) {
	if p, ok := readPattern(w, r); ok {
		journal := a.world(r).era().journal
		kept := keptRequests(journal)
		writeAdmin(w, newFound(journal, kept.matching(p), kept.evicted))
	}
}

func (a *admin) unmatchedRequests(w http.ResponseWriter, r *http.Request) {
	journal := a.world(r).era().journal
	entries, evicted := journal.snapshot()
	var unmatched []*entry
	for i := len(entries) - 1; i >= 0; i-- { // newest first, as WireMock has it
		if !entries[i].matched() {
			unmatched = append(unmatched, entries[i])
		}
	}
	writeAdmin(w, newFound(journal, unmatched, evicted))
}

func (a *admin) removeRequests(w http.ResponseWriter, r *http.Request) {
	if p, ok := readPattern(w, r); ok {
		journal := a.world(r).era().journal
		removed := struct {
			ServeEvents []Request `json:"serveEvents"`
		}{[]Request{}}
		for _, e := range journal.remove(func(e *entry) bool { return p.match(newSubject(e)) }) {
			removed.ServeEvents = append(removed.ServeEvents, journal.request(e))
		}
		writeAdmin(w, removed)
	}
}

type nearMissJSON struct {
	Request        loggedRequest   `json:"request"`
	RequestPattern json.RawMessage `json:"requestPattern"`
	MatchResult    matchResult     `json:"matchResult"`
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

func newNearMisses(journal *journal, p pattern, raw json.RawMessage) []nearMissJSON {
	list := []nearMissJSON{}
	for _, miss := range keptRequests(journal).nearest(p) {
		result := matchResult{SubEvents: []any{}, Distance: miss.distance}
		for _, m := range miss.missed {
			result.DiffDescriptions = append(result.DiffDescriptions, diffDescription{
				Expected: m.want, Actual: m.got,
				ErrorMessage: strings.TrimSpace(m.name + " does not match\n" + m.difference),
			})
		}
		list = append(list, nearMissJSON{newLoggedRequest(journal.request(miss.record), inBase64), raw, result})
	}
	return list
}

func (a *admin) nearMisses(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		writeAdminError(w, http.StatusRequestEntityTooLarge, "", err.Error())
		return
	}
	p, err := parsePattern(text)
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, err)
		return
	}
	writeAdmin(w, struct {
		NearMisses []nearMissJSON `json:"nearMisses"`
	}{newNearMisses(a.world(r).era().journal, p, text)})
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
func (a *admin) waitForRequests(w http.ResponseWriter, r *http.Request) {
	var order waitOrder
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, &patternError{"/", err.Error()})
		return
	}
	if order.Request == nil {
		order.Request = json.RawMessage("{}")
	}
	p, err := parsePattern(order.Request)
	if err != nil {
		writePatternError(w, http.StatusUnprocessableEntity, at("/request", err))
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
	a.world(r).await(ctx, func(e *era) bool { return len(keptRequests(e.journal).matching(p)) >= want })
	journal := a.world(r).era().journal
	kept := keptRequests(journal)
	found := kept.matching(p)
	answer := waitAnswer{Met: len(found) >= want, Count: len(found), foundRequests: newFound(journal, found, kept.evicted)}
	if !answer.Met {
		answer.NearMisses = newNearMisses(journal, p, order.Request)
	}
	writeAdmin(w, answer)
}

func (o waitOrder) timeout() (time.Duration, error) {
	if o.Timeout == "" {
		return defaultWait, nil
	}
	d, err := time.ParseDuration(o.Timeout)
	if err != nil || d < 0 || d > maxWait {
		return 0, &patternError{"/timeout", fmt.Sprintf("%q is no time from 0s to %s", o.Timeout, maxWait)}
	}
	return d, nil
}
