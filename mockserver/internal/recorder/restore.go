package recorder

import (
	"math"
	"slices"
	"strings"
	"unique"

	"github.com/losantmock/losantmock/contract"
	"github.com/losantmock/losantmock/mockserver/internal/wire"
	"github.com/losantmock/losantmock/mockserver/journal"
)

// restored are the requests of a journal that was read from a file, in the form that
// they have there: an entry can't hold all of it, such as a trigger's payload. They
// never change.
type restored struct {
	requests  map[uint64]journal.Request // by sequence
	sequences map[string]uint64          // by id
}

// Restore returns a journal without limits that has requests of a file, whose
// sequences rise. Each keeps its id, unless another has the same or it is no UUID. The
// operations are found by their names, and need not be known.
func Restore(requests []journal.Request, operation func(name string) *contract.Operation, draw func([]byte)) *Recorder {
	r := New(math.MaxInt, math.MaxInt64, draw)
	kept := &restored{map[uint64]journal.Request{}, map[string]uint64{}}
	for _, q := range requests {
		id := strings.ToLower(q.ID)
		_, isUUID := ParseUUID(id)
		if _, taken := kept.sequences[id]; taken || !isUUID {
			id = r.ID(q.Sequence)
		}
		q.ID = id
		e := entryOf(&q, operation)
		r.total = q.Sequence - 1
		r.Arrive(e)
		r.Complete(e, outcomeOf(&q))
		kept.requests[q.Sequence], kept.sequences[id] = q, q.Sequence
	}
	r.restored = kept
	return r
}

// IsRestored reports whether the requests are those of a file.
func (r *Recorder) IsRestored() bool { return r.restored != nil }

// entryOf returns the entry by which a request of a file is found.
func entryOf(q *journal.Request, operation func(name string) *contract.Operation) *Entry {
	e := &Entry{
		At: q.Time, Target: q.Target, Remote: q.RemoteAddr, Prefixed: q.BasePath != "",
		head:     unique.Make(head{q.Method, q.Proto, q.Host, packHeader(q.Header), q.Scheme == "https"}),
		MaxBody:  max(wire.DefaultMaxBodySize, int64(len(q.Body))),
		Identity: Identity{Token: q.Token, Scopes: q.Scopes, ApplicationID: q.PathParams["applicationId"], WebhookID: q.PathParams["webhookId"]},
	}
	switch op := operation(q.Operation); {
	case q.Operation == contract.OperationTrigger:
		e.Operation, e.WebhookToken = TriggerOperation, q.PathParams["token"]
	case op != nil:
		e.Operation = op
	case q.Operation != "":
		e.Operation = &contract.Operation{Name: q.Operation}
	}
	if q.Trigger != nil {
		payload := q.Trigger.Payload
		e.WebhookName, e.WebhookID = q.Trigger.WebhookName, payload.TriggerID
		e.ApplicationID, e.ApplicationName = payload.ApplicationID, payload.ApplicationName
	}
	return e
}

func outcomeOf(q *journal.Request) Outcome {
	response := wire.Response{Status: q.Status, Body: q.ResponseBody, Violation: q.Violation, Fields: []wire.Header{}, Chunked: true}
	for name, values := range q.ResponseHeader {
		response.Fields = append(response.Fields, wire.Header{Name: name, Values: slices.Clone(values)})
	}
	return Outcome{
		Body: q.SentBody(), Aborted: q.Aborted, Fault: q.Fault, Response: response, Panic: q.Panic,
		Took: q.Duration, Received: q.Timeline.Received, Hint: q.Hint,
	}
}
