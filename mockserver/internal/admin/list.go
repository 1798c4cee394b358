package admin

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
	"github.com/losantmock/losantmock/mockserver/internal/world"
)

// figures are those of a list of requests or triggers.
type figures struct {
	Total   int    `json:"total"`   // that are kept
	Matched int    `json:"matched"` // that the filter matches, up to upTo
	Newest  uint64 `json:"newest"`  // the highest sequence that is kept
	Newer   int    `json:"newer"`   // that the filter matches, and that arrived after upTo
}

// listMembers are the members behind the list of requests.
type listMembers struct {
	Meta                   figures `json:"meta"`
	RequestJournalDisabled bool    `json:"requestJournalDisabled"`
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
	compare, err := readOrder(r)
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
	form := func(e *recorder.Entry) any { return rec.Request(e) }
	if part.summary {
		form = func(e *recorder.Entry) any { return newSummary(rec, e) }
	}
	entries, meta := cut(part, found.Kept.All, found.Records, func(e *recorder.Entry) uint64 { return e.Sequence })
	slices.SortFunc(entries, compare)
	return listing{name: "requests", list: forms(r, onPage(part, entries), form), after: listMembers{
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

// listPart are the parameters that say which part of the records that were found a
// list has, and in which form.
type listPart struct {
	until         uint64 // the sequence of the last record that is listed
	offset, limit int
	summary       bool
}

func readPart(r *request) (p listPart, err error) {
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
	return p, nil
}

// readOrder returns how a list of requests is sorted.
func readOrder(r *request) (compare func(a, b *recorder.Entry) int, err error) {
	order, err := r.oneOf("sort", slices.Sorted(maps.Keys(requestOrders)), "sequence")
	if err != nil {
		return nil, err
	}
	direction, err := r.oneOf("direction", []string{"asc", "desc"}, "desc")
	if err != nil {
		return nil, err
	}
	compare = func(a, b *recorder.Entry) int {
		return cmp.Or(requestOrders[order](a, b), cmp.Compare(a.Sequence, b.Sequence))
	}
	if ascending := compare; direction == "desc" {
		compare = func(a, b *recorder.Entry) int { return ascending(b, a) }
	}
	return compare, nil
}

// cut returns the records, oldest first, that arrived no later than the last one that is
// listed, and the figures of those that are kept and of those that were found.
func cut[R any](p listPart, kept, found []R, sequence func(R) uint64) ([]R, figures) {
	end, _ := slices.BinarySearchFunc(found, p.until, func(record R, until uint64) int {
		if sequence(record) <= until {
			return -1
		}
		return 1
	})
	meta := figures{Total: len(kept), Matched: end, Newer: len(found) - end}
	if len(kept) > 0 {
		meta.Newest = sequence(kept[len(kept)-1])
	}
	return found[:end], meta
}

// onPage returns the records that are listed of those in their order.
func onPage[R any](p listPart, records []R) []R {
	records = records[min(len(records), p.offset):]
	return records[:min(len(records), p.limit)]
}
