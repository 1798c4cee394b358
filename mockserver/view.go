package mockserver

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"github.com/losantmock/losantmock/mockserver/internal/admin/page"
	"github.com/losantmock/losantmock/mockserver/journal"
	"github.com/losantmock/losantmock/scenarios"
)

// NewViewer makes a server that shows the requests of a journal file, as [journal.Read]
// returns them: its page and its admin API read them, with their secrets. It has no
// world: a request to the API, and a call of the admin API that would change something,
// is refused with 409. The name of the file is for people.
func NewViewer(file string, requests []journal.Request) (*Server, error) {
	if file == "" {
		return nil, errors.New("mockserver: the file whose requests are shown has no name")
	}
	s, err := New(WithWorld(&scenarios.Scenario{}))
	if err != nil {
		return nil, err
	}
	var operations []string // which may be of another definition
	for i := range requests {
		if requests[i].Operation != "" {
			operations = append(operations, requests[i].Operation)
		}
	}
	slices.Sort(operations)
	s.readOnly = true
	s.admin.ReadOnly(file, slices.Compact(operations))
	s.worlds.Main.Era().Restore(byArrival(requests))
	return s, nil
}

// DefaultReportBytes is how many bytes of requests a report has by default.
const DefaultReportBytes = 32 << 20

// WriteReport writes requests, such as those of [journal.Read], as one HTML file: the
// page of the admin API, which shows them in a browser without a server or a network.
// Their secrets are replaced, as [journal.Export] does, and payloads of triggers are not
// in it. The newest requests are in the file that take at most maxBytes of JSON; left is
// how many older ones are not, which the file says too. The name is that of the
// journal file, for people.
func WriteReport(w io.Writer, name string, requests []journal.Request, maxBytes int64) (left int, err error) {
	return page.WriteReport(w, name, byArrival(requests), maxBytes)
}

// byArrival returns a copy of requests in the order of their arrival, which is not that
// of the lines of a file. Where some have the same sequence, since a file has those of
// several worlds or runs, their times decide, and they are numbered anew.
func byArrival(requests []journal.Request) []journal.Request {
	sorted := slices.SortedStableFunc(slices.Values(requests), func(a, b journal.Request) int { return cmp.Compare(a.Sequence, b.Sequence) })
	rises := true
	for i := range sorted {
		rises = rises && sorted[i].Sequence > 0 && (i == 0 || sorted[i].Sequence > sorted[i-1].Sequence)
	}
	if rises {
		return sorted
	}
	slices.SortStableFunc(sorted, func(a, b journal.Request) int { return a.Time.Compare(b.Time) })
	for i := range sorted {
		sorted[i].Sequence = uint64(i + 1)
	}
	return sorted
}
