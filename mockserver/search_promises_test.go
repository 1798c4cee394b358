//go:build promises

package mockserver

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// A text is searched in 100,000 requests, with their bodies and headers, while somebody
// types it.
func TestSearchingALargeJournal(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const kept, most = 100_000, 500 * time.Millisecond
	for n := range kept {
		body := fmt.Sprintf(`{"name":"Door %d","responseCode":200,"replyTimeout":10,"castBuffersAs":"base64","verificationType":"none"}`, n)
		request(s, "PUT", "/applications/575ec8687ae143cd83dc4a97/webhooks/door?who=Ann&number="+fmt.Sprint(n%100), body)
	}
	slowest := time.Duration(0)
	for query, matched := range map[string]int{
		"q=door+99999%22":          1,
		"q=no+such+text":           0,
		"q=eeee":                   0,
		"q=%C3%A9":                 0,
		"q=WHO%3Dann&errors=false": kept,
		"status=4xx,5xx&q=door":    kept,
		"status=2xx":               0,
		"q=door&sort=target&direction=asc&upTo=50000": 50_000,
		"errors=true": kept,
	} {
		once(t, func() (bool, string) {
			began := time.Now()
			w := request(s, "GET", "/__admin/requests?summary=true&limit=100&"+query, "")
			took := time.Since(began)
			var list struct{ Meta struct{ Total, Matched int } }
			if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || list.Meta.Matched != matched || list.Meta.Total != kept {
				t.Fatalf("%s: %+v, %v", query, list, err)
			}
			if took <= most {
				slowest = max(slowest, took)
			}
			return took <= most, fmt.Sprintf("%s: %s", query, took)
		})
	}
	t.Attr("P2", fmt.Sprintf("at most %d ms", slowest.Milliseconds()))
}
