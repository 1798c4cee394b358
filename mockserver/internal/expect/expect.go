// Package expect keeps verifications that failed, with what came nearest to them: for
// who looks at a server to find out why a test failed.
package expect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/limit"
)

// Where a verification comes from.
const (
	Count = "count" // of WireMock's clients: a count, and then the near misses
	Wait  = "wait"  // a call that has waited for requests
	Go    = "go"    // an assertion of a test in Go
)

// Expectation is a verification that failed.
type Expectation struct {
	ID         int             `json:"id"` // from 1, in the order in which they failed
	At         time.Time       `json:"at"` // by the clock of the machine
	Source     string          `json:"source"`
	Test       string          `json:"test,omitempty"`    // its name, in Go
	Pattern    json.RawMessage `json:"pattern,omitempty"` // a request pattern; nil if none says what was wanted
	Want       Want            `json:"want"`
	Matched    int             `json:"matched"`
	Verdict    string          `json:"verdict"` // failed or incomplete
	Message    string          `json:"message"`
	NearMisses []NearMiss      `json:"nearMisses"`
}

// Want is how many records were wanted: one of its members is there.
type Want struct {
	Exactly *int `json:"exactly,omitempty"`
	AtLeast *int `json:"atLeast,omitempty"`
}

// Summary returns what failed in one line without secrets: it has counts, the names of
// operations and fields, and no value that was wanted or received.
func (e *Expectation) Summary() string {
	wanted := "at least"
	count := e.Want.AtLeast
	if e.Want.Exactly != nil {
		wanted, count = "exactly", e.Want.Exactly
	}
	text := fmt.Sprintf("%s: %s, wanted %s %d, %d matched", cmp.Or(e.Test, e.Source), e.Verdict, wanted, *count, e.Matched)
	if len(e.NearMisses) == 0 {
		return text
	}
	var fields []string
	for _, d := range e.NearMisses[0].Differences {
		fields = append(fields, d.Field)
	}
	r := e.NearMisses[0].Request
	return fmt.Sprintf("%s; nearest is number %d, %s, which differs in %s", text, r.Sequence, cmp.Or(r.Operation, r.Method), strings.Join(fields, ", "))
}

// NearMiss is a request that came near, as it was then, and why it does not match.
type NearMiss struct {
	Request     Request      `json:"request"`
	Differences []Difference `json:"differences"`
}

// Request is a request in short.
type Request struct {
	ID        string `json:"id"`
	Sequence  uint64 `json:"sequence"`
	Method    string `json:"method"`
	Target    string `json:"target"`
	Operation string `json:"operation,omitempty"`
	Status    int    `json:"status"`
}

// Difference is a part of a request that does not match.
type Difference struct {
	Field   string `json:"field"` // in the words of a request pattern
	Want    string `json:"want"`
	Got     string `json:"got"`
	Details string `json:"details,omitempty"` // in lines, of a long text
}

// What a log keeps, and how much of one text.
const (
	MostKept      = 100
	mostBytes     = 1 << 20
	mostOfText    = 4 << 10
	mostOfMessage = 64 << 10
	overhead      = 512 // in bytes, of an expectation and of a difference
)

// Log keeps the latest expectations of a world. It is safe for concurrent use.
type Log struct {
	share *limit.Share // of the budget of all worlds

	mu      sync.Mutex
	kept    []Expectation // oldest first
	last    int           // the latest id
	bytes   int64
	changed chan struct{} // closed at the next change
}

// NewLog returns an empty log, which counts in a budget until Leave is called.
func NewLog(b *limit.Budget) *Log {
	l := &Log{changed: make(chan struct{})}
	l.share = b.Share(limit.Journal, l.evict)
	return l
}

// Leave gives back what the log takes of the budget.
func (l *Log) Leave() { l.share.Leave() }

// Add adds an expectation, with its long texts cut off, and returns its id. The oldest
// are evicted for it.
func (l *Log) Add(e Expectation) (id int) {
	e.At = time.Now().UTC()
	e.shorten()
	defer l.share.Balance()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	e.ID = l.last
	l.kept = append(l.kept, e)
	l.bytes += e.size()
	for len(l.kept) > MostKept || l.bytes > mostBytes && len(l.kept) > 1 {
		l.evictOldest()
	}
	l.share.Set(l.bytes)
	l.wake()
	return e.ID
}

// All returns the expectations, newest first.
func (l *Log) All() []Expectation {
	all := l.Since(0)
	slices.Reverse(all)
	return all
}

// Since returns the expectations behind an id, oldest first.
func (l *Log) Since(id int) []Expectation {
	l.mu.Lock()
	defer l.mu.Unlock()
	behind := []Expectation{}
	for _, e := range l.kept {
		if e.ID > id {
			behind = append(behind, e)
		}
	}
	return behind
}

// Clear removes all expectations. Their ids are not used again.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept, l.bytes = nil, 0
	l.share.Set(0)
	l.wake()
}

// Next returns a channel that is closed at the next change.
func (l *Log) Next() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

func (l *Log) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// evict evicts the oldest expectations until so many bytes are free.
func (l *Log) evict(bytes int64, keepNewest bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	least := 0
	if keepNewest {
		least = 1
	}
	for end := l.bytes - bytes; l.bytes > end && len(l.kept) > least; {
		l.evictOldest()
	}
	l.share.Set(l.bytes)
}

func (l *Log) evictOldest() {
	l.bytes -= l.kept[0].size()
	l.kept = slices.Delete(l.kept, 0, 1)
}

// shorten cuts long texts off. A pattern that is long is left out: a part of it would be
// another one.
func (e *Expectation) shorten() {
	e.Message = shortened(e.Message, mostOfMessage)
	if len(e.Pattern) > mostOfMessage {
		e.Pattern = nil
	}
	for i := range e.NearMisses {
		miss := &e.NearMisses[i]
		miss.Request.Target = shortened(miss.Request.Target, mostOfText)
		for j := range miss.Differences {
			d := &miss.Differences[j]
			d.Field, d.Want, d.Got, d.Details = shortened(d.Field, mostOfText), shortened(d.Want, mostOfText), shortened(d.Got, mostOfText), shortened(d.Details, mostOfText)
		}
	}
}

// shortened returns a copy of a text, so that no longer one stays in memory.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(strings.Clone(text[:most]), "") + "..."
}

func (e *Expectation) size() int64 {
	n := overhead + len(e.Test) + len(e.Pattern) + len(e.Message)
	for _, miss := range e.NearMisses {
		n += overhead + len(miss.Request.Target) + len(miss.Request.Method)
		for _, d := range miss.Differences {
			n += overhead + len(d.Field) + len(d.Want) + len(d.Got) + len(d.Details)
		}
	}
	return int64(n)
}
