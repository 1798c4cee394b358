//go:build promises

package generic_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// A list of 100 among 100,000 items takes at most twice as long as among 1,000, in any
// order.
func TestALargeCollectionIsListedAsQuickly(t *testing.T) {
	filled := func(count int) *mockserver.Server {
		srv, err := mockserver.New(mockserver.WithDefinition(railway), mockserver.WithJournalLimits(10, 1<<20))
		if err != nil {
			t.Fatal(err)
		}
		for i := range count {
			body := fmt.Sprintf(`{"name":"line %d","distance":{"total":%d}}`, i*7919%count, i*104729%count)
			if w := mocktest.Serve(srv, http.MethodPost, linesPath, body); w.Code != http.StatusCreated {
				t.Fatal(w.Body)
			}
		}
		return srv
	}
	small, large := filled(1_000), filled(100_000)
	for _, query := range []string{"", "sortField=distance.total&sortDirection=desc", "sortField=creationDate&page=3"} {
		once := func(srv *mockserver.Server) time.Duration {
			began := time.Now()
			if w := mocktest.Serve(srv, http.MethodGet, linesPath+"?perPage=100&"+query, ""); w.Code != http.StatusOK {
				t.Fatal(w.Body)
			}
			return time.Since(began)
		}
		once(small)
		once(large) // which sorts by the field
		var took [2][]time.Duration
		for range 500 { // interleaved, as the machine may be busy
			took[0], took[1] = append(took[0], once(small)), append(took[1], once(large))
		}
		slices.Sort(took[0])
		slices.Sort(took[1])
		few, many := took[0][250], took[1][250]
		t.Attr("L7", fmt.Sprintf("%q: %s among 1,000, %s among 100,000", query, few, many))
		if many > 2*few {
			t.Errorf("%q: %s among 1,000 and %s among 100,000", query, few, many)
		}
	}
}

// Operations of ours lose at most a tenth where a definition is served beside them.
func BenchmarkOwnOperations(b *testing.B) {
	for name, options := range map[string][]mockserver.Option{"alone": nil, "definition": {mockserver.WithDefinition(railway)}} {
		srv, err := mockserver.New(options...)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mocktest.Serve(srv, http.MethodGet, mocktest.WebhookPath, "")
			}
		})
	}
}
