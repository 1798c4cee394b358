package mockserver

import (
	"strings"
	"time"
)

// Requests is a question to the journal: which requests the server received.
// Each method narrows it; nothing is looked up until it is answered by All,
// First or Count.
type Requests struct {
	world  *world
	filter filter
}

// Requests asks for the requests received since the last reset.
func (s *Server) Requests() Requests { return Requests{world: s.world()} }

// Operation asks for requests of an operation, such as "webhooks.post".
func (q Requests) Operation(name string) Requests {
	q.filter.operation = name
	return q
}

// Method asks for requests with a method, such as "POST".
func (q Requests) Method(method string) Requests {
	q.filter.method = strings.ToUpper(method)
	return q
}

// Status asks for requests answered with a status.
func (q Requests) Status(status int) Requests {
	q.filter.status = status
	return q
}

// Since asks for requests that arrived at a time of the world's clock or
// later.
func (q Requests) Since(t time.Time) Requests {
	q.filter.since = t
	return q
}

// All gives the requests, oldest first.
func (q Requests) All() []Request {
	var all []Request
	entries, _ := q.world.journal.snapshot()
	for _, e := range entries {
		if q.filter.matches(e) {
			all = append(all, q.world.journal.request(e, q.world.routes))
		}
	}
	return all
}

// First gives the oldest of the requests; false where there is none.
func (q Requests) First() (Request, bool) {
	entries, _ := q.world.journal.snapshot()
	for _, e := range entries {
		if q.filter.matches(e) {
			return q.world.journal.request(e, q.world.routes), true
		}
	}
	return Request{}, false
}

// Count tells how many requests there are.
func (q Requests) Count() int {
	n := 0
	entries, _ := q.world.journal.snapshot()
	for _, e := range entries {
		if q.filter.matches(e) {
			n++
		}
	}
	return n
}

// Evicted tells how many requests the journal had to let go of. Unless it is
// 0, what is not found may have been there.
func (q Requests) Evicted() uint64 {
	_, evicted := q.world.journal.snapshot()
	return evicted
}
