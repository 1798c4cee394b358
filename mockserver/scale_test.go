package mockserver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// request sends a request through the handler, without a socket.
func request(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer any")
	r.Header.Set("Content-Type", "application/json")
	r.Host = "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// 32 clients ask for their own request as soon as they have its answer. They
// go in rounds: looking through a journal of all of them would take long.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	const clients, each = 32, 25
	rounds := 100_000 / (clients * each)
	if testing.Short() || RaceEnabled {
		rounds = 4
	}
	srv, err := New(WithScenario("empty"))
	if err != nil {
		t.Fatal(err)
	}
	var found atomic.Int64
	for range rounds {
		var all sync.WaitGroup
		for n := range clients {
			all.Go(func() {
				for i := range each {
					path := fmt.Sprintf("/client/%d/%d", n, i)
					request(srv, "GET", path, "")
					if srv.Requests().Path(path).Status(405).Count() == 1 {
						found.Add(1)
					}
				}
			})
		}
		all.Wait()
		if err := srv.Reset(); err != nil {
			t.Fatal(err)
		}
	}
	t.Attr("L7", fmt.Sprintf("%d of %d", found.Load(), rounds*clients*each))
	if got := int(found.Load()); got != rounds*clients*each {
		t.Errorf("%d are missing", rounds*clients*each-got)
	}
}

func TestEvictionIsExact(t *testing.T) {
	t.Parallel()
	const total, kept = 200_000, 10_000
	srv, err := New(WithJournalLimits(kept, 1<<40))
	if err != nil {
		t.Fatal(err)
	}
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for range total / 4 {
				request(srv, "GET", "/x", "")
			}
		})
	}
	clients.Wait()
	entries, evicted := srv.world().journal.snapshot()
	if len(entries) != kept || evicted != total-kept || srv.world().journal.total != total {
		t.Errorf("total %d, kept %d, evicted %d", srv.world().journal.total, len(entries), evicted)
	}
	answer := request(srv, "POST", "/__admin/requests/count", `{"urlPath":"/y"}`).Body.String()
	if !strings.Contains(answer, `"incomplete": true`) || !strings.Contains(answer, `"evicted": 190000`) {
		t.Errorf("asked for what may have been evicted: %s", answer)
	}
	t.Attr("L4", fmt.Sprintf("%d requests, %d kept, %d let go", srv.world().journal.total, len(entries), evicted))
	var bytes int64
	for _, e := range entries {
		bytes += e.size()
	}
	if bytes != srv.world().journal.bytes {
		t.Errorf("counts %d bytes, holds %d", srv.world().journal.bytes, bytes)
	}
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
	if testing.Short() || RaceEnabled {
		t.Skip("skipped: times mean nothing here")
	}
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
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
