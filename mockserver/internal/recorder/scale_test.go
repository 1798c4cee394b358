package recorder_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/losantmock/losantmock/cmd/lab/size"
	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

// 32 clients look for their own request as soon as they have its response. They
// go in rounds: looking through a journal of all of them would take long.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	const clients, each = 32, 25
	rounds := size.Of(2, 20, 1250)
	srv, err := mockserver.New(mockserver.WithScenario("empty"))
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
					mocktest.Serve(srv, "GET", path, "")
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
	kept := size.Of(500, 10_000, 10_000)
	total := 20 * kept
	srv, err := mockserver.New(mockserver.WithJournalLimits(kept, 1<<40))
	if err != nil {
		t.Fatal(err)
	}
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for range total / 4 {
				mocktest.Serve(srv, "GET", "/x", "")
			}
		})
	}
	clients.Wait()
	found, evicted := srv.Requests().Count(), srv.Requests().Evicted()
	if found != kept || evicted != uint64(total-kept) {
		t.Errorf("of %d: kept %d, evicted %d", total, found, evicted)
	}
	answer := mocktest.Serve(srv, "POST", "/__admin/requests/count", `{"urlPath":"/y"}`).Body.String()
	if !strings.Contains(answer, `"incomplete": true`) || !strings.Contains(answer, fmt.Sprintf(`"evicted": %d`, total-kept)) {
		t.Errorf("asked for what may have been evicted: %s", answer)
	}
	t.Attr("L4", fmt.Sprintf("%d requests, %d kept, %d evicted", total, found, evicted))
}

func TestMain(m *testing.M) { mocktest.Main(m) }
