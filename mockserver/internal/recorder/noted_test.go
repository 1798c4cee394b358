package recorder

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/wire"
)

// What is noted of a request without a body is shown while it waits for its response.
func TestARequestThatWaitsShowsWhenItWasReceived(t *testing.T) {
	t.Parallel()
	r := New(1, 1<<20, func([]byte) {})
	e := NewEntry(httptest.NewRequest("GET", "/x", nil), time.Time{})
	r.Arrive(e)
	r.Note(e, Outcome{Received: time.Second})
	if got := r.Request(e); got.Timeline.Received != time.Second || !got.Pending {
		t.Errorf("received after %s, pending: %t", got.Timeline.Received, got.Pending)
	}
}

// What a response is compressed to belongs to those who send it: an entry does not hold it.
func TestAnEntryHoldsNoCompressedResponse(t *testing.T) {
	t.Parallel()
	r := New(1, 1<<20, func([]byte) {})
	e := NewEntry(httptest.NewRequest("GET", "/x", nil), time.Time{})
	r.Arrive(e)
	kept := &wire.Kept{Body: []byte("{}")}
	r.Complete(e, Outcome{Response: *kept.Response()})
	if got := e.Outcome().Response; got.Kept != nil || string(got.Body) != "{}" {
		t.Errorf("%+v", got)
	}
}
