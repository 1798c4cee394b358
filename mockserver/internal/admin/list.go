package admin

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// requestsMeta are the figures of a list of requests.
type requestsMeta struct {
	Total   int    `json:"total"`   // that are kept
	Matched int    `json:"matched"` // that the filter matches, up to upTo
	Newest  uint64 `json:"newest"`  // the highest sequence that is kept
	Newer   int    `json:"newer"`   // that the filter matches, and that arrived after upTo
}

// listMembers are the members behind the list of requests.
type listMembers struct {
	Meta                   requestsMeta `json:"meta"`
	RequestJournalDisabled bool         `json:"requestJournalDisabled"`
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
		ID: rec.ID(e.Sequence), Sequence: e.Sequence, Time: e.At.UnixMilli(), Method: e.Method(), Target: e.Target,
		Operation: s.Operation(), Status: o.Response.Status, Duration: o.Took.Microseconds(), Pending: e.Pending(),
		Aborted: o.Aborted, Token: e.Token, Violation: s.Violation(), Fault: o.Fault, Hint: o.Hint,
	}
}

// listRequests lists requests, by default the newest first, as WireMock does.
func (a *Admin) listRequests(r *request) (any, error) {
	filter, err := readFilter(r)
	if err != nil {
		return nil, err
	}
	part, err := readPart(r)
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
	meta := requestsMeta{Total: len(found.Kept.All)}
	if kept := found.Kept.All; len(kept) > 0 {
		meta.Newest = kept[len(kept)-1].Sequence
	}
	entries := part.upTo(found.Records)
	meta.Matched, meta.Newer = len(entries), len(found.Records)-len(entries)
	return listing{name: "requests", list: part.list(r, rec, entries), after: listMembers{
		Meta:                  meta,
		completeness:          completenessOf(found),
		RejectedBeforeHandler: a.program.Rejected.Load(),
		LastEventID:           lastEventID,
	}}.streamed(), nil
}

// requestFilter are the parameters that say which requests a list or an export has.
type requestFilter struct {
	pattern   match.Pattern
	unmatched bool
}

// find finds the requests that the filter matches, oldest first.
func (f requestFilter) find(r *request, era *world.Era) (requestsFound, error) {
	ctx, cancel := r.question()
	defer cancel()
	found := match.Requests(era.Journal, era).Find(ctx, f.pattern)
	if f.unmatched {
		found.Records = slices.DeleteFunc(found.Records, (*recorder.Entry).Matched)
	}
	return found, inQuery(found.Err)
}

func readFilter(r *request) (f requestFilter, err error) {
	if f.unmatched, err = r.truth("unmatched"); err != nil {
		return f, err
	}
	failed, err := r.truth("errors")
	if err != nil {
		return f, err
	}
	if failed {
		f.pattern = f.pattern.And(match.HasFailed())
	}
	for _, parameter := range []struct {
		name  string
		match func(text string) (match.Criterion[*match.Subject], error)
	}{
		{"operation", always(match.OperationIs)},
		{"method", always(match.MethodIs)},
		{"status", match.StatusAmong},
		{"since", arrivedSince},
		{"q", match.Mentions},
	} {
		text := r.query[parameter.name]
		if text == "" {
			continue
		}
		criterion, err := parameter.match(text)
		if err != nil {
			return f, failure(http.StatusBadRequest, parameter.name, err.Error())
		}
		f.pattern = f.pattern.And(criterion)
	}
	return f, nil
}

// always returns a function that makes a criterion of every text.
func always[C any](criterion func(string) C) func(string) (C, error) {
	return func(text string) (C, error) { return criterion(text), nil }
}

func arrivedSince(text string) (match.Criterion[*match.Subject], error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return match.Criterion[*match.Subject]{}, fmt.Errorf("%s is not a valid ISO8601 date", text)
	}
	return match.ArrivedSince(at), nil
}

// requestsPart are the parameters that say which part of the requests that were found
// a list has, in which order and form.
type requestsPart struct {
	compare       func(a, b *recorder.Entry) int
	until         uint64 // the sequence of the last request that is listed
	offset, limit int
	summary       bool
}

// requestOrders are what a list can be sorted by.
var requestOrders = map[string]func(a, b *recorder.Entry) int{
	"sequence":  compareBy(func(e *recorder.Entry) uint64 { return e.Sequence }),
	"time":      func(a, b *recorder.Entry) int { return a.At.Compare(b.At) },
	"status":    compareBy(func(e *recorder.Entry) int { return e.Outcome().Response.Status }),
	"duration":  compareBy(func(e *recorder.Entry) time.Duration { return e.Outcome().Took }),
	"operation": compareBy(func(e *recorder.Entry) string { return e.OperationName() }),
	"method":    compareBy(func(e *recorder.Entry) string { return e.Method() }),
	"target":    compareBy(func(e *recorder.Entry) string { return e.Target }),
}

func compareBy[K cmp.Ordered](key func(*recorder.Entry) K) func(a, b *recorder.Entry) int {
	return func(a, b *recorder.Entry) int { return cmp.Compare(key(a), key(b)) }
}

func readPart(r *request) (p requestsPart, err error) {
	if p.summary, err = r.truth("summary"); err != nil {
		return p, err
	}
	if p.limit, err = r.wholeNumber("limit", math.MaxInt); err != nil {
		return p, err
	}
	if p.offset, err = r.wholeNumber("offset", 0); err != nil {
		return p, err
	}
	until, err := r.wholeNumber("upTo", math.MaxInt)
	if err != nil {
		return p, err
	}
	p.until = uint64(until)
	order, err := r.oneOf("sort", slices.Sorted(maps.Keys(requestOrders)), "sequence")
	if err != nil {
		return p, err
	}
	direction, err := r.oneOf("direction", []string{"asc", "desc"}, "desc")
	if err != nil {
		return p, err
	}
	p.compare = func(a, b *recorder.Entry) int {
		return cmp.Or(requestOrders[order](a, b), cmp.Compare(a.Sequence, b.Sequence))
	}
	if ascending := p.compare; direction == "desc" {
		p.compare = func(a, b *recorder.Entry) int { return ascending(b, a) }
	}
	return p, nil
}

// upTo returns the entries, oldest first, that arrived no later than the last one that
// is listed.
func (p requestsPart) upTo(entries []*recorder.Entry) []*recorder.Entry {
	end, _ := slices.BinarySearchFunc(entries, p.until, func(e *recorder.Entry, until uint64) int {
		if e.Sequence <= until {
			return -1
		}
		return 1
	})
	return entries[:end]
}

// list yields entries in the form in which they are listed, until the client has
// left.
func (p requestsPart) list(r *request, rec *recorder.Recorder, entries []*recorder.Entry) iter.Seq[any] {
	form := func(e *recorder.Entry) any { return rec.Request(e) }
	if p.summary {
		form = func(e *recorder.Entry) any { return newSummary(rec, e) }
	}
	slices.SortFunc(entries, p.compare)
	entries = entries[min(len(entries), p.offset):]
	return forms(r, entries[:min(len(entries), p.limit)], form)
}
