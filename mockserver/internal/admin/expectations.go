package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/losantmock/losantmock/mockserver/internal/expect"
	"github.com/losantmock/losantmock/mockserver/internal/match"
	"github.com/losantmock/losantmock/mockserver/internal/recorder"
)

// ExpectationLink returns the URL of an expectation on the page of a world, whose own
// URL is the base.
func ExpectationLink(base string, id int) string {
	return base + root + "/#/expectations/" + strconv.Itoa(id)
}

func (a *Admin) listExpectations(r *request) (any, error) {
	return map[string]any{"expectations": r.world.Expectations.All()}, nil
}

func (a *Admin) getExpectation(r *request) (any, error) {
	name := r.param("id")
	for _, e := range r.world.Expectations.All() {
		if strconv.Itoa(e.ID) == name {
			return e, nil
		}
	}
	return nil, failure(http.StatusNotFound, "", fmt.Sprintf("no expectation has the id %s: the latest %d are kept until the next reset", name, expect.MostKept))
}

// verification is a question to the requests that wants a number of them.
type verification struct {
	source  string
	pattern json.RawMessage
	want    match.Range
	found   requestsFound
	nearest []match.NearMiss[*recorder.Entry]
}

// keep keeps a verification that failed, and returns the message of its failure, which
// ends with its link.
func (v verification) keep(r *request, rec *recorder.Recorder, verdict match.Verdict) (message, link string) {
	message = fmt.Sprintf("want %s request(s) that match, got %d", v.want, len(v.found.Records))
	if verdict == match.Incomplete {
		message += "; incomplete: " + v.found.Reason("request")
	}
	itself := func(e *recorder.Entry) *recorder.Entry { return e }
	id := r.world.Expectations.Add(expect.Expectation{
		Source: v.source, Pattern: v.pattern, Want: v.want.Wanted(), Matched: len(v.found.Records),
		Verdict: string(verdict), Message: message, NearMisses: match.Misses(rec, v.nearest, itself),
	})
	link = ExpectationLink(r.baseURL(rec), id)
	return message + "\n" + link, link
}

// baseURL returns the URL of the world of a call, as its client reaches it.
func (r *request) baseURL(rec *recorder.Recorder) string {
	return r.scheme() + "://" + r.Host + rec.BasePath
}

func (r *request) scheme() string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// keepFailedCount keeps what a client of WireMock asks after a verification by count has
// failed: the near misses of a pattern that nothing matches. The page asks for them
// too, while somebody edits a pattern: it is in a browser, which says so.
func keepFailedCount(ctx context.Context, r *request, rec *recorder.Recorder, found requestsFound, pattern json.RawMessage, nearest []match.NearMiss[*recorder.Entry]) {
	if len(found.Records) > 0 || r.Header.Get("Sec-Fetch-Site") != "" || ctx.Err() != nil {
		return
	}
	want := match.AtLeast(1)
	verification{expect.Count, pattern, want, found, nearest}.keep(r, rec, found.Verdict(want))
}
