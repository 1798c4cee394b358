package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// readPattern reads a request pattern, and returns its text too.
func readPattern(r *request) (match.Pattern, json.RawMessage, error) {
	text, err := r.readAll()
	if err != nil {
		return nil, nil, err
	}
	p, err := match.ParsePattern(text)
	return p, text, err
}

func (a *Admin) countRequests(r *request) (any, error) {
	p, _, err := readPattern(r)
	if err != nil {
		return nil, err
	}
	kept := match.Requests(r.world.Era().Journal)
	return struct {
		Count                  int  `json:"count"`
		RequestJournalDisabled bool `json:"requestJournalDisabled"`
		completeness
	}{len(kept.Matching(p)), false, completeAfter(kept.Evicted)}, nil
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

func (a *Admin) findRequests(r *request) (any, error) {
	p, _, err := readPattern(r)
	if err != nil {
		return nil, err
	}
	rec := r.world.Era().Journal
	kept := match.Requests(rec)
	return newFound(rec, kept.Matching(p), kept.Evicted), nil
}

// unmatchedRequests lists the newest first, as WireMock does.
func (a *Admin) unmatchedRequests(r *request) (any, error) {
	rec := r.world.Era().Journal
	entries, evicted := rec.Snapshot()
	unmatched := slices.DeleteFunc(entries, (*recorder.Entry).Matched)
	slices.Reverse(unmatched)
	return newFound(rec, unmatched, evicted), nil
}

func (a *Admin) removeRequests(r *request) (any, error) {
	p, _, err := readPattern(r)
	if err != nil {
		return nil, err
	}
	rec := r.world.Era().Journal
	removed := []journal.Request{}
	for _, e := range rec.Remove(func(e *recorder.Entry) bool { return p.Match(match.NewSubject(e)) }) {
		removed = append(removed, rec.Request(e))
	}
	return map[string]any{"serveEvents": removed}, nil
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

func (a *Admin) nearMisses(r *request) (any, error) {
	p, raw, err := readPattern(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"nearMisses": newNearMisses(r.world.Era().Journal, p, raw)}, nil
}

// How long a call waits for requests.
const (
	defaultWait = "5s"
	maxWait     = 10 * time.Minute
)

// waitOrder is what a call waits for.
type waitOrder struct {
	Request json.RawMessage `json:"request"` // a request pattern
	Count   *int            `json:"count"`   // at least so many; by default 1
	Timeout string          `json:"timeout"` // such as "500ms"; by default 5s
}

type waitResult struct {
	Met   bool `json:"met"`
	Count int  `json:"count"`
	foundRequests
	NearMisses []nearMissJSON `json:"nearMisses,omitempty"`
}

// waitForRequests responds as soon as enough requests match, or when the time
// is up.
func (a *Admin) waitForRequests(r *request) (any, error) {
	order, err := readJSON[waitOrder](r)
	if err != nil {
		return nil, err
	}
	if order.Request == nil {
		order.Request = json.RawMessage("{}")
	}
	p, err := match.ParsePattern(order.Request)
	if err != nil {
		return nil, match.ErrorAt("/request", err)
	}
	timeout, err := order.timeout()
	if err != nil {
		return nil, err
	}
	want := 1
	if order.Count != nil {
		want = *order.Count
	}
	r.keepOpen()
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	err = r.world.Await(ctx, func(e *world.Era) bool { return len(match.Requests(e.Journal).Matching(p)) >= want })
	if err != nil {
		return nil, err
	}
	rec := r.world.Era().Journal
	kept := match.Requests(rec)
	found := kept.Matching(p)
	result := waitResult{Met: len(found) >= want, Count: len(found), foundRequests: newFound(rec, found, kept.Evicted)}
	if !result.Met {
		result.NearMisses = newNearMisses(rec, p, order.Request)
	}
	return result, nil
}

func (o waitOrder) timeout() (time.Duration, error) {
	d, err := time.ParseDuration(cmp.Or(o.Timeout, defaultWait))
	if err != nil || d < 0 || d > maxWait {
		return 0, &match.PatternError{Pointer: "/timeout", Detail: fmt.Sprintf("%q is no time from 0s to %s", o.Timeout, maxWait)}
	}
	return d, nil
}
