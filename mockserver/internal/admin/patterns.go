package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// requestsFound is what a question to the requests has found.
type requestsFound = match.Found[*recorder.Entry, *match.Subject]

// findMatching finds the requests that match the pattern in the body of a call,
// and returns the text of the pattern too.
func findMatching(ctx context.Context, r *request) (era *world.Era, found requestsFound, text json.RawMessage, err error) {
	if text, err = r.readAll(); err != nil {
		return nil, found, nil, err
	}
	p, err := match.ParsePattern(text)
	if err != nil {
		return nil, found, nil, err
	}
	era = r.world.Era()
	found = match.Requests(era.Journal, era).Find(ctx, p)
	return era, found, text, found.Err
}

func (a *Admin) countRequests(r *request) (any, error) {
	ctx, cancel := r.question()
	defer cancel()
	era, found, _, err := findMatching(ctx, r)
	if err != nil {
		return nil, err
	}
	newest := []any{} // as the requests of near misses
	for _, e := range slices.Backward(found.Records[max(0, len(found.Records)-10):]) {
		request := era.Journal.Request(e)
		newest = append(newest, map[string]any{"id": request.ID, "request": map[string]string{"method": request.Method, "url": request.Target}})
	}
	return struct {
		Count                  int   `json:"count"`
		RequestJournalDisabled bool  `json:"requestJournalDisabled"`
		Newest                 []any `json:"newest"`
		completeness
	}{len(found.Records), false, newest, completenessOf(found)}, nil
}

// foundMembers are the members behind a list of requests that were found.
type foundMembers struct {
	RequestJournalDisabled bool `json:"requestJournalDisabled"`
	completeness
}

func newFound(r *request, rec *recorder.Recorder, entries []*recorder.Entry, complete completeness) listing {
	logged := func(e *recorder.Entry) any { return journal.NewLoggedRequest(rec.Request(e), journal.InBase64) }
	return listing{name: "requests", list: forms(r, entries, logged), after: foundMembers{false, complete}}
}

func (a *Admin) findRequests(r *request) (any, error) {
	ctx, cancel := r.question()
	defer cancel()
	era, found, _, err := findMatching(ctx, r)
	if err != nil {
		return nil, err
	}
	return newFound(r, era.Journal, found.Records, completenessOf(found)).streamed(), nil
}

// unmatchedRequests lists the newest first, as WireMock does.
func (a *Admin) unmatchedRequests(r *request) (any, error) {
	r.keepOpen()
	rec := r.world.Era().Journal
	entries, evicted := rec.Snapshot()
	unmatched := slices.DeleteFunc(entries, (*recorder.Entry).Matched)
	slices.Reverse(unmatched)
	return newFound(r, rec, unmatched, completeAfter(evicted)).streamed(), nil
}

func (a *Admin) removeRequests(r *request) (any, error) {
	ctx, cancel := r.question()
	defer cancel()
	era, found, _, err := findMatching(ctx, r)
	if err != nil {
		return nil, err
	}
	remove := era.Journal.Clear
	if !found.MatchesAll() {
		unwanted := map[*recorder.Entry]bool{}
		for _, e := range found.Records {
			unwanted[e] = true
		}
		remove = func() []*recorder.Entry {
			return era.Journal.Remove(func(e *recorder.Entry) bool { return unwanted[e] })
		}
	}
	return listing{name: "serveEvents", list: entriesOf(r, era.Journal, remove())}.streamed(), nil
}

type nearMissJSON struct {
	ID             string                `json:"id"` // of the request
	Request        journal.LoggedRequest `json:"request"`
	RequestPattern json.RawMessage       `json:"requestPattern"`
	MatchResult    matchResult           `json:"matchResult"`
	Differences    []expect.Difference   `json:"differences"`
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

func newNearMisses(rec *recorder.Recorder, nearest []match.NearMiss[*recorder.Entry], raw json.RawMessage) []nearMissJSON {
	list := []nearMissJSON{}
	for _, miss := range nearest {
		result := matchResult{SubEvents: []any{}, Distance: miss.Distance}
		for _, m := range miss.Missed {
			result.DiffDescriptions = append(result.DiffDescriptions, diffDescription{
				Expected: m.Want, Actual: m.Got,
				ErrorMessage: strings.TrimSpace(m.Name + " does not match\n" + m.Difference),
			})
		}
		if miss.More > 0 {
			result.DiffDescriptions = append(result.DiffDescriptions, diffDescription{ErrorMessage: fmt.Sprintf("%d more criteria do not match", miss.More)})
		}
		list = append(list, nearMissJSON{rec.ID(miss.Record.Sequence), journal.NewLoggedRequest(rec.Request(miss.Record), journal.InBase64), raw, result, miss.Differences()})
	}
	return list
}

func (a *Admin) nearMisses(r *request) (any, error) {
	ctx, cancel := r.question()
	defer cancel()
	era, found, pattern, err := findMatching(ctx, r)
	if err != nil {
		return nil, err
	}
	nearest := found.Nearest(ctx)
	keepFailedCount(ctx, r, era.Journal, found, pattern, nearest)
	return map[string]any{"nearMisses": newNearMisses(era.Journal, nearest, pattern)}, nil
}
