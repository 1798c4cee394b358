//go:build promises

package mockserver

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/losantmock/losantmock/mockserver/internal/state"
	"github.com/losantmock/losantmock/scenarios"
)

// seeded makes a server with so many webhooks in one application.
func seeded(tb testing.TB, n int) *Server {
	tb.Helper()
	s, err := New(WithWorld(&scenarios.Scenario{IDs: scenarios.IDs{Seed: new(uint64(1))}, Applications: []scenarios.Application{{
		ID: "575ec8687ae143cd83dc4a97", Name: "a", Generate: []scenarios.Generate{{Count: n, Webhook: scenarios.Webhook{Name: "Device {{n}}"}}},
	}}}))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// quickest gives the least time that a request takes, of several: the machine
// may be busy with something else.
func quickest(t testing.TB, s *Server, query string, times int) time.Duration {
	t.Helper()
	best := time.Hour
	a := s.base.Era().State.Store.Application(state.ParseID("575ec8687ae143cd83dc4a97"))
	for range times {
		a.Changes.Add(1) // so that no list is remembered
		began := time.Now()
		w := request(s, "GET", "/applications/575ec8687ae143cd83dc4a97/webhooks?"+query, "")
		best = min(best, time.Since(began))
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	return best
}

// once asks for something to hold once in several tries: the machine may be busy
// with something else for a while.
func once(t *testing.T, try func() (bool, string)) {
	t.Helper()
	const tries = 10
	for i := 1; ; i++ {
		held, what := try()
		if held {
			t.Log(what)
			return
		}
		if i == tries {
			t.Errorf("not once in %d tries: %s", tries, what)
			return
		}
	}
}

// A page of a million webhooks costs what one of a thousand costs, at any
// place and in any order; filters of a hundred thousand are quick.
func TestListsOfLargeWorlds(t *testing.T) {
	before := heap()
	s := seeded(t, 1_000_000)
	each := int64(heap()-before) / 1_000_000
	const ownTexts = 16 + 24 + 40 // name, id and token
	t.Attr("F2", fmt.Sprintf("%d bytes a webhook beside its texts; every page and filter within its time", each-ownTexts))
	if each-ownTexts > 700 {
		t.Errorf("%d bytes a seeded webhook", each)
	}
	thousand := seeded(t, 1000)
	for _, field := range []string{"name", "id", "creationDate", "lastUpdated"} {
		for _, query := range []string{"page=0", "page=9000", "page=0&sortDirection=desc", "page=9000&sortDirection=desc"} {
			once(t, func() (bool, string) {
				// Side by side, so that both find the memory in the same state.
				small := quickest(t, thousand, "perPage=100", 30)
				took := quickest(t, s, "perPage=100&sortField="+field+"&"+query, 30)
				return took <= 2*small+50*time.Microsecond, fmt.Sprintf("%s %s: %s, and %s of a thousand", field, query, took, small)
			})
		}
	}
	runtime.KeepAlive(s)
	s = seeded(t, 100_000)
	for query, most := range map[string]time.Duration{
		"filter=*7*7*":          30 * time.Millisecond,
		"filter=*99999":         30 * time.Millisecond,
		"filter=device+1*":      30 * time.Millisecond, // a ninth of all
		"filter=device+9999*":   0,                     // as cheap as a page
		"filter=DEVICE+5555?":   0,
		"filter=device+123*5&x": 0,
	} {
		once(t, func() (bool, string) {
			page := quickest(t, s, "perPage=100", 20)
			took := quickest(t, s, "perPage=100&filterField=name&"+query, 20)
			return took <= max(most, 2*page), fmt.Sprintf("%s: %s, and a page %s", query, took, page)
		})
	}
}

// Writers don't stop readers: the 99th percentile of a list of 100 with a
// writer beside it stays near what it is without.
func TestReadersBesideAWriter(t *testing.T) {
	s := seeded(t, 100_000)
	const reads = 3000
	p99 := func() time.Duration {
		took := make([]time.Duration, reads)
		for i := range took {
			began := time.Now()
			request(s, "GET", fmt.Sprintf("/applications/575ec8687ae143cd83dc4a97/webhooks?perPage=100&page=%d", i%1000), "")
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		return took[reads*99/100]
	}
	p99() // renders what is asked for
	alone := min(p99(), p99())
	stop, written := make(chan bool), make(chan int)
	go func() {
		n := 0
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				written <- n
				return
			case <-ticker.C: // 5,000 a second
				for range 5 {
					request(s, "POST", "/applications/575ec8687ae143cd83dc4a97/webhooks", `{"name":"new"}`)
					n++
				}
			}
		}
	}()
	began := time.Now()
	once(t, func() (bool, string) {
		beside := p99()
		return beside <= 3*alone, fmt.Sprintf("p99 of a list of 100: %s alone, %s beside a writer", alone, beside)
	})
	took := time.Since(began)
	close(stop)
	t.Attr("F3", fmt.Sprintf("within it beside %.0f creates a second", float64(<-written)/took.Seconds()))
}

// fill records so many small requests, every thousandth a create.
func fill(tb testing.TB, n int) *Server {
	tb.Helper()
	srv, err := New(WithJournalLimits(n, 1<<40))
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		if i%1000 == 0 {
			request(srv, "POST", "/applications/575ec8687ae143cd83dc4a97/webhooks", fmt.Sprintf(`{"name":"Door %d"}`, i))
		} else {
			request(srv, "GET", "/applications/575ec8687ae143cd83dc4a97/webhooks/575ed78e7ae143cd83dc4aab?_actions=false&_links=false", "")
		}
	}
	return srv
}

const findCreated = `{"operation":"webhooks.post","bodyPatterns":[{"equalToJson":{"name":"Door 5000"}}]}`

func TestFindingIsQuick(t *testing.T) {
	srv := fill(t, 100_000)
	best := time.Hour
	for range 5 { // the machine may be busy with something else
		began := time.Now()
		answer := request(srv, "POST", "/__admin/requests/find", findCreated).Body.String()
		best = min(best, time.Since(began))
		if strings.Count(answer, `"url"`) != 1 {
			t.Fatalf("found %s", answer)
		}
	}
	t.Logf("one of 100,000 entries is found in %s", best)
	if best > 100*time.Millisecond {
		t.Errorf("takes %s", best)
	}
}

func BenchmarkFind(b *testing.B) {
	srv := fill(b, 100_000)
	for b.Loop() {
		request(srv, "POST", "/__admin/requests/find", findCreated)
	}
}

// BenchmarkRecordedRequest tells what a recorded request costs in memory.
func BenchmarkRecordedRequest(b *testing.B) {
	for b.Loop() {
		const n = 100_000
		before := heap()
		srv := fill(b, n)
		b.ReportMetric(float64(heap()-before)/n, "B/request")
		runtime.KeepAlive(srv)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // which frees what finalizers held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// 1,000 sandboxes of the default scenario cost at most 64 KB each.
func TestWhatASandboxCosts(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const n = 1000
	before := heap()
	for i := range n {
		if _, err := s.Sandbox(fmt.Sprintf("s%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	each := (int64(heap()) - int64(before)) / n
	t.Logf("%d bytes a sandbox", each)
	if each > 64<<10 || each < 100 {
		t.Errorf("%d bytes a sandbox", each)
	}
	runtime.KeepAlive(s)
}
