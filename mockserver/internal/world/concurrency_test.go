package world_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/losantmock/losantmock/mockserver"
	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
	"github.com/losantmock/losantmock/scenarios"
)

// Clients that change one application at once must see lists that are whole:
// in order, without repetition, counted right.
func TestListsAreWholeWhileTheyChange(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithScenario("paging"))
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for n := range 4 {
		writers.Go(func() {
			for i := range 25 {
				id := mocktest.Create(t, srv, fmt.Sprintf(`{"name":"writer %d %d"}`, n, i))
				mocktest.Send(t, srv.URL, "PATCH "+mocktest.WebhooksPath+"/"+id, fmt.Sprintf(`{"name":"again %d %d"}`, n, i), mocktest.SendsJSON)
				mocktest.Send(t, srv.URL, "DELETE "+mocktest.WebhooksPath+"/"+id, "")
			}
		})
	}
	for _, query := range []string{"perPage=1000", "perPage=1000&filterField=name&filter=*", "perPage=1000&sortField=lastUpdated&sortDirection=desc"} {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				l := mocktest.ListWebhooks(t, srv, query)
				seen := map[string]bool{}
				for _, item := range l.Items {
					seen[item.ID] = true
				}
				if l.TotalCount != len(l.Items) || l.Count != len(l.Items) || len(seen) != len(l.Items) || len(l.Items) < 250 {
					t.Errorf("%s: total %d, count %d, %d items, %d different", query, l.TotalCount, l.Count, len(l.Items), len(seen))
				}
				if got := l.Names(); query == "perPage=1000" && !slices.IsSorted(got) {
					t.Errorf("%s is out of order", query)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	t.Attr("C2", "three kinds of lists whole beside four writers")
	if l := mocktest.ListWebhooks(t, srv, "perPage=1000"); l.TotalCount != 250 {
		t.Errorf("%d are left", l.TotalCount)
	}
}

func TestResetsAmongRequests(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for range 20 {
				mocktest.Create(t, srv, `{"name":"x"}`)
				srv.Reset()
				srv.AddWebhook(scenarios.Webhook{Name: "y"})
				srv.Token("webhook.get")
			}
		})
	}
	clients.Wait()
	srv.Reset()
	if l := mocktest.ListWebhooks(t, srv, ""); l.TotalCount != 1 {
		t.Errorf("%d webhooks after a reset", l.TotalCount)
	}
}

func TestMain(m *testing.M) { mocktest.Main(m) }
