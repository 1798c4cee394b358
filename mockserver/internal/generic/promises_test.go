//go:build promises

package generic_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
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
			body := fmt.Sprintf(`{"name":"line %d","kind":"tram","distance":{"total":%d}}`, i*7919%count, i*104729%count)
			if w := mocktest.Serve(srv, http.MethodPost, linesPath, body); w.Code != http.StatusCreated {
				t.Fatal(w.Body)
			}
		}
		return srv
	}
	small, large := filled(1_000), filled(100_000)
	for _, query := range []string{"", "sortField=distance.total&sortDirection=desc", "sortField=creationDate&page=3", "kind=tram&sortField=name"} {
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
		t.Attr("W1", fmt.Sprintf("%q: %s among 1,000, %s among 100,000", query, few, many))
		if many > 2*few {
			t.Errorf("%q: %s among 1,000 and %s among 100,000", query, few, many)
		}
	}
}

// A pattern makes 20,000 devices of the whole API within a second, and a reset makes
// 100,000 within two. A list of 250,000 rows is added within ten.
func TestManyItemsAreMadeQuickly(t *testing.T) {
	if _, err := os.Stat(losantRest); err != nil {
		t.Skip("losant-rest is missing")
	}
	const table = "681000000000000000000009"
	devices := func(count int) *mockserver.Server {
		pattern := scenarios.Item{Count: count, Value: map[string]any{
			"name": "Device {{n}}", "deviceClass": "standalone", "tags": []any{map[string]any{"key": "number", "value": "{{n}}"}},
			"attributes": []any{map[string]any{"name": "temperature", "dataType": "number"}},
		}}
		srv, err := mockserver.New(mockserver.WithDefinition(losantRest), mockserver.WithMaxBodySize(8<<20), mockserver.WithWorld(&scenarios.Scenario{
			Applications: []scenarios.Application{{ID: mocktest.ApplicationID, Name: "a", Resources: scenarios.Resources{
				"devices": {pattern}, "dataTables": {{Value: map[string]any{"id": table, "name": "t"}}},
			}}},
		}))
		if err != nil {
			t.Fatal(err)
		}
		return srv
	}
	within := func(what string, most time.Duration, do func()) {
		began := time.Now()
		do()
		took := time.Since(began)
		t.Attr("W3", fmt.Sprintf("%s: %s", what, took))
		if took > most {
			t.Errorf("%s: %s, want at most %s", what, took, most)
		}
	}
	within("20,000 devices", time.Second, func() { devices(20_000) })
	srv := devices(100_000)
	within("a reset of 100,000 devices", 2*time.Second, func() {
		if err := srv.Reset(); err != nil {
			t.Fatal(err)
		}
	})
	within("250,000 rows", 10*time.Second, func() {
		rows := "[" + strings.Repeat("{},", 249_999) + "{}]"
		if w := mocktest.Serve(srv, http.MethodPost, "/applications/"+mocktest.ApplicationID+"/data-tables/"+table+"/rows", rows); w.Code != http.StatusCreated {
			t.Fatal(w.Body)
		}
	})
}

// Operations of ours take at most a tenth longer where the whole API is served beside
// them.
func TestOwnOperationsLoseNothingByADefinition(t *testing.T) {
	if _, err := os.Stat(losantRest); err != nil {
		t.Skip("losant-rest is missing")
	}
	var servers [2]*mockserver.Server
	for i, options := range [][]mockserver.Option{nil, {mockserver.WithDefinition(losantRest)}} {
		srv, err := mockserver.New(append(options, mockserver.WithJournalLimits(100, 1<<20))...)
		if err != nil {
			t.Fatal(err)
		}
		servers[i] = srv
	}
	for _, request := range [][3]string{
		{http.MethodGet, mocktest.WebhookPath, ""},
		{http.MethodGet, mocktest.WebhooksPath, ""},
		{http.MethodPatch, mocktest.WebhookPath, `{"description":"d"}`},
	} {
		var took [2][]time.Duration
		for range 200 { // interleaved, as the machine may be busy
			for i, srv := range servers {
				began := time.Now()
				for range 50 {
					mocktest.Serve(srv, request[0], request[1], request[2])
				}
				took[i] = append(took[i], time.Since(began)/50)
			}
		}
		slices.Sort(took[0])
		slices.Sort(took[1])
		alone, beside := took[0][100], took[1][100]
		t.Attr("W2", fmt.Sprintf("%s %s: %s alone, %s with a definition", request[0], request[1], alone, beside))
		if beside > alone*11/10 {
			t.Errorf("%s %s: %s alone, and %s with a definition", request[0], request[1], alone, beside)
		}
	}
}
